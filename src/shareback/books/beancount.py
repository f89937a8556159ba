"""The books as Beancount reads them: plain text that `bean-check` checks without us.

One transaction gathers all events of a kind on a day, so that a year of a busy programme stays a
file of some thousand transactions. Every close asserts the balance of every account; Beancount
asserts at the beginning of a day, so an assertion carries the date of the day after.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from shareback.books.accounts import CHART, NOTHING, Unit, amount, commodity
from shareback.books.entries import Posting, entries
from shareback.rules.kinds import Kind

NARRATIONS: dict[Kind, str] = {
    Kind.OPEN_PROGRAMME: "Programme opened",
    Kind.JOIN_MEMBER: "Members joined",
    Kind.SET_REFERRER: "Referrers named",
    Kind.JOIN_MERCHANT: "Merchants joined",
    Kind.PAY_ORDER: "Orders paid",
    Kind.RECEIVE_ORDER: "Orders received",
    Kind.REFUND_ORDER: "Orders refunded",
    Kind.REDEEM_POINTS: "Points bought back",
    Kind.SPEND_POINTS: "Goods paid with points",
    Kind.REFUND_POINTS_PAYMENT: "Goods paid with points returned",
    Kind.CONVERT_POINTS: "Points turned into coins",
    Kind.PAY_COINS: "Coins paid",
    Kind.REFUND_COINS: "Coins given back",
    Kind.EXCHANGE_COINS: "Coins turned into points",
    Kind.REDEEM_MERCHANT_POINTS: "Merchants' points bought back",
    Kind.AWARD_FUNDED: "Awards funded",
    Kind.FUND_TREASURY: "Treasury funded",
    Kind.WITHDRAW_TREASURY: "Treasury withdrawn",
    Kind.WITHDRAW_CASH: "Cash paid out to members",
    Kind.SETTLE_MERCHANT: "Merchants paid out",
    Kind.RECORD_UNMATCHED: "Money without an order recorded",
    Kind.CLOSE_DAY: "Day closed: pot shared, orders matured, exits",
    Kind.AMEND_PROGRAMME: "Parameters amended",
    Kind.ANNOUNCE_END: "End announced",
    Kind.END_PROGRAMME: "Programme ended, merchants settled",
    Kind.SETTLE_ACCOUNTS: "Members settled",
    Kind.LINK_PARTY: "Parties linked",
}
"""What each kind of event says to a reader; exits that follow one are part of it (R5.3)."""


class Turnover(NamedTuple):
    """What all events of a kind on a day came to.

    Attributes:
        kind: Their kind.
        events: How many they were.
        change: By how much each account of the head changed, in its units, without signs.
    """

    kind: Kind
    events: int
    change: tuple[int, ...]


class BookDay(NamedTuple):
    """A day of the books.

    Attributes:
        day: The programme's local day number.
        turnovers: What happened.
        accounts: The accounts at its end, as the head holds them.
    """

    day: int
    turnovers: Sequence[Turnover]
    accounts: Sequence[int]


class Title(NamedTuple):
    """What a ledger says of itself.

    Attributes:
        programme: The programme's name.
        issuer: Who stands behind it.
        currency: Three capital letters.
        opened: The local day number on which the programme opened.
        events: How many events of the log the books hold.
        root: The root of the log over them, in hexadecimal digits.
    """

    programme: str
    issuer: str
    currency: str
    opened: int
    events: int
    root: str


def quoted(text: str) -> str:
    """A text as a string of Beancount's: one line, quotes and backslashes escaped."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def ledger(title: Title, days: Iterable[BookDay], date_of: Callable[[int], str]) -> Iterator[str]:
    """The lines of a ledger, without their ends, as the days come.

    Args:
        title: What stands at the top.
        days: The days in order, each once.
        date_of: How a local day number is written, such as ``2026-01-31``.

    Yields:
        One line after another.

    Raises:
        Unbalanced: A bug: the events of a kind on a day do not balance.
    """
    yield from header(title, date_of)
    for day in days:
        yield from day_lines(day, title.currency, date_of)


def header(title: Title, date_of: Callable[[int], str]) -> Iterator[str]:
    """Options, commodities and the opening of every account."""
    opened = date_of(title.opened)
    yield f";; The books of {quoted(title.programme)}, issued by {quoted(title.issuer)}."
    yield f";; Events 0 to {title.events - 1} of the log; its root is {title.root}."
    yield ""
    yield f'option "title" {quoted(title.programme)}'
    yield f'option "operating_currency" {quoted(title.currency)}'
    yield ""
    for unit in Unit:
        yield f"{opened} commodity {commodity(unit, title.currency)}"
    yield ""
    for account in CHART:
        yield f"{opened} open {account.name} {commodity(account.unit, title.currency)}"


def day_lines(day: BookDay, currency: str, date_of: Callable[[int], str]) -> Iterator[str]:
    """A day's transactions, and the balance of every account at its end."""
    date = date_of(day.day)
    for turnover in day.turnovers:
        postings = entries(turnover.kind, NOTHING, turnover.change)
        if postings:
            yield ""
            yield from transaction(date, turnover, postings, currency)
    after = date_of(day.day + 1)
    yield ""
    for account in CHART:
        units = account.sign * day.accounts[account.column]
        # Without "~ 0" Beancount forgives a difference in the last decimal place.
        yield (
            f"{after} balance {account.name} {amount(units, account.unit)} ~ 0"
            f" {commodity(account.unit, currency)}"
        )


def transaction(
    date: str, turnover: Turnover, postings: Sequence[Posting], currency: str
) -> Iterator[str]:
    """One transaction: what happened, how often, and its postings."""
    count = "1 event" if turnover.events == 1 else f"{turnover.events} events"
    yield f"{date} * {quoted(f'{NARRATIONS[turnover.kind]}, {count}')}"
    for account, units in postings:
        yield f"  {account.name} {amount(units, account.unit)} {commodity(account.unit, currency)}"
