"""The tree in memory: after any changes the same as one that is built node by node."""

import os
import random

import numpy as np
import pytest

from shareback.audit.account_heap import AccountHeap
from shareback.kernels.sums import ACCOUNT_COLUMNS, account_nodes, node_of, to_bytes
from shareback.proofs.sum_tree import NOBODY, Node, empty, joined

KEY = os.urandom(32)


def root_of(leaves: dict[int, Node], height: int) -> Node:
    """The root over leaves in their places."""
    nodes = [leaves.get(place, NOBODY) for place in range(1 << height)]
    while len(nodes) > 1:
        nodes = [joined(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
    return nodes[0]


@pytest.mark.parametrize("height", [4, 5, 7])
def test_is_the_tree_that_is_built_node_by_node(height: int) -> None:
    draw = random.Random(height)
    tree = AccountHeap(height)
    assert node_of(to_bytes(tree.top)) == empty(height)
    leaves: dict[int, Node] = {}
    for _turn in range(12):
        places = draw.sample(range(1 << height), draw.randrange(1, 12))
        table = np.array(
            [[1, place + 1, *(draw.randrange(10**12) for _ in range(8))] for place in places]
        ).reshape(-1, ACCOUNT_COLUMNS)
        nodes = account_nodes(KEY, table)
        tree.put(np.array(places), nodes)
        leaves |= dict(zip(places, (node_of(to_bytes(node[None])) for node in nodes), strict=True))
        assert node_of(to_bytes(tree.top)) == root_of(leaves, height)
        assert np.array_equal(tree.leaves(np.array(places)), nodes)


def test_stays_as_it_is_where_nobody_has_changed() -> None:
    tree = AccountHeap(4)
    tree.put(np.array([3]), account_nodes(KEY, np.arange(1, 11).reshape(1, -1)))
    before = tree.top.copy()
    tree.put(np.zeros(0, np.int64), tree.nodes[:0])
    assert np.array_equal(tree.top, before)
