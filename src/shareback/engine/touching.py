"""Which accounts a batch changed, and how those of a day stand when it has closed.

The tree of accounts is drawn up after a close, by `engine.proving`, when later batches may
have changed the accounts again. So each batch writes down whom it changed, in one row; a close
gathers these rows, and writes how everybody in them stands at that moment.
"""

from collections.abc import Iterable

import numpy as np
from django.db import DEFAULT_DB_ALIAS

from shareback.audit.standing import CHANGED, accounts, marked
from shareback.engine.packing import packed
from shareback.engine.slice import Slice
from shareback.journal.models import Touched
from shareback.journal.shapes import CLOSED_ACCOUNTS, TOUCHED
from shareback.kernels.arrays import Integers, zeros
from shareback.rules.layout import Cursor, Head, Member, Merchant

TOLD = 2
"""The mark of an account that has changed in this batch, but not since the last close."""

NUMBER_TYPE = ">u4"
FIGURES = (Head.INDEX, Head.RESERVE, Head.SUPPLY, Head.LAST_PRICE, Head.MEMBERS, Head.MERCHANTS)


class Touching:
    """What a batch has to tell of accounts that changed."""

    def __init__(self, loaded: Slice, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Start with a batch on a slice in which nothing is marked."""
        self.slice = loaded
        self.alias = alias
        self.closes: list[tuple[list[int], bytes, bytes]] = []

    def close(self, day: int, size: int, root: bytes) -> None:
        """Take down how everybody stands whom the day has changed.

        Args:
            day: The day that has closed.
            size: How many entries the log has now.
            root: Its root.
        """
        here = self.slice
        if not self.closes:
            # Those of earlier batches; from now on all that is marked is this batch's own.
            members, merchants = self.earlier()
            here.load_members(members)
            here.load_merchants(merchants)
        else:
            members = merchants = zeros(0)
        arrays = here.arrays
        people = np.union1d(marked(arrays, Cursor.MEMBERS), here.members.of(members))
        shops = np.union1d(marked(arrays, Cursor.MERCHANTS), here.merchants.of(merchants))
        for table, slots, mark in (
            (arrays.members, people, Member.CHANGED),
            (arrays.merchants, shops, Merchant.CHANGED),
        ):
            table[slots[table[slots, mark] == CHANGED], mark] = TOLD
        figures = arrays.head[list(FIGURES)].tolist()
        table = accounts(arrays, people, shops)
        self.closes.append(([day, size, *figures], root, packed(table)))

    def earlier(self) -> tuple[Integers, Integers]:
        """The members and merchants whom earlier batches have changed since the last close."""
        rows = Touched.objects.using(self.alias).filter(programme_id=self.slice.programme)
        found = [tuple(map(bytes, row)) for row in rows.values_list("members", "merchants")]
        return numbers_of(members for members, _ in found), numbers_of(shops for _, shops in found)

    def write(self, size: int) -> None:
        """Write what closes took down, and whom the batch has changed after the last of them.

        Args:
            size: How many entries the log has at the end of the batch.
        """
        here = self.slice
        if self.closes:
            rows = Touched.objects.using(self.alias).filter(programme_id=here.programme)
            rows._raw_delete(rows.db)  # noqa: SLF001 - nothing hangs on them
            figures, roots, bodies = zip(*self.closes, strict=True)
            table = np.array(figures, np.int64)
            here.storage.insert(CLOSED_ACCOUNTS, here.programme, table, [roots, bodies])
        members = here.arrays.members[marked(here.arrays, Cursor.MEMBERS), Member.NUMBER]
        merchants = here.arrays.merchants[marked(here.arrays, Cursor.MERCHANTS), Merchant.NUMBER]
        if len(members) + len(merchants) > 0:
            texts = [[column.astype(NUMBER_TYPE).tobytes()] for column in (members, merchants)]
            here.storage.insert(TOUCHED, here.programme, np.array([[size]], np.int64), texts)


def numbers_of(texts: Iterable[bytes]) -> Integers:
    """The numbers of accounts that rows hold, each once."""
    text = b"".join(map(bytes, texts))
    return np.unique(np.frombuffer(text, NUMBER_TYPE).astype(np.int64))
