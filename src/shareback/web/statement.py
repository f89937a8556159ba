"""What a member's statement says: what is held, what is pending, and every entry by month."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.statements.account import Account, OrderRow
from shareback.engine.statements.pending import pending_worth
from shareback.engine.statements.replaying import Replay, Step
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Member, Programme
from shareback.rules.layout import ABSENT, MEMBER_WIDTH, Row, Term
from shareback.rules.layout import Member as Column
from shareback.rules.layout import Tier as TierColumn
from shareback.rules.member import credit, left_after_touch, weight
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div
from shareback.units.scales import PPM
from shareback.web.entries import Scribe, tier_shown
from shareback.web.plain_words import member_words
from shareback.web.shown import Voice, share_text

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


def statement(
    programme: Programme,
    account: Account,
    versions: list[Parameters],
    voice: Voice,
    wanted: tuple[str, int],
) -> dict[str, Any]:
    """The context of a member's statement.

    Args:
        programme: The head row.
        account: What the journal holds about the member.
        versions: All versions of the parameters.
        voice: The language of the page.
        wanted: The month to open, such as "2026-03" ("" for the latest), and its page from 1.
    """
    timeline = Timeline(programme)
    parameters = versions[programme.terms]
    member = account.member
    row = row_of(member, versions[0])
    steps = Replay(account, timeline, versions).run()
    scribe = Scribe({o.number: o for o in account.orders}, timeline, versions[0], voice)
    name, multiplier = tier_shown(versions[0], member.tier, voice)
    return {
        "programme": programme,
        "number": member.number,
        "title": voice.say("member", number=member.number),
        "tier": name,
        "tier_note": voice.say("tier_note", multiplier=multiplier) if versions[0].tiers else "",
        **holdings(member, row, timeline, voice),
        "quota": quota(row, timeline, voice),
        **pending(account.orders, [version.terms_row() for version in versions], voice),
        "words": member_words(member, row, parameters, timeline, voice),
        **months(steps, scribe, voice, wanted),
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


def pending(orders: Sequence[OrderRow], terms: Sequence[Row], voice: Voice) -> dict[str, Any]:
    """Orders that have not matured, the latest first, each with its worth in yuan (R6.1)."""
    waiting = [order for order in reversed(orders) if order.is_pending]
    shown, rest = waiting[:PENDING_SHOWN], waiting[PENDING_SHOWN:]
    folded, left_out = rest[:PENDING_FOLDED], rest[PENDING_FOLDED:]

    def together(name: str, some: Sequence[OrderRow]) -> str:
        worth = voice.money(sum(pending_worth(order.row, terms[order.terms]) for order in some))
        return voice.say(name, count=voice.count(len(some)), worth=worth) if some else ""

    return {
        "pending": [pending_words(order, terms[order.terms], voice) for order in shown],
        "pending_folded": [pending_words(order, terms[order.terms], voice) for order in folded],
        "pending_sum": together("pending_sum", waiting),
        "pending_rest": together("pending_rest", rest),
        "pending_more": together("pending_more", left_out),
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


def months(
    steps: Sequence[Step], scribe: Scribe, voice: Voice, wanted: tuple[str, int]
) -> dict[str, Any]:
    """All months, the latest first, and the one that is open with its entries."""
    by_month: dict[str, list[Step]] = {}
    for step in steps:
        by_month.setdefault(day_text(step.day)[:7], []).append(step)
    keys = sorted(by_month, reverse=True)
    opened = wanted[0] if wanted[0] in by_month else next(iter(keys), "")
    return {
        "months": [closed_month(key, by_month[key], voice) for key in keys],
        "opened": opened,
        "month": open_month(by_month[opened], scribe, voice, wanted[1]) if opened else None,
    }


def closed_month(key: str, steps: Sequence[Step], voice: Voice) -> Month:
    """A month's name and sums."""
    count = sum(step.what != "dividend" for step in steps)
    return Month(
        key,
        voice.month(f"{key}-01"),
        voice.say("month_entries", count=voice.count(count)),
        voice.points_gain(sum(step.points for step in steps)) or "0",
        voice.gain(sum(step.money for step in steps)),
    )


def open_month(steps: Sequence[Step], scribe: Scribe, voice: Voice, page: int) -> dict[str, Any]:
    """A month's entries, a page of them, and its dividends day by day."""
    shared = [step for step in reversed(steps) if step.what == "dividend"]
    others = [step for step in reversed(steps) if step.what != "dividend"]
    pages = max(1, -(-len(others) // ENTRIES_A_PAGE))
    page = min(max(page, 1), pages)
    shown = others[(page - 1) * ENTRIES_A_PAGE : page * ENTRIES_A_PAGE]
    return {
        "name": voice.month(day_text(steps[0].day)),
        "entries": scribe.entries(shown),
        "dividends": [
            Dividend(day_text(step.day), voice.points(step.held), dividend_shown(step, voice))
            for step in shared
        ],
        "dividends_sum": voice.gain(sum(step.money for step in shared)),
        "dividends_days": voice.say("dividends_days", days=len(shared)),
        "page": page,
        "pages": pages,
        "page_words": voice.say("pages", page=page, pages=pages),
        "newer": page - 1,
        "older": page + 1 if page < pages else 0,
    }


def dividend_shown(step: Step, voice: Voice) -> str:
    """A day's dividend; one of less than a fen in full, since ¥0.00 would be untrue."""
    if step.money < FEN:
        return f"+{voice.money_exact(step.money)}"
    return voice.gain(step.money)
