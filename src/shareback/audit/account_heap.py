"""The tree of accounts with every node in memory, brought up to its root day by day."""

import numpy as np

from shareback.kernels.arrays import Integers
from shareback.kernels.sums import NODE_WORDS, Nodes, empty_nodes, join


class AccountHeap:
    """A tree of accounts that begins without any.

    Attributes:
        height: How many levels it has above its leaves.
        nodes: uint32[2^(height + 1), NODE_WORDS]; node 1 is the root, below node n are 2n, 2n + 1.
    """

    def __init__(self, height: int) -> None:
        """Hold nobody yet."""
        self.height = height
        self.nodes: Nodes = np.empty((2 << height, NODE_WORDS), np.uint32)
        for level, empty in enumerate(empty_nodes(height)):
            span = 1 << height - level
            self.nodes[span : 2 * span] = empty

    @property
    def top(self) -> Nodes:
        """The root: uint32[1, NODE_WORDS]."""
        return self.nodes[1:2]

    def put(self, places: Integers, leaves: Nodes) -> None:
        """Put leaves into their places, each once, and bring the tree up to its root."""
        order = np.argsort(places)
        spots = (1 << self.height) + places[order]
        self.nodes[spots] = leaves[order]
        # The row of a node's place has its two children in one piece.
        children = self.nodes.reshape(1 << self.height, 2 * NODE_WORDS)
        for _level in range(self.height if len(places) > 0 else 0):
            spots >>= 1
            spots = spots[np.diff(spots, prepend=0) > 0]
            self.nodes[spots] = join(children[spots].reshape(-1, NODE_WORDS))

    def leaves(self, places: Integers) -> Nodes:
        """The leaves in some places."""
        found: Nodes = self.nodes[(1 << self.height) + places]
        return found
