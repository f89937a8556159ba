"""Pages, dividends and marks of statements: kept, read again, and never needed.

All of it follows from the journal. Whoever keeps it may be cut off at any place, may not be
allowed to write at all, or may find that another was faster: what is not kept is derived again.
"""

from itertools import groupby
from typing import NamedTuple

import numpy as np
from django.db import DatabaseError, transaction

from shareback.engine.packing import packed, unpacked
from shareback.engine.statements.account import Who
from shareback.engine.statements.mark import (
    START,
    WAITING_COLUMNS,
    Mark,
    Month,
    Standing,
    month_of,
)
from shareback.engine.statements.packing import (
    Packed,
    entry_of,
    pack,
    unpack_entries,
)
from shareback.engine.statements.replaying import Step
from shareback.journal.models import StatementDividends, StatementMark, StatementPage

LAYOUT = 1
"""The form of what is kept, and of how it is derived; what has another one is not read."""

PAGE_ENTRIES = 256


class PagesMissing(LookupError):
    """Pages are not there that a mark says are kept."""


class Dividend(NamedTuple):
    """A day's dividend: its entry, its day, the units held then, and its µ¥."""

    entry: int
    day: int
    held: int
    money: int


def load_mark(who: Who) -> Mark:
    """How far a member's statement has been kept; `START` where it has not."""
    row = StatementMark.objects.using(who.alias).filter(
        programme_id=who.programme, member=who.number, layout=LAYOUT
    )
    found = row.first()
    if found is None:
        return START
    months = unpacked(bytes(found.months), len(Month._fields)).tolist()
    return Mark(
        found.day,
        found.entries,
        Standing(*unpacked(bytes(found.account), 1)[:, 0].tolist()),
        tuple(Month(*month) for month in months),
        unpacked(bytes(found.waiting), WAITING_COLUMNS),
        unpacked(bytes(found.brought), WAITING_COLUMNS),
    )


def forget(who: Who, mark: Mark) -> None:
    """Let what was kept up to a mark be derived again; what another has kept since stays."""
    rows = StatementMark.objects.using(who.alias).filter(
        programme_id=who.programme, member=who.number, layout=LAYOUT, day=mark.day
    )
    try:
        with transaction.atomic(using=who.alias):
            rows.update(layout=0)
    except DatabaseError:
        return


def keep(who: Who, before: Mark, after: Mark, steps: list[Step]) -> bool:
    """Keep the entries between two marks, all or nothing.

    Returns:
        Whether they are kept now; not where another was faster, or where nothing may be written.
    """
    try:
        with transaction.atomic(using=who.alias):
            if not advanced(who, before, after):
                return False
            keep_pages(who, before.entries, steps)
            keep_dividends(who, before, steps)
    except DatabaseError:
        return False
    except PagesMissing:
        forget(who, before)
        return False
    return True


def advanced(who: Who, before: Mark, after: Mark) -> bool:
    """Put the mark forward, unless another has; whoever puts it forward writes the rest."""
    rows = StatementMark.objects.using(who.alias).filter(
        programme_id=who.programme, member=who.number
    )
    figures = {
        "layout": LAYOUT,
        "day": after.day,
        "entries": after.entries,
        "account": pack([number] for number in after.account),
        "months": packed(np.array(after.months, np.int64).reshape(-1, len(Month._fields))),
        "waiting": packed(after.waiting),
        "brought": packed(after.brought),
    }
    if before is not START:
        return rows.filter(layout=LAYOUT, day=before.day).update(**figures) == 1
    if rows.exclude(layout=LAYOUT).update(**figures) == 0:
        StatementMark.objects.using(who.alias).create(
            programme_id=who.programme, member=who.number, **figures
        )
    return True


def keep_pages(who: Who, first: int, steps: list[Step]) -> None:
    """Keep entries by pages; the first of them goes on where the last one ended."""
    start = first - first % PAGE_ENTRIES
    entries = [*read_entries(who, start, first), *map(entry_of, steps)]
    pages = (
        StatementPage(
            programme_id=who.programme,
            member=who.number,
            page=(start + offset) // PAGE_ENTRIES,
            body=pack(entries[offset : offset + PAGE_ENTRIES]),
        )
        for offset in range(0, len(entries), PAGE_ENTRIES)
    )
    StatementPage.objects.using(who.alias).bulk_create(
        pages,
        update_conflicts=True,
        unique_fields=["programme", "member", "page"],
        update_fields=["body"],
    )


def read_entries(who: Who, first: int, last: int) -> list[Packed]:
    """Kept entries from one up to another, without what is behind them.

    Raises:
        PagesMissing: Somebody has removed some of them.
    """
    if first >= last:
        return []
    start = first // PAGE_ENTRIES
    rows = StatementPage.objects.using(who.alias).filter(
        programme_id=who.programme,
        member=who.number,
        page__gte=start,
        page__lte=(last - 1) // PAGE_ENTRIES,
    )
    entries: list[Packed] = []
    for page, body in rows.order_by("page").values_list("page", "body"):
        if len(entries) != (page - start) * PAGE_ENTRIES:
            raise PagesMissing(who, page)
        entries += unpack_entries(bytes(body))
    wanted = entries[first - start * PAGE_ENTRIES : last - start * PAGE_ENTRIES]
    if len(wanted) != last - first:
        raise PagesMissing(who, start)
    return wanted


def keep_dividends(who: Who, before: Mark, steps: list[Step]) -> None:
    """Keep dividends by months; the first of them may have some already."""
    numbered = enumerate(steps, before.entries)
    dividends = [
        Dividend(entry, step.day, step.held, step.money)
        for entry, step in numbered
        if step.what == "dividend"
    ]
    kept = []
    for month, group in groupby(dividends, lambda dividend: month_of(dividend.day)):
        here = [*read_dividends(who, month, before), *group]
        key = {"programme_id": who.programme, "member": who.number, "month": month}
        kept.append(StatementDividends(**key, body=pack(here)))
    StatementDividends.objects.using(who.alias).bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["programme", "member", "month"],
        update_fields=["body"],
    )


def read_dividends(who: Who, month: int, mark: Mark) -> list[Dividend]:
    """The kept dividends of a month, of the entries before a mark.

    Raises:
        PagesMissing: Somebody has removed them: there are not as many as the mark has counted.
    """
    counted = sum(one.entries - one.told for one in mark.months if one.month == month)
    if counted == 0:
        return []
    found = StatementDividends.objects.using(who.alias).filter(
        programme_id=who.programme, member=who.number, month=month
    )
    dividends = [
        dividend
        for body in found.values_list("body", flat=True)
        for row in unpacked(bytes(body), len(Dividend._fields)).tolist()
        if (dividend := Dividend(*row)).entry < mark.entries
    ]
    if len(dividends) != counted:
        raise PagesMissing(who, month)
    return dividends
