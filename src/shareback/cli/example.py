"""``shareback example``: the worked example, computed by the production rules."""

import typer
from rich.table import Table

from shareback.cli.console import Fault, out, show_json
from shareback.rules import commands
from shareback.rules.apply import apply_command
from shareback.rules.decide import blank_state, make_room
from shareback.rules.layout import RESULT_WIDTH, Head, Member, Order, Row, State
from shareback.rules.programme import TEST_ISSUER, Programme
from shareback.units.exact import mul_div
from shareback.units.scales import UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_half_up, price_of

ORDERS_MAX = 100_000
ORDER_UYUAN = 100 * UYUAN_PER_YUAN
PLACES = 4


def worked_example(orders: int) -> tuple[list[dict[str, object]], str]:
    """The seed's example: 100-yuan orders of new members, each maturing at its receipt.

    Args:
        orders: How many, 1 .. `ORDERS_MAX`.

    Returns:
        A row for each order, and what the first member's points are worth at the end.

    Source:
        R3.8.
    """
    programme = Programme(
        issuer=TEST_ISSUER,
        maturity_days=0,
        referral_rate="0",
        dividend_rate="0",
    )
    state = blank_state(programme.terms_row(), programme.tier_rows(), 1)
    rows: list[dict[str, object]] = []
    for number in range(1, orders + 1):
        run(state, commands.join_member(1, number))
        rate = programme.backing_rate
        run(state, commands.pay_order(1, number, number, 0, ORDER_UYUAN, rate, received=1))
        rows.append(line(state, number))
    head = state.head
    worth = mul_div(state.members[1][Member.POINTS], head[Head.RESERVE], head[Head.SUPPLY])
    return rows, format_half_up(worth, UYUAN_PER_YUAN, PLACES)


def run(state: State, command: Row) -> None:
    """Apply a command of the example, which none of the rules refuses."""
    make_room(state)
    apply_command(state, command, [0] * RESULT_WIDTH)


def line(state: State, number: int) -> dict[str, object]:
    """The state after an order, as decimal strings rounded half-up."""
    head = state.head
    award = state.orders[number][Order.POINTS_BUYER]
    return {
        "order": number,
        "award_points": format_half_up(award, UNITS_PER_POINT, PLACES),
        "reserve": format_half_up(head[Head.RESERVE], UYUAN_PER_YUAN, PLACES),
        "supply": format_half_up(head[Head.SUPPLY], UNITS_PER_POINT, PLACES),
        "price": price_of(head[Head.RESERVE], head[Head.SUPPLY]),
    }


def example(
    orders: int = typer.Option(100, "--orders", help="How many orders of 100 yuan."),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object instead of a table."),
) -> None:
    """Show the worked example: 100-yuan orders, one after another."""
    if not 1 <= orders <= ORDERS_MAX:
        raise Fault(f"--orders {orders} is not between 1 and {ORDERS_MAX}")
    rows, first = worked_example(orders)
    if as_json:
        show_json({"rows": rows, "first_holder_value": first})
        return
    table = Table(title="100-yuan orders, 30 % into the reserve, 70 % of that as points")
    for name in ("order", "award_points", "reserve", "supply", "price"):
        table.add_column(name.replace("_", " "), justify="right")
    shown = rows if len(rows) <= 20 else [*rows[:10], *rows[-5:]]  # noqa: PLR2004
    for row in shown:
        table.add_row(*map(str, row.values()))
    out.print(table)
    out.print(f"The first buyer's points are worth ¥{first} now.")
