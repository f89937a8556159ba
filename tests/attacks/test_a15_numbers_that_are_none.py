"""A15: what is no plain amount is refused; products are exact beyond 64 bits."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shareback.rules.codes import Code
from shareback.rules.pool import points_for, worth_up
from shareback.units.text import AmountUnreadable, parse_decimal
from tests.rules.world import GOLDEN, POINT, YUAN, Refused, World

NO_AMOUNTS = [
    *("NaN", "nan", "Infinity", "-inf", "1e400", "1E2", "0x10", "1_000", "1,000", "\uff11\uff10"),
    *("-1", "+1", " 1", "1 ", "", ".5", "5.", "01", "1.2.3", "٣", "1\n", "0.0000001"),
    *("9" * 30, "9" * 19, "4611686018427.387904"),
]


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_plain_amount_of_yuan_is_refused(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        parse_decimal(text, YUAN)


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_a_parameter_of_it_names_its_field(text: str) -> None:
    with pytest.raises(ValidationError, match="late_refund_limit"):
        World(late_refund_limit=text)


HUGE = [0, -1, -(10**30), 2**62, 2**63 - 1]


def attempts(world: World, amount: int) -> list[Callable[[], object]]:
    """Every way to bring in an amount that nobody has."""
    return [
        lambda: world.buy(1, amount),
        lambda: world.refund(1, amount),
        lambda: world.redeem(1, amount),
        lambda: world.convert(1, amount),
        lambda: world.spend(1, 1, amount),
        lambda: world.withdraw(1, amount),
        lambda: world.pay_coins(1, 1, amount),
        lambda: world.exchange(1, amount),
        lambda: world.redeem_merchant(1, amount),
        lambda: world.settle(1, amount),
        lambda: world.award(1, amount, amount),
        lambda: world.award(1, amount, 1),
        lambda: world.fund(amount),
        lambda: world.withdraw_treasury(amount),
        lambda: world.record_unmatched(amount),
    ]


@pytest.mark.parametrize("amount", HUGE)
def test_amounts_of_nothing_less_or_beyond_all_bounds_are_refused_everywhere(amount: int) -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.open_shop()
    before = list(world.state.head)
    for attempt in attempts(world, amount):
        with pytest.raises(Refused):
            attempt()
    assert world.state.head == before


def test_the_largest_order_that_fits_is_taken_and_a_unit_more_is_not() -> None:
    world = World(**(GOLDEN | {"maturity_days": 1}))
    world.join()
    world.refused(Code.OUT_OF_RANGE, world.buy, 1, 2**61)
    world.buy(1, 2**61 - 1)
    world.close(2)
    value = (2**61 - 1) * 3 // 10 * 7 // 10
    assert world.points(1) == min(value * 100, 100_000_000 * POINT)


@given(st.integers(1, 2**62), st.integers(1, 2**62), st.integers(1, 2**62))
def test_products_beyond_sixty_four_bits_are_exact(value: int, reserve: int, supply: int) -> None:
    exact = value * supply // reserve
    assert points_for(value, reserve, supply, 0) == min(exact, 2**63 - 1)
    assert worth_up(value, reserve, supply, 0) == min(-(-value * reserve // supply), 2**63 - 1)
