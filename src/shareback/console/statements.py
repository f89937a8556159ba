"""A member's statement at the console: each entry, what it changed, and what is behind it."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from shareback.console.desk import Desk
from shareback.console.keyset import A_PAGE, whole
from shareback.console.movements import entry_address
from shareback.console.site import show
from shareback.console.tables import Cell, Column, query, table
from shareback.engine.calendar import day_text
from shareback.engine.statements.account import MovementRow, OrderRow, RefundRow
from shareback.engine.statements.reading import Numbered, Statement, statement_in_one_state
from shareback.engine.statements.replaying import Step
from shareback.journal.models import Member
from shareback.units.shown import NONE

COLUMNS = (
    ("number", "num"),
    ("day", "num"),
    ("what", ""),
    ("why", ""),
    ("points", "num"),
    ("held", "num"),
    ("cash", "num"),
    ("coins", "num"),
    ("quota", "num"),
)


def statement_page(request: HttpRequest, desk: Desk, member: Member) -> HttpResponse:
    """A page of a statement, the latest entries first.

    Raises:
        Http404: The member is gone.
    """
    say = desk.voice.say
    asked = whole(request.GET.get("after", ""))
    with statement_in_one_state(desk.programme, member.number, desk.versions) as read:
        if read is None:
            raise Http404(str(member.number))
        last = read.entries if asked is None else min(asked, read.entries)
        entries = read.between(last - A_PAGE, last)[::-1]
        shown = cells(desk, read, entries)
    heads = [Column(say(name), kind) for name, kind in COLUMNS]
    older = str(entries[-1].entry) if entries and entries[-1].entry > 0 else ""
    return show(
        request,
        "list",
        say("statement"),
        lead=say("statement_lead"),
        above=(
            reverse("console:member", args=[member.number]),
            say("member", number=member.number),
        ),
        table=table(heads, shown, say("nothing")),
        older=query(request, after=older) if older else "",
        newest=query(request, after="") if asked is not None else "",
    )


def cells(desk: Desk, read: Statement, entries: Sequence[Numbered]) -> list[list[Cell]]:
    """Entries as rows."""
    sources = [one.step.source for one in entries]
    refunded = {source.order for source in sources if isinstance(source, RefundRow)}
    orders = read.orders_of(refunded)
    voice = desk.voice

    def changed(units: int, shown: str) -> Cell:
        if units == 0:
            return Cell(NONE, mark="quiet")
        return Cell(f"+{shown}" if units > 0 else shown)

    return [
        [
            Cell(str(entry)),
            Cell(day_text(step.day)),
            Cell(what(desk, step)),
            why(desk, step, orders),
            changed(step.points, voice.points(step.points)),
            Cell(voice.points(step.held)),
            changed(step.money, voice.money(step.money)),
            changed(step.coins, voice.coins(step.coins)),
            changed(step.quota, voice.money(step.quota)),
        ]
        for entry, step in entries
    ]


def what(desk: Desk, step: Step) -> str:
    """What happened, in words."""
    if isinstance(step.source, MovementRow):
        return desk.voice.say(f"effect_{step.source.kind}")
    return desk.voice.say(f"step_{step.what}")


def why(desk: Desk, step: Step, orders: dict[int, OrderRow]) -> Cell:
    """What is behind it: an order, an entry of the journal, or nothing but the day."""
    source = step.source
    if isinstance(source, MovementRow):
        address = entry_address(source.sequence) if desk.may_see("entry") else ""
        return Cell(f"#{source.sequence}", address)
    if isinstance(source, RefundRow):
        order = orders[source.order]
        return Cell(order.order_id, order_address(order.number), note=source.refund_id)
    if isinstance(source, OrderRow):
        return Cell(source.order_id, order_address(source.number))
    if source is not None:
        return Cell(f"{desk.voice.say('order_id')} {source.number}", order_address(source.number))
    return Cell(NONE, mark="quiet")


def order_address(number: int) -> str:
    """Where an order is shown."""
    return reverse("console:order", args=[number])
