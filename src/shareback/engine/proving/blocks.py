"""The tree of accounts as the database keeps it: blocks are read when they are needed.

A close writes the blocks on the way from its accounts to the root, and no other.
"""

from collections.abc import Sequence

import numpy as np
from django.db import connections

from shareback.audit.blocks import BLOCK_BITS, BLOCK_NODES, AccountTree
from shareback.journal.models import AccountBlock
from shareback.journal.shapes import ACCOUNT_BLOCK
from shareback.journal.storage import Storage, storage_for
from shareback.kernels.sums import NODE_BYTES, NODE_WORDS, from_bytes, join, to_bytes
from shareback.proofs.sum_tree import Node

WRITTEN_AT_ONCE = 4_096


class StoredTree(AccountTree):
    """A programme's tree of accounts."""

    def __init__(self, programme: int, alias: str, height: int, top: Node | None = None) -> None:
        """Read nothing yet.

        Args:
            programme: Its number.
            alias: Which of Django's databases holds it.
            height: How many levels the tree has above its leaves.
            top: The root of the tree whose blocks are stored; none where there are no blocks of
                this height.
        """
        super().__init__(height)
        self.programme = programme
        self.alias = alias
        self.stored = top is not None
        if top is not None:
            self.top = from_bytes(top.digest + top.sums.to_bytes())

    @property
    def storage(self) -> Storage:
        """Where the blocks are."""
        return storage_for(connections[self.alias])

    def read(self, level: int, blocks: Sequence[int]) -> dict[int, bytes]:
        """Blocks as they are stored."""
        if not self.stored:
            return {}
        condition = f"level = {level}"
        found = self.storage.texts(
            ACCOUNT_BLOCK.table, "place", "body", self.programme, np.array(blocks), condition
        )
        return {place: bytes(body) for place, body in found}

    def path(self, place: int) -> list[bytes]:
        """The nodes beside the way from a leaf to the root, from the leaf up."""
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
                if self.stored:
                    self.remove(level.level, part)
                nodes = level.nodes[[level.rows[block] for block in part]]
                body = to_bytes(nodes.reshape(-1, NODE_WORDS))
                bodies = [body[at : at + size] for at in range(0, len(body), size)]
                keys = np.array([(level.level, block) for block in part], np.int64)
                self.storage.insert(ACCOUNT_BLOCK, self.programme, keys, [bodies])
            level.changed.clear()
        self.stored = True

    def remove(self, level: int, blocks: Sequence[int]) -> None:
        """Take away blocks that are about to be written anew."""
        rows = AccountBlock.objects.using(self.alias).filter(
            programme_id=self.programme, level=level, place__in=blocks
        )
        rows._raw_delete(rows.db)  # noqa: SLF001 - nothing hangs on them
