"""What a programme owed at its closes, drawn up again from how a replay leaves its accounts."""

from typing import Protocol

import numpy as np
import pyarrow as pa

from shareback.audit.account_heap import AccountHeap
from shareback.audit.export_reading import octets
from shareback.audit.standing import all_accounts
from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import words_of
from shareback.kernels.sha256 import WordArray
from shareback.kernels.sums import node_of, salted_nodes, to_bytes
from shareback.proofs.commitment import SALT_BYTES
from shareback.proofs.places import height_for
from shareback.proofs.sum_tree import HEIGHT_MAX, AccountKind, Liabilities
from shareback.rules.layout import Head

NOWHERE = -1


class AccountUnknown(Exception):
    """The export does not say what the leaf of an account takes: its salt or its place."""

    def __init__(self, what: str) -> None:
        """Keep what is missing, and of whom."""
        self.what = what
        super().__init__(what)


class Accounts:
    """Numbers of accounts that a table lists, found by kind and number.

    Attributes:
        rows: For each kind, the row of each number; `NOWHERE` where there is none.
    """

    def __init__(self, kinds: Integers, numbers: Integers) -> None:
        """Take a table's columns.

        Raises:
            AccountUnknown: There is a row of nobody, or one stands there twice.
        """
        self.rows = {}
        known = np.isin(kinds, list(AccountKind)) & (numbers > 0) & (numbers <= len(numbers))
        if not known.all():
            raise AccountUnknown(f"row {known.argmin()} is of nobody")
        for kind in AccountKind:
            places = np.flatnonzero(kinds == kind)
            rows = np.full(len(numbers) + 1, NOWHERE, np.int64)
            rows[numbers[places]] = places
            if (rows != NOWHERE).sum() != len(places):
                raise AccountUnknown("an account stands there twice")
            self.rows[kind] = rows

    def of(self, table: Integers, what: str) -> Integers:
        """The rows of accounts.

        Args:
            table: Columns as `kernels.sums` takes them.
            what: What the rows say, in words.

        Raises:
            AccountUnknown: There is none of somebody.
        """
        found = np.full(len(table), NOWHERE, np.int64)
        for kind, rows in self.rows.items():
            chosen = (table[:, 0] == kind) & (table[:, 1] < len(rows))
            found[chosen] = rows[table[chosen, 1]]
        if (found == NOWHERE).any():
            kind, number = table[(found == NOWHERE).argmax(), :2].tolist()
            raise AccountUnknown(f"no {what} of {AccountKind(kind).name.lower()} {number}")
        return found


class Leaves(Protocol):
    """Tells what the leaf of an account takes beside its sums, and where it stands."""

    def salts(self, table: Integers) -> WordArray:
        """The salts of accounts, whose columns are as `kernels.sums` takes them: uint32[n, 4].

        Raises:
            AccountUnknown: There is none of somebody.
        """
        ...

    def places(self, height: int, table: Integers) -> Integers:
        """Where the leaves of accounts stand in a tree of a height.

        Raises:
            AccountUnknown: There is no place for somebody.
        """
        ...


class ListedLeaves:
    """`Leaves` as an export lists them."""

    def __init__(self, accounts: pa.Table, places: pa.Table) -> None:
        """Take the tables of salts and of places.

        Raises:
            AccountUnknown: They are not of accounts, or two leaves have one place.
        """
        self.accounts = Accounts(*numbers(accounts, "kind", "number"))
        salts = octets(accounts.column("salt").combine_chunks())
        self.listed = words_of(salts.tobytes(), SALT_BYTES)
        self.heights: dict[int, tuple[Accounts, Integers]] = {}
        heights, kinds, who, where = numbers(places, "height", "kind", "number", "place")
        for height in np.unique(heights).tolist():
            chosen = heights == height
            spots = where[chosen]
            within = (spots >= 0) & (spots < 1 << min(height, HEIGHT_MAX))
            if not within.all() or len(np.unique(spots)) != len(spots):
                raise AccountUnknown(f"places of height {height} are not each one of their own")
            self.heights[height] = Accounts(kinds[chosen], who[chosen]), spots

    def salts(self, table: Integers) -> WordArray:
        """The salts of accounts, as `Leaves.salts`."""
        found: WordArray = self.listed[self.accounts.of(table, "salt")]
        return found

    def places(self, height: int, table: Integers) -> Integers:
        """Where leaves stand, as `Leaves.places`."""
        what = f"place in a tree of height {height}"
        if height not in self.heights:
            raise AccountUnknown(f"no {what}")
        accounts, spots = self.heights[height]
        return spots[accounts.of(table, what)]


class Owed:
    """The tree of accounts, from one checkpoint to the next.

    Attributes:
        tree: It, as the last close that was drawn up left it; none before the first.
    """

    tree: AccountHeap | None

    def __init__(self, leaves: Leaves) -> None:
        """Begin without accounts; ``leaves`` tells their salts and places."""
        self.leaves = leaves
        self.tree = None
        self.counts = (0, 0)

    def draw_up(self, size: int, figures: Integers, table: Integers) -> Liabilities:
        """What was owed at a close.

        Args:
            size: How many entries the log had.
            figures: The head, under the day that had closed.
            table: How everybody stood who had changed since the last close that was drawn up.

        Raises:
            AccountUnknown: Somebody's salt or place is not told.
            SumsTooLarge: The sums leave what a programme can hold.
        """
        counts = (int(figures[Head.MEMBERS]), int(figures[Head.MERCHANTS]))
        tree = self.grown(height_for(*counts))
        self.counts = counts
        salts = self.leaves.salts(table)
        tree.put(self.leaves.places(tree.height, table), salted_nodes(salts, table))
        return Liabilities(
            int(figures[Head.DAY]),
            size,
            tree.height,
            int(figures[Head.INDEX]),
            int(figures[Head.RESERVE]),
            int(figures[Head.SUPPLY]),
            int(figures[Head.LAST_PRICE]),
            node_of(to_bytes(tree.top)),
        )

    def grown(self, height: int) -> AccountHeap:
        """The tree, at least so high; where it grows every leaf gets another place."""
        old = self.tree
        if old is None or old.height < height:
            self.tree = AccountHeap(height)
            if old is not None:
                known = all_accounts(*self.counts)
                leaves = old.leaves(self.leaves.places(old.height, known))
                self.tree.put(self.leaves.places(height, known), leaves)
            return self.tree
        return old


def numbers(table: pa.Table, *names: str) -> list[Integers]:
    """Columns of whole numbers, as int64."""
    return [table.column(name).to_numpy().astype(np.int64) for name in names]
