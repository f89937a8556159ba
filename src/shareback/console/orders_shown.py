"""Orders of the journal as rows of a table."""

from collections.abc import Sequence

from django.urls import reverse

from shareback.console.accounts import outside_ids
from shareback.console.desk import Desk
from shareback.console.tables import Cell, Column
from shareback.engine.calendar import day_text
from shareback.journal.models import Identity, Maturity, Order
from shareback.rules.layout import ABSENT, OrderState
from shareback.units.shown import NONE

STATE_MARKS = {OrderState.PAID: "warn", OrderState.MATURED: "good", OrderState.CLOSED: "quiet"}


def order_columns(desk: Desk) -> list[Column]:
    """The heads of a list of orders."""
    say = desk.voice.say
    return [
        Column(say("order_id"), "code"),
        Column(say("paid_on"), "num"),
        Column(say("buyer")),
        Column(say("seller")),
        Column(say("paid"), "num"),
        Column(say("refunded"), "num"),
        Column(say("state")),
        Column(say("due"), "num"),
    ]


def order_cells(desk: Desk, rows: Sequence[Order]) -> list[list[Cell]]:
    """Orders as people read them."""
    voice = desk.voice
    shops = merchant_names(desk, {row.merchant for row in rows})
    ids = outside_ids(desk.programme.pk, Identity.Kind.MEMBER, {row.member for row in rows})
    matured = matured_of(desk, [row.number for row in rows])
    return [
        [
            Cell(row.order_id, reverse("console:order", args=[row.number])),
            Cell(day_text(row.paid_day)),
            Cell(ids.get(row.member) or str(row.member), member_address(row.member)),
            merchant_cell(row.merchant, shops),
            Cell(voice.money(row.paid)),
            Cell(voice.money(row.refunded) if row.refunded else NONE),
            state_cell(desk, row, is_matured=row.number in matured),
            Cell(day_text(row.due_day) if row.due_day != ABSENT else NONE),
        ]
        for row in rows
    ]


def matured_of(desk: Desk, numbers: Sequence[int]) -> set[int]:
    """Those of some orders that have matured: that stands in a table of its own."""
    rows = Maturity.objects.filter(programme_id=desk.programme.pk, number__in=numbers)
    return set(rows.values_list("number", flat=True))


def state_cell(desk: Desk, order: Order, *, is_matured: bool) -> Cell:
    """How far an order's life has gone."""
    state = OrderState.MATURED if is_matured else OrderState(order.state)
    return Cell(desk.voice.say(f"order_state_{int(state)}"), mark=STATE_MARKS[state])


def merchant_names(desk: Desk, numbers: set[int]) -> dict[int, str]:
    """How merchants are called, by number; 0 is the programme's own shop."""
    ids = outside_ids(desk.programme.pk, Identity.Kind.MERCHANT, numbers)
    return {
        0: desk.voice.say("own_shop"),
        **{number: ids.get(number, "") for number in numbers if number},
    }


def merchant_cell(number: int, names: dict[int, str]) -> Cell:
    """A merchant, and the way to it."""
    address = reverse("console:merchant", args=[number]) if number else ""
    return Cell(names.get(number) or str(number), address)


def member_address(number: int) -> str:
    """Where a member is shown."""
    return reverse("console:member", args=[number])
