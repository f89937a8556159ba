"""Whether an account's statements follow from each other, and its balance at the end of a day."""

from typing import NamedTuple

from django.db.models import Min, Sum

from shareback.gateways.bank.models import BankLine, BankStatement

DAYS_BACK = 400
"""So far back statements are held against each other; what is older was, in its time."""


class Gap(NamedTuple):
    """Where statements do not follow from each other.

    Attributes:
        uyuan: By how much balances are off, in µ¥, without signs; 0 where they follow.
        days: The longest stretch of days between two statements that none is of.
    """

    uyuan: int
    days: int


def gaps(programme: int, accounts: list[str], alias: str) -> Gap:
    """The gaps of all accounts of a programme."""
    found = [gap_of(programme, name, alias) for name in accounts]
    return Gap(sum(one.uyuan for one in found), max(one.days for one in found))


def gap_of(programme: int, account: str, alias: str) -> Gap:
    """The gaps of an account: an opening balance that is no closing one and no sum of lines."""
    rows = BankStatement.objects.using(alias).filter(programme_id=programme, account=account)
    reach = latest(programme, account, alias).to_day - DAYS_BACK
    statements = list(rows.filter(to_day__gte=reach).order_by("from_day", "to_day", "number"))
    base, closings, reached, off, longest = statements[0].opening, set(), None, 0, 0
    first = statements[0].from_day
    for one in statements:
        if reached is not None:
            longest = max(longest, one.from_day - reached - 1)
            stood = base + lines_sum(programme, account, first, one.from_day - 1, alias)
            if one.opening != stood and one.opening not in closings:
                off += abs(one.opening - stood)
        closings.add(one.closing)
        reached = max(reached or one.to_day, one.to_day)
    return Gap(off, longest)


def lines_sum(programme: int, account: str, first: int, last: int, alias: str) -> int:
    """What an account's lines of some days come to."""
    rows = BankLine.objects.using(alias).filter(
        programme_id=programme, account=account, day__gte=first, day__lte=last
    )
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def first_day(programme: int, account: str, alias: str) -> int:
    """The first day of an account's statements."""
    rows = BankStatement.objects.using(alias).filter(programme_id=programme, account=account)
    return int(rows.aggregate(first=Min("from_day"))["first"])


def last_day(programme: int, account: str, alias: str) -> int:
    """The last day of an account's statements."""
    return latest(programme, account, alias).to_day


def latest(programme: int, account: str, alias: str) -> BankStatement:
    """The statement that goes furthest."""
    rows = BankStatement.objects.using(alias).filter(programme_id=programme, account=account)
    return rows.order_by("-to_day", "-number")[0]


def balance_at(programme: int, account: str, day: int, alias: str) -> int:
    """An account's balance at the end of a day, from its latest statement back.

    Where statements have gaps, the latest is the one that tells what is there.
    """
    last = latest(programme, account, alias)
    return last.closing - lines_sum(programme, account, day + 1, last.to_day, alias)
