"""The worked example under any parameters: orders of ¥100, one after another, by the rules."""

from typing import NamedTuple

from shareback.rules import commands
from shareback.rules.apply import apply_command
from shareback.rules.decide import blank_state, make_room
from shareback.rules.layout import RESULT_WIDTH, Head, Order, Row, State
from shareback.rules.pool import price_scaled
from shareback.rules.programme import Programme
from shareback.units.scales import UYUAN_PER_YUAN

ORDER = 100 * UYUAN_PER_YUAN
SHOWN = (1, 2, 3, 4, 10, 100)


class Line(NamedTuple):
    """The state after an order.

    Attributes:
        order: How many there were.
        award: Points that the last buyer got, in units.
        reserve: µ¥.
        supply: Points, in units.
        price: Scaled (R3).
    """

    order: int
    award: int
    reserve: int
    supply: int
    price: int


def worked(parameters: Programme) -> list[Line]:
    """What the first hundred orders would come to, each of a new member, at once received.

    They mature at their receipt, so that each line follows from the one before it; nobody is
    referred and no day is closed.

    Source:
        R3.8, with these parameters.
    """
    fields = parameters.model_dump(mode="json", by_alias=True) | {"maturity_days": 0}
    parameters = Programme.model_validate(fields)
    state = blank_state(parameters.terms_row(), parameters.tier_rows(), 1)
    lines = []
    for number in range(1, max(SHOWN) + 1):
        run(state, commands.join_member(1, number))
        rate = parameters.backing_rate
        run(state, commands.pay_order(1, number, number, 0, ORDER, rate, received=1))
        if number in SHOWN:
            head = state.head
            price = price_scaled(head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])
            award = state.orders[number][Order.POINTS_BUYER]
            lines.append(Line(number, award, head[Head.RESERVE], head[Head.SUPPLY], price))
    return lines


def run(state: State, command: Row) -> None:
    """Apply a command of the example."""
    make_room(state)
    apply_command(state, command, [0] * RESULT_WIDTH)
