"""The tree of accounts in blocks of sixteen nodes, read when they are needed.

A block has the nodes of one level that stand below one node four levels above, which is itself in
a block. A close writes the blocks on the way from its accounts to the root, and no other.
"""

from collections.abc import Sequence

import numpy as np
from django.db import connections

from shareback.journal.shapes import ACCOUNT_BLOCK
from shareback.journal.storage import Storage, storage_for
from shareback.kernels.arrays import Integers
from shareback.kernels.sums import (
    NODE_BYTES,
    NODE_WORDS,
    Nodes,
    empty_nodes,
    from_bytes,
    join,
    to_bytes,
)
from shareback.proofs.sum_tree import Node

BLOCK_BITS = 4
BLOCK_NODES = 1 << BLOCK_BITS
ROOM_FIRST = 64
WRITTEN_AT_ONCE = 4_096
KEYS = 2
"""A block's level and place tell it from the programme's others."""

ONE_BLOCK = (
    'SELECT level, body FROM "journal_accountblock"'
    " WHERE programme_id = %s AND level = %s AND place = %s"
)


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


class StoredTree:
    """A programme's tree of accounts, as far as it is in memory."""

    def __init__(self, programme: int, alias: str, height: int, top: Node | None = None) -> None:
        """Read nothing yet.

        Args:
            programme: Its number.
            alias: Which of Django's databases holds it.
            height: How many levels the tree has above its leaves.
            top: The root of the tree whose blocks are stored; none where there are no blocks of
                this height.
        """
        self.programme = programme
        self.alias = alias
        self.height = height
        self.stored = top is not None
        empties = empty_nodes(height)
        self.top = empties[height] if top is None else from_bytes(top.digest + top.sums.to_bytes())
        self.levels = [
            Level(place, empties[BLOCK_BITS * place]) for place in range(-(-height // BLOCK_BITS))
        ]

    @property
    def storage(self) -> Storage:
        """Where the blocks are."""
        return storage_for(connections[self.alias])

    def block_rows(self, level: Level, blocks: Integers) -> Integers:
        """Where in memory some blocks of a level are, once they are read."""
        missing = [block for block in blocks.tolist() if block not in level.rows]
        if missing:
            level.hold(missing, self.read(level.level, missing) if self.stored else {})
        return np.array([level.rows[block] for block in blocks.tolist()], np.int64)

    def read(self, level: int, blocks: Sequence[int]) -> dict[int, bytes]:
        """Blocks as they are stored."""
        condition = f"level = {level}"
        found = self.storage.texts(
            ACCOUNT_BLOCK.table, "place", "body", self.programme, np.array(blocks), condition
        )
        return {place: bytes(body) for place, body in found}

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

    def hold_way(self, place: int) -> None:
        """Read the blocks on the way from a leaf to the root together."""
        way = {
            level.level: place >> BLOCK_BITS * (level.level + 1)
            for level in self.levels
            if place >> BLOCK_BITS * (level.level + 1) not in level.rows
        }
        if not way or not self.stored:
            return
        # Joined by OR, SQLite would read all of a programme's blocks.
        query = " UNION ALL ".join([ONE_BLOCK] * len(way))
        marks = [value for one in way.items() for value in (self.programme, *one)]
        with connections[self.alias].cursor() as cursor:
            cursor.execute(query, marks)
            found = {level: bytes(body) for level, body in cursor.fetchall()}
        for level, block in way.items():
            held = {block: found[level]} if level in found else {}
            self.levels[level].hold([block], held)

    def path(self, place: int) -> list[bytes]:
        """The nodes beside the way from a leaf to the root, from the leaf up."""
        self.hold_way(place)
        beside = []
        for level in self.levels:
            (row,) = self.block_rows(level, np.array([place >> BLOCK_BITS]))
            nodes = level.nodes[row]
            inside = place & BLOCK_NODES - 1
            for _bit in range(min(BLOCK_BITS, self.height - BLOCK_BITS * level.level)):
                beside.append(to_bytes(nodes[inside ^ 1 : (inside ^ 1) + 1]))
                nodes, inside = join(nodes), inside >> 1
            place >>= BLOCK_BITS
        return beside

    def write(self) -> None:
        """Write the blocks that have changed."""
        size = BLOCK_NODES * NODE_BYTES
        for level in self.levels:
            blocks = sorted(level.changed)
            for first in range(0, len(blocks), WRITTEN_AT_ONCE):
                part = blocks[first : first + WRITTEN_AT_ONCE]
                nodes = level.nodes[[level.rows[block] for block in part]]
                body = to_bytes(nodes.reshape(-1, NODE_WORDS))
                bodies = [body[at : at + size] for at in range(0, len(body), size)]
                keys = np.array([(level.level, block) for block in part], np.int64)
                if self.stored:
                    self.storage.replace(ACCOUNT_BLOCK, self.programme, KEYS, keys, [bodies])
                else:
                    self.storage.insert(ACCOUNT_BLOCK, self.programme, keys, [bodies])
            level.changed.clear()
        self.stored = True
