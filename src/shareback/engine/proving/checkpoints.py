"""The pass after a close: what is owed is drawn up, and a checkpoint signed, for every close.

A close has written how everybody stands whom its day changed; the pass takes that away again.
It may run at any time and by anyone, also many days late: it goes on where it ended, one
transaction for some days, and what it leaves is the same as if it had run every day.
"""

from collections.abc import Callable

import numpy as np
from django.db import DEFAULT_DB_ALIAS, transaction

from shareback.audit.standing import all_accounts
from shareback.engine.packing import unpacked
from shareback.engine.proving.blocks import StoredTree
from shareback.engine.proving.keys import signed, signing_keys
from shareback.engine.proving.log_tree import LogTree
from shareback.journal.models import (
    AccountBlock,
    Checkpoint,
    ClosedAccounts,
    Day,
    LogKey,
    Programme,
)
from shareback.kernels.arrays import Integers
from shareback.kernels.sums import (
    ACCOUNT_COLUMNS,
    NODE_BYTES,
    account_nodes,
    node_of,
    places_of,
    to_bytes,
)
from shareback.proofs.checkpoint import Checkpoint as Text
from shareback.proofs.commitment import drawn
from shareback.proofs.places import Places, height_for, places
from shareback.proofs.sum_tree import AccountKind, Liabilities

DAYS_AT_ONCE = 400
FIGURE_BYTES = 8
FIGURES = len(Liabilities._fields) - 1

Progress = Callable[[int, int], None]
"""Told after each day how many are done, of how many."""


def no_progress(_done: int, _all: int) -> None:
    """Tell nobody."""


def liabilities_from_bytes(text: bytes) -> Liabilities:
    """What a programme owed, from the bytes of ``Liabilities.to_bytes``, as they are kept.

    Raises:
        ValueError: It is as long as nothing of that is.
    """
    end = FIGURE_BYTES * FIGURES
    if len(text) != end + NODE_BYTES:
        raise ValueError(f"{len(text)} bytes are no liabilities")
    figures = [int.from_bytes(text[at : at + FIGURE_BYTES], "big") for at in range(0, end, 8)]
    return Liabilities._make([*figures, node_of(text[end:])])


def draw_up(programme: int, alias: str = DEFAULT_DB_ALIAS, progress: Progress = no_progress) -> int:
    """Draw up what is owed for every close that has not been, and sign its checkpoint.

    Args:
        programme: The programme's number.
        alias: Which of Django's databases holds it.
        progress: Told after each day.

    Returns:
        How many checkpoints were signed.
    """
    waiting = ClosedAccounts.objects.using(alias).filter(programme_id=programme)
    total, done = waiting.count(), 0
    # Looked at first: a transaction would keep every other writer of SQLite out.
    while waiting.exists():
        with transaction.atomic(using=alias):
            keys = signing_keys(programme, alias)
            # Another pass may have been here while this one waited for the keys.
            rows = list(waiting.order_by("day")[:DAYS_AT_ONCE])
            if not rows:
                break
            drawing = Drawing(programme, alias, keys)
            for row in rows:
                drawing.take(row)
                done += 1
                progress(done, max(done, total))
            drawing.write()
            spent = waiting.filter(day__lte=rows[-1].day)
            spent._raw_delete(spent.db)  # noqa: SLF001 - nothing hangs on them
    return done


class Drawing:
    """Some days of the pass, in one transaction."""

    def __init__(self, programme: int, alias: str, keys: list[LogKey]) -> None:
        """Start from the last checkpoint."""
        self.alias = alias
        self.keys = keys
        self.head = Programme.objects.using(alias).get(pk=programme)
        self.key = bytes(self.head.key)
        last = Checkpoint.objects.using(alias).filter(programme_id=programme).order_by("day").last()
        self.counts = (0, 0)
        self.tree: StoredTree | None = None
        self.places: Places | None = None
        self.done: list[Checkpoint] = []
        if last is not None:
            owed = liabilities_from_bytes(bytes(last.liabilities))
            self.tree = StoredTree(programme, alias, owed.height, owed.top)
            self.places = permutation(self.key, owed.height)
            day = Day.objects.using(alias).get(programme_id=programme, day=last.day)
            self.counts = (day.members, day.merchants)

    def take(self, row: ClosedAccounts) -> None:
        """Draw up what was owed when a day had closed."""
        table = unpacked(bytes(row.body), ACCOUNT_COLUMNS)
        tree, order = self.grown(height_for(row.members, row.merchants))
        self.counts = (row.members, row.merchants)
        tree.put(places_in(order, table), account_nodes(self.key, table))
        owed = Liabilities(
            row.day,
            row.sequence,
            tree.height,
            row.index,
            row.reserve,
            row.supply,
            row.last_price,
            node_of(to_bytes(tree.top)),
        )
        text = Text(self.keys[0].origin, row.sequence, bytes(row.root), owed.digest()).to_text()
        self.done.append(
            Checkpoint(
                programme_id=self.head.pk,
                day=row.day,
                size=row.sequence,
                root=bytes(row.root),
                liabilities=owed.to_bytes(),
                note=signed(text, self.keys),
            )
        )

    def grown(self, height: int) -> tuple[StoredTree, Places]:
        """The tree, at least so high; where it grows every leaf gets another place."""
        tree, order = self.tree, self.places
        if tree is None or order is None or tree.height < height:
            new_order = permutation(self.key, height)
            new_tree = StoredTree(self.head.pk, self.alias, height)
            if tree is not None and order is not None:
                known = all_accounts(*self.counts)
                new_tree.put(places_in(new_order, known), tree.leaves(places_in(order, known)))
            self.tree, self.places = tree, order = new_tree, new_order
        return tree, order

    def write(self) -> None:
        """Write the tree, the checkpoints and the log's tiles."""
        if self.tree is not None:
            if not self.tree.stored:
                old = AccountBlock.objects.using(self.alias).filter(programme_id=self.head.pk)
                old._raw_delete(old.db)  # noqa: SLF001 - nothing hangs on them
            self.tree.write()
        Checkpoint.objects.using(self.alias).bulk_create(self.done)
        LogTree(self.head, self.done[-1].size, self.alias).keep()


def permutation(key: bytes, height: int) -> Places:
    """The places of a programme's tree of a height."""
    return places(height, lambda label, number: drawn(key, label, number))


def places_in(order: Places, table: Integers) -> Integers:
    """Where the leaves of accounts stand; columns as `kernels.sums` takes them."""
    numbers = table[:, 1]
    is_member = table[:, 0] == AccountKind.MEMBER
    return places_of(order, np.where(is_member, numbers - 1, (1 << order.height) - numbers))
