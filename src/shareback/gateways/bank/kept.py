"""Matches in the tables: what waits on either side, and what belongs together from now on."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Max

from shareback.gateways.bank.matching import Matching, OpenLine, Pair, kinds_mask
from shareback.gateways.bank.models import BankAccount, BankLine, Match
from shareback.gateways.bank.movements import Moved, moved_between

State, How = BankLine.State, Match.How


class Waiting(NamedTuple):
    """What still waits for its other side.

    Attributes:
        moved: Entries of the journal that no statement has shown.
        lines: Lines of the bank's that no book explains.
    """

    moved: list[Moved]
    lines: list[OpenLine]


def lock_accounts(programme: int, alias: str) -> list[str]:
    """Keep other imports and comparisons of a programme out; returns its accounts' names.

    Orders and payouts go on meanwhile: the programme's own row is not locked.
    """
    rows = BankAccount.objects.using(alias).select_for_update().filter(programme_id=programme)
    return list(rows.order_by("name").values_list("name", flat=True))


def match_up(programme: int, days: tuple[int, int], below: int, at: int, alias: str) -> Waiting:
    """Match what waits, and write it down; the caller holds the accounts' lock.

    Args:
        programme: The programme's number.
        days: The first local day of which an entry may still wait, and the last to look at.
        below: Entries from here on are not looked at.
        at: µs UTC.
        alias: Which of Django's databases holds it.
    """
    lines = open_lines(programme, alias)
    moved = open_moved(programme, days, below, alias)
    matching = Matching(lines, moved)
    write(programme, matching.run(), at, alias)
    return Waiting(list(matching.moved.values()), list(matching.lines.values()))


def open_lines(programme: int, alias: str) -> list[OpenLine]:
    """The lines that are matched to nothing."""
    rows = BankLine.objects.using(alias).filter(programme_id=programme, state=State.OPEN)
    return [
        OpenLine(row.number, row.account, row.day, row.amount, f"{row.reference} {row.text}")
        for row in rows.order_by("day", "number")
    ]


def open_moved(programme: int, days: tuple[int, int], below: int, alias: str) -> list[Moved]:
    """The entries of some days that are matched to nothing."""
    moved = moved_between(programme, days, below, alias)
    rows = Match.objects.using(alias).filter(
        programme_id=programme, first__gte=0, day__gte=days[0], day__lte=days[1]
    )
    single: set[int] = set()
    stretches: dict[int, list[tuple[int, int, int]]] = {}
    for first, last, kinds, day in rows.values_list("first", "last", "kinds", "day"):
        if first == last:
            single.add(first)
        else:
            stretches.setdefault(day, []).append((first, last, kinds))
    return [
        one
        for one in moved
        if one.sequence not in single
        and not any(
            first <= one.sequence <= last and kinds >> one.kind & 1
            for first, last, kinds in stretches.get(one.day, ())
        )
    ]


def write(programme: int, pairs: Sequence[Pair], at: int, alias: str) -> None:
    """Keep pairs, and the state of their lines."""
    rows = Match.objects.using(alias).filter(programme_id=programme)
    number = rows.aggregate(last=Max("number"))["last"] or 0
    kept: list[Match] = []
    own: list[int] = []
    matched: list[int] = []
    for pair in pairs:
        for line in (pair.line, pair.other):
            if line is None:
                continue
            number += 1
            kept.append(row_of(programme, number, pair, line, at))
            (own if pair.other else matched).append(line.number)
    Match.objects.using(alias).bulk_create(kept, batch_size=1_000)
    for numbers, state in ((own, State.OWN), (matched, State.MATCHED)):
        set_state(programme, numbers, state, alias)


def row_of(programme: int, number: int, pair: Pair, line: OpenLine, at: int) -> Match:
    """A pair as a row."""
    moved = pair.moved
    return Match(
        programme_id=programme,
        number=number,
        line=line.number,
        line_day=line.day,
        first=moved[0].sequence if moved else -1,
        last=moved[-1].sequence if moved else -1,
        day=moved[0].day if moved else line.day,
        kinds=kinds_mask(one.kind for one in moved),
        amount=line.amount_uyuan,
        how=pair.how,
        at=at,
    )


def set_state(programme: int, numbers: Sequence[int], state: int, alias: str) -> None:
    """Change the state of lines."""
    rows = BankLine.objects.using(alias).filter(programme_id=programme)
    for first in range(0, len(numbers), 10_000):
        rows.filter(number__in=numbers[first : first + 10_000]).update(state=state)
