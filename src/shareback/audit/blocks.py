"""The tree of accounts in blocks of sixteen nodes, as far as it is in memory.

A block has the nodes of one level that stand below one node four levels above, which is itself in
a block. A close changes the blocks on the way from its accounts to the root, and no other.
"""

from collections.abc import Sequence

import numpy as np

from shareback.kernels.arrays import Integers
from shareback.kernels.sums import NODE_WORDS, Nodes, empty_nodes, from_bytes, join

BLOCK_BITS = 4
BLOCK_NODES = 1 << BLOCK_BITS
ROOM_FIRST = 64


class Level:
    """The blocks of one level that are in memory."""

    def __init__(self, level: int, empty: Nodes) -> None:
        """Hold none yet; ``empty`` is the level's node without accounts."""
        self.level = level
        self.empty = empty
        self.rows: dict[int, int] = {}
        self.nodes = self.blank(ROOM_FIRST)
        self.changed: set[int] = set()

    def blank(self, count: int) -> Nodes:
        """Blocks without accounts: uint32[count, BLOCK_NODES, NODE_WORDS]."""
        return np.broadcast_to(self.empty, (count, BLOCK_NODES, NODE_WORDS)).copy()

    def hold(self, blocks: Sequence[int], found: dict[int, bytes]) -> None:
        """Take blocks into memory; those that were not found are without accounts."""
        first, needed = len(self.rows), len(self.rows) + len(blocks)
        if needed > len(self.nodes):
            grown = self.blank(max(needed, 2 * len(self.nodes)))
            grown[:first] = self.nodes[:first]
            self.nodes = grown
        for row, block in enumerate(blocks, first):
            self.rows[block] = row
            if block in found:
                self.nodes[row] = from_bytes(found[block])


class AccountTree:
    """A tree of accounts that begins without any."""

    def __init__(self, height: int) -> None:
        """Hold nothing yet.

        Args:
            height: How many levels the tree has above its leaves.
        """
        self.height = height
        empties = empty_nodes(height)
        self.top = empties[height]
        self.levels = [
            Level(place, empties[BLOCK_BITS * place]) for place in range(-(-height // BLOCK_BITS))
        ]

    def block_rows(self, level: Level, blocks: Integers) -> Integers:
        """Where in memory some blocks of a level are, once they are there."""
        missing = [block for block in blocks.tolist() if block not in level.rows]
        if missing:
            level.hold(missing, self.read(level.level, missing))
        return np.array([level.rows[block] for block in blocks.tolist()], np.int64)

    def read(self, level: int, blocks: Sequence[int]) -> dict[int, bytes]:  # noqa: ARG002 - for trees that are kept
        """Blocks as they are kept somewhere; those that are not found have no accounts."""
        return {}

    def put(self, places: Integers, nodes: Nodes) -> None:
        """Put leaves into their places, and bring the tree up to its root.

        Args:
            places: int64[n], each once.
            nodes: uint32[n, NODE_WORDS].
        """
        for level in self.levels:
            if len(places) == 0:
                return
            blocks, inverse = np.unique(places >> BLOCK_BITS, return_inverse=True)
            rows = self.block_rows(level, blocks)
            level.nodes[rows[inverse], places & BLOCK_NODES - 1] = nodes
            level.changed.update(blocks.tolist())
            bits = min(BLOCK_BITS, self.height - BLOCK_BITS * level.level)
            nodes = level.nodes[rows, : 1 << bits].reshape(-1, NODE_WORDS)
            for _bit in range(bits):
                nodes = join(nodes)
            places = blocks
        self.top = nodes

    def leaves(self, places: Integers) -> Nodes:
        """The leaves in some places."""
        blocks, inverse = np.unique(places >> BLOCK_BITS, return_inverse=True)
        level = self.levels[0]
        rows = self.block_rows(level, blocks)
        found: Nodes = level.nodes[rows[inverse], places & BLOCK_NODES - 1]
        return found
