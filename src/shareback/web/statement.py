"""What a member's statement says: what is held, what is pending, and every entry by month."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.statements.account import OrderRow, RefundRow
from shareback.engine.statements.mark import Month as Sums
from shareback.engine.statements.pending import pending_worth
from shareback.engine.statements.reading import Statement
from shareback.engine.statements.replaying import Step
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Member
from shareback.rules.layout import ABSENT, MEMBER_WIDTH, Row, Term
from shareback.rules.layout import Member as Column
from shareback.rules.layout import Tier as TierColumn
from shareback.rules.member import credit, left_after_touch, weight
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div
from shareback.units.scales import PPM
from shareback.units.shown import share_text
from shareback.web.entries import Scribe, tier_shown
from shareback.web.plain_words import member_words
from shareback.web.shown import Voice

PENDING_SHOWN = 4
PENDING_FOLDED = 60
ENTRIES_A_PAGE = 50
FEN = 10_000
"""0.01 yuan, in µ¥."""


class Month(NamedTuple):
    """A month of a statement, closed: its name and what it came to."""

    key: str
    name: str
    entries: str
    points: str
    cash: str


class Dividend(NamedTuple):
    """A day's dividend, with the points that it was counted by."""

    day: str
    held: str
    money: str


class Pending(NamedTuple):
    """An order that has not matured yet, in words."""

    title: str
    worth: str


def statement(read: Statement, voice: Voice, wanted: tuple[str, int]) -> dict[str, Any]:
    """The context of a member's statement.

    Args:
        read: The statement.
        voice: The language of the page.
        wanted: The month to open, such as "2026-03" ("" for the latest), and its page from 1.
    """
    versions, timeline, member = read.versions, read.timeline, read.member
    row = row_of(member, versions[0])
    name, multiplier = tier_shown(versions[0], member.tier, voice)
    return {
        "programme": read.head,
        "number": member.number,
        "title": voice.say("member", number=member.number),
        "tier": name,
        "tier_note": voice.say("tier_note", multiplier=multiplier) if versions[0].tiers else "",
        **holdings(member, row, timeline, voice),
        "quota": quota(row, timeline, voice),
        **pending(read, [version.terms_row() for version in versions], voice),
        "words": member_words(member, row, versions[read.head.terms], timeline, voice),
        **months(read, voice, wanted),
    }


def row_of(member: Member, first: Parameters) -> Row:
    """The member as the rules take it, its weight included."""
    row = [0] * MEMBER_WIDTH
    for column in range(Column.WEIGHT):
        row[column] = getattr(member, Column(column).name.lower())
    multiplier = first.tier_rows()[member.tier][TierColumn.MULTIPLIER]
    row[Column.WEIGHT] = weight(member.points, multiplier)
    return row


def holdings(member: Member, row: Row, timeline: Timeline, voice: Voice) -> dict[str, str]:
    """What the member holds now, valued at today's price."""
    today = timeline.today
    points, price = voice.points(member.points), voice.price(today.price)
    return {
        "points": points,
        "value": voice.money(today.worth(member.points)),
        "value_note": voice.say("points_value_note", points=points, price=price),
        "cash": voice.money(member.cash),
        "coins": voice.coins(member.coins),
        "accrued": voice.money(credit(row, today.index_scaled)),
        "owed": voice.money(member.receivable) if member.receivable else "",
    }


def quota(row: Row, timeline: Timeline, voice: Voice) -> dict[str, str | int]:
    """The quota as a ring: granted, used with what has accrued, and left."""
    granted = row[Column.QUOTA]
    left = left_after_touch(row, timeline.today.index_scaled)
    used = granted - left
    return {
        "granted": voice.money(granted),
        "used": voice.money(used),
        "left": voice.money(left),
        "share": voice.say("quota_ring", share=share_text(used, granted, 1)),
        "ring": min(PPM, mul_div(max(0, used), PPM, granted)) if granted > 0 else 0,
    }


def pending(read: Statement, terms: Sequence[Row], voice: Voice) -> dict[str, Any]:
    """Orders that have not matured, the latest first, each with its worth in yuan (R6.1)."""
    waiting = read.pending(PENDING_SHOWN + PENDING_FOLDED)
    shown, folded = waiting[:PENDING_SHOWN], waiting[PENDING_SHOWN:]

    def worth_of(some: Sequence[OrderRow]) -> int:
        return sum(pending_worth(order.row, terms[order.terms]) for order in some)

    def together(name: str, without: Sequence[OrderRow]) -> str:
        count, worth = read.waiting.count - len(without), read.waiting.worth_uyuan
        worth -= worth_of(without)
        return voice.say(name, count=voice.count(count), worth=voice.money(worth)) if count else ""

    return {
        "pending": [pending_words(order, terms[order.terms], voice) for order in shown],
        "pending_folded": [pending_words(order, terms[order.terms], voice) for order in folded],
        "pending_sum": together("pending_sum", ()),
        "pending_rest": together("pending_rest", shown),
        "pending_more": together("pending_more", waiting),
    }


def pending_words(order: OrderRow, terms: Row, voice: Voice) -> Pending:
    """An order that waits, in words: "pending, worth ¥21 until day …"."""
    net = voice.money(order.paid - order.refunded)
    day = day_text(order.paid_day)
    title = voice.say("pending_order", order=order.order_id, day=day, paid=net)
    if order.linked == 1:
        return Pending(title, voice.say("pending_linked"))
    worth = voice.money(pending_worth(order.row, terms))
    most = "_up_to" if terms[Term.PER_SPEND] == 1 else ""
    if order.due_day == ABSENT:
        days = terms[Term.MATURITY_DAYS]
        return Pending(title, voice.say(f"pending_unreceived{most}", worth=worth, days=days))
    name = f"pending{most or '_worth'}"
    return Pending(title, voice.say(name, worth=worth, day=day_text(order.due_day)))


def months(read: Statement, voice: Voice, wanted: tuple[str, int]) -> dict[str, Any]:
    """All months, the latest first, and the one that is open with its entries."""
    by_key = {month_key(month): month for month in reversed(read.months())}
    opened = wanted[0] if wanted[0] in by_key else next(iter(by_key), "")
    return {
        "months": [closed_month(key, month, voice) for key, month in by_key.items()],
        "opened": opened,
        "month": open_month(read, by_key[opened], voice, wanted[1]) if opened else None,
    }


def month_key(month: Sums) -> str:
    """A month as addresses name it, such as 2026-03."""
    return f"{month.month // 100:04}-{month.month % 100:02}"


def closed_month(key: str, month: Sums, voice: Voice) -> Month:
    """A month's name and sums."""
    return Month(
        key,
        voice.month(f"{key}-01"),
        voice.say("month_entries", count=voice.count(month.told)),
        voice.points_gain(month.points) or "0",
        voice.gain(month.money),
    )


def open_month(read: Statement, month: Sums, voice: Voice, page: int) -> dict[str, Any]:
    """A month's entries, a page of them, and its dividends day by day."""
    shared = read.dividends(month)
    pages = max(1, -(-month.told // ENTRIES_A_PAGE))
    page = min(max(page, 1), pages)
    last = month.told - (page - 1) * ENTRIES_A_PAGE
    shown = [one.step for one in read.told(month, shared, max(0, last - ENTRIES_A_PAGE), last)]
    return {
        "name": voice.month(f"{month_key(month)}-01"),
        "entries": scribe_of(read, shown, voice).entries(shown[::-1]),
        "dividends": [
            Dividend(day_text(one.day), voice.points(one.held), dividend_shown(one.money, voice))
            for one in reversed(shared)
        ],
        "dividends_sum": voice.gain(sum(one.money for one in shared)),
        "dividends_days": voice.say("dividends_days", days=len(shared)),
        "page": page,
        "pages": pages,
        "page_words": voice.say("pages", page=page, pages=pages),
        "newer": page - 1,
        "older": page + 1 if page < pages else 0,
    }


def scribe_of(read: Statement, shown: Sequence[Step], voice: Voice) -> Scribe:
    """Who puts some entries into words: with the days and the orders that they name."""
    read.timeline.reach({step.day for step in shown})
    named = {step.source.order for step in shown if isinstance(step.source, RefundRow)}
    return Scribe(read.orders_of(named), read.timeline, read.versions[0], voice)


def dividend_shown(money: int, voice: Voice) -> str:
    """A day's dividend; one of less than a fen in full, since ¥0.00 would be untrue."""
    return f"+{voice.money_exact(money)}" if money < FEN else voice.gain(money)
