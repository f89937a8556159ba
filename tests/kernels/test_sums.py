"""The compiled tree of accounts gives the same bits as the plain functions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shareback.kernels.sums import (
    NODE_WORDS,
    SumsTooLarge,
    account_nodes,
    empty_nodes,
    from_bytes,
    join,
    node_of,
    places_of,
    to_bytes,
)
from shareback.proofs.commitment import drawn
from shareback.proofs.paths import ProofWrong
from shareback.proofs.places import ACCOUNT_LABEL, account_number, places
from shareback.proofs.sum_tree import (
    NO_SUMS,
    NOBODY,
    SUM_MAX,
    WEIGHTED_MAX,
    Account,
    AccountKind,
    Node,
    Sums,
    empty,
    joined,
)

KEY = bytes(range(50, 82))
edges = st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**32, SUM_MAX - 1, SUM_MAX])
values = edges | st.integers(0, SUM_MAX)
rows = st.tuples(st.sampled_from(AccountKind), st.integers(1, 2**32 - 1), *[values] * 8)
halves = st.sampled_from([0, 1, 2**32 - 1, 2**32, 2**62, SUM_MAX]) | st.integers(0, SUM_MAX)
wide = st.sampled_from([0, 2**64 - 1, 2**64, 2**96, WEIGHTED_MAX]) | st.integers(0, WEIGHTED_MAX)
nodes = st.builds(
    lambda digest, small, weighted: Node(digest, Sums._make([*small, weighted])),
    st.binary(min_size=32, max_size=32),
    st.tuples(*[halves] * 7),
    wide,
)


def plain(row: tuple[int, ...]) -> Account:
    """The account of a row of a table."""
    kind, number, points, weight, quota, used, coins, cash, receivable, index = row
    sums = Sums(points, weight, quota, used, coins, cash, receivable, weight * index)
    salt = drawn(KEY, ACCOUNT_LABEL, account_number(AccountKind(kind), number))
    return Account(AccountKind(kind), number, salt, sums)


def words(*found: Node) -> NDArray[np.uint32]:
    """Nodes as the compiled functions hold them."""
    return from_bytes(b"".join(node.digest + node.sums.to_bytes() for node in found))


def told(found: NDArray[np.uint32]) -> list[Node]:
    """The nodes of an array."""
    return [node_of(to_bytes(row[np.newaxis])) for row in found]


@given(st.lists(rows, max_size=20))
def test_leaves_are_bit_equal(table: list[tuple[int, ...]]) -> None:
    found = account_nodes(KEY, np.array(table, np.int64).reshape(-1, 10))
    assert found.shape == (len(table), NODE_WORDS)
    assert told(found) == [plain(row).leaf() for row in table]


def test_a_table_that_is_a_view_of_another_has_the_same_leaves() -> None:
    table = np.arange(200, dtype=np.int64).reshape(10, 20) + 1
    table[:, 0] = 1
    view = table[::2, :10]
    expected = [plain(tuple(row.tolist())).leaf() for row in view]
    assert told(account_nodes(KEY, view)) == expected


@given(st.lists(st.tuples(nodes, nodes), min_size=1, max_size=10))
def test_joined_nodes_are_bit_equal_or_refused_alike(pairs: list[tuple[Node, Node]]) -> None:
    flat = words(*(node for pair in pairs for node in pair))
    try:
        expected = [joined(*pair) for pair in pairs]
    except ProofWrong:
        with pytest.raises(SumsTooLarge):
            join(flat)
    else:
        assert told(join(flat)) == expected


@pytest.mark.parametrize("name", Sums._fields)
def test_each_sum_may_come_to_its_largest_and_no_further(name: str) -> None:
    most = WEIGHTED_MAX if name == "weighted" else SUM_MAX
    full, one = (Node(b"\0" * 32, NO_SUMS._replace(**{name: value})) for value in (most - 1, 1))
    assert told(join(words(full, one))) == [joined(full, one)]
    for pair in ((joined(full, one), one), (one, joined(full, one))):
        with pytest.raises(SumsTooLarge, match="two nodes"):
            join(words(*pair))


def test_no_carry_goes_from_one_sum_into_another() -> None:
    left = Node(b"\0" * 32, Sums._make([*[2**32 - 1] * 7, 2**96 - 1]))
    right = Node(b"\1" * 32, Sums._make([1] * 8))
    (found,) = told(join(words(left, right)))
    assert found.sums == Sums._make([*[2**32] * 7, 2**96])


@pytest.mark.parametrize("column", range(2, 10))
def test_an_account_below_zero_is_refused(column: int) -> None:
    table = np.ones((3, 10), np.int64)
    table[1, column] = -1
    with pytest.raises(SumsTooLarge, match="below zero"):
        account_nodes(KEY, table)


def test_empty_trees_are_bit_equal() -> None:
    found = empty_nodes(12)
    assert [told(one) for one in found] == [[empty(height)] for height in range(13)]
    assert told(found[0]) == [NOBODY]


@given(st.lists(nodes, min_size=1, max_size=5))
def test_nodes_are_kept_as_bytes_and_come_back(found: list[Node]) -> None:
    kept = to_bytes(words(*found))
    assert kept == b"".join(node.digest + node.sums.to_bytes() for node in found)
    assert (from_bytes(kept) == words(*found)).all()


@pytest.mark.parametrize("length", [0, 103, 105, 208])
def test_bytes_of_another_length_are_no_node(length: int) -> None:
    with pytest.raises(ValueError, match="no node"):
        node_of(bytes(length))


@pytest.mark.parametrize("height", [4, 5, 9, 14])
def test_places_are_equal(height: int) -> None:
    order = places(height, lambda label, number: drawn(KEY, label, number))
    seats = np.arange(1 << height, dtype=np.int64)
    assert places_of(order, seats).tolist() == [order.of(seat) for seat in range(1 << height)]
