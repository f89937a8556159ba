"""R3.7: prices, indices and totals stay below 2⁶²; what would pass is refused or cut."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member, Merchant, Order, Term
from shareback.rules.member import exit_key
from shareback.rules.order import rate_is_allowed
from shareback.rules.refunding import Claim, is_in_range, with_dividends
from tests.rules.world import GOLDEN, POINT, YUAN, World

if TYPE_CHECKING:
    from collections.abc import Callable

RANGE = 2**62
NEVER = 2**63 - 1


def test_the_bank_stays_below_two_to_the_sixty_second() -> None:
    world = World()
    world.fund(YUAN)
    refusal = world.refused(Code.OUT_OF_RANGE, world.fund, RANGE - YUAN)
    assert (refusal.have, refusal.need) == (RANGE - YUAN, RANGE - YUAN)
    world.fund(RANGE - YUAN - 1)
    world.refused(Code.OUT_OF_RANGE, world.record_unmatched, 1)


def test_an_order_whose_cash_the_bank_cannot_count_is_refused() -> None:
    world = World(**GOLDEN)
    world.join()
    world.fund(RANGE - 1 - 30 * YUAN)
    refusal = world.refused(Code.OUT_OF_RANGE, world.buy, 1, 100 * YUAN + 4)
    assert (refusal.have, refusal.need) == (30 * YUAN + 1, 30 * YUAN + 1)
    world.buy(1, 100 * YUAN)


def test_quota_granted_and_pending_stay_below_two_to_the_sixty_second() -> None:
    world = World(maturity_days=1)
    world.join()
    world.open_shop()
    world.link(1, 1, 5)
    world.buy(1, 2**60)
    world.close(2)
    world.buy(1, 2**60 - 2)
    refusal = world.refused(Code.OUT_OF_RANGE, world.buy, 1, 2)
    assert (refusal.have, refusal.need) == (4, 4)
    world.buy(1, 1)
    # A linked order grants none.
    world.buy(1, 2**40, merchant=1)


def test_the_quota_of_a_funded_award_stays_in_range_too() -> None:
    world = World(maturity_days=1, backing_rate="0.000001", dividend_rate=0)
    world.join()
    world.buy(1, 2**61 - YUAN)
    world.fund(2 * YUAN)
    world.refused(Code.OUT_OF_RANGE, world.award, 1, YUAN, YUAN)
    world.award(1, YUAN - 1, YUAN - 1)


@given(st.integers(0, RANGE), st.integers(1, RANGE - 1), st.integers(0, RANGE - 1))
def test_an_exit_key_is_exact_or_never(left: int, points: int, index: int) -> None:
    exact = -(-left * 10**12 // points) + index
    assert exit_key(left, points, index, 10**6) == min(exact, NEVER)


@given(st.integers(1, RANGE), st.integers(1, RANGE - 1), st.integers(0, RANGE - 1))
def test_an_exit_key_of_less_than_no_quota_is_exact_or_saturates_below(
    owed: int, points: int, index: int
) -> None:
    exact = index - min(owed * 10**12 // points, NEVER)
    assert exit_key(-owed, points, index, 10**6) == max(exact, -RANGE)


def test_an_exit_key_of_two_to_the_sixty_third_less_one_means_never() -> None:
    assert exit_key(NEVER - 1, 10**12, 0, 10**6) == NEVER - 1
    assert exit_key(NEVER, 10**12, 0, 10**6) == NEVER
    assert exit_key(NEVER - 1, 10**12, 1, 10**6) == NEVER
    assert exit_key(NEVER - 2, 10**12, 1, 10**6) == NEVER - 1


def never_exits() -> World:
    """One holder of 2,100 units at a million yuan a point, whose quota is a thousandfold."""
    world = World(maturity_days=1, issue_price=1_000_000, quota_multiple=1_000, referral_rate=0)
    world.buy(world.join())
    world.open_shop()
    world.link(0, 1, 3)
    world.join(party=3)
    return world


def test_a_key_that_saturates_never_exits_and_never_stops_the_index() -> None:
    world = never_exits()
    world.close(2)
    assert world.member(1)[Member.KEY] == NEVER
    world.close()
    assert world.head(Head.INDEX) == 15 * YUAN * 10**12 // 2_100
    assert world.head(Head.EXITS) == 0


def test_the_step_of_the_index_is_cut_at_two_to_the_sixty_second_and_the_rest_carried() -> None:
    world = never_exits()
    world.close(2)
    world.buy(2, 100_000 * YUAN, merchant=1)
    world.close(3)
    assert world.head(Head.INDEX) == RANGE - 1
    moved = -(-(RANGE - 1) * 2_100 // 10**12)
    assert (world.head(Head.PAYABLE), world.head(Head.POT)) == (
        moved,
        15_015 * YUAN - moved,
    )
    world.close()
    assert world.head(Head.INDEX) == RANGE - 1


def test_the_multiplied_index_is_what_stays_in_range() -> None:
    tiers = [{"name": "gold", "threshold": 1, "multiplier": 4}]
    world = World(
        maturity_days=1,
        issue_price=1_000_000,
        quota_multiple=1_000,
        tiers=tiers,
        referral_rate=0,
        supply_cap=1_000,
    )
    world.buy(world.join())
    world.open_shop()
    world.link(0, 1, 3)
    world.buy(world.join(party=3), 200_000 * YUAN, merchant=1)
    world.close(3)
    assert world.head(Head.INDEX) == RANGE // 4 - 1


def test_what_a_late_refund_books_stays_in_range() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    order = world.order(1)
    # By hand: as if the order had awarded points whose dividends cannot be counted.
    order[Order.POINTS_BUYER] = 10**12
    order[Order.EARNED_BUYER] = -RANGE
    order[Order.DIVIDENDS_BUYER] = -RANGE
    world.refused(Code.OUT_OF_RANGE, world.refund, 1, 100 * YUAN)


@pytest.mark.parametrize(("points", "is_counted"), [(10**12 - 1, True), (10**12, False)])
def test_the_dividends_that_points_earned_are_owed_up_to_the_range(
    points: int,
    is_counted: bool,  # noqa: FBT001
) -> None:
    head = World().state.head
    owing = with_dividends(Claim(points, 0, 0, 0), RANGE, NEVER)
    assert owing.owed == -(-points * RANGE // 10**12)
    assert is_in_range(head, owing, Claim(0, 0, 0, 0)) == is_counted
    assert with_dividends(Claim(RANGE, 0, 1, 0), RANGE, NEVER).owed == NEVER


@pytest.mark.parametrize(("before", "one", "other"), [(0, 1, 0), (1, 0, 0), (0, 0, 1)])
def test_what_all_members_owe_together_is_counted(before: int, one: int, other: int) -> None:
    head = World().state.head
    third = RANGE // 4
    head[Head.RECEIVABLES] = 2 * third
    claims = [Claim(0, 0, third - 1, 0), Claim(0, 0, third, 0)]
    assert is_in_range(head, *claims)
    head[Head.RECEIVABLES] += before
    claims = [Claim(0, 0, third - 1 + one, 0), Claim(0, 0, third + other, 0)]
    assert not is_in_range(head, *claims)


@pytest.mark.parametrize("rate", [0, -1, 350_001, 2_000_000, 10**6])
def test_an_orders_own_backing_rate_keeps_the_programmes_promises(rate: int) -> None:
    world = World()
    world.join()
    world.refused(Code.AMOUNT_INVALID, world.buy, 1, backing=rate)
    world.buy(1, backing=350_000)
    world.buy(1, backing=1)


def test_a_backing_rate_below_the_margin_and_not_below_the_quota_multiple_is_refused() -> None:
    terms = World(backing_rate="0.1", quota_multiple="0.2").terms
    assert rate_is_allowed(terms, 199_999)
    assert not rate_is_allowed(terms, 200_000)
    assert terms[Term.MARGIN] == 500_000


def test_what_the_operator_ever_put_in_stays_in_range() -> None:
    world = World()
    world.fund(RANGE - 1)
    world.withdraw_treasury(RANGE - 1)
    refusal = world.refused(Code.OUT_OF_RANGE, world.fund, 1)
    assert (refusal.have, refusal.need) == (1, 1)


@pytest.mark.parametrize("sells", ["redeem", "spend", "redeem_merchant"])
def test_what_was_ever_redeemed_stays_in_range(sells: str) -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.buy(world.join())
    world.open_shop()
    world.convert(2, world.points(2))
    world.pay_coins(2, 1, world.member(2)[Member.COINS])
    world.exchange(1, world.shop(1)[Merchant.COINS])
    cases: dict[str, tuple[Callable[..., object], tuple[int, ...], int]] = {
        "redeem": (world.redeem, (1, 7 * POINT), 7 * POINT * world.reserve // world.supply),
        "spend": (world.spend, (1, 1, 7 * POINT), 7 * POINT * world.reserve // world.supply),
        "redeem_merchant": (
            world.redeem_merchant,
            (1, world.shop(1)[Merchant.POINTS]),
            world.shop(1)[Merchant.COST],
        ),
    }
    action, arguments, worth = cases[sells]
    # By hand: as if so much had been redeemed before.
    world.state.head[Head.REDEEMED] = RANGE - worth
    assert world.attempt(action, *arguments) == Code.OUT_OF_RANGE
    world.state.head[Head.REDEEMED] -= 1
    assert world.attempt(action, *arguments) == Code.ACCEPTED


@pytest.mark.parametrize(("came_in", "code"), [(0, Code.ACCEPTED), (1, Code.OUT_OF_RANGE)])
def test_the_dividends_that_ever_came_in_stay_in_range(came_in: int, code: Code) -> None:
    world = World(referral_rate=0)
    member = world.join()
    # By hand: as if so much had come in and been credited; 45 yuan of an order go to escrow.
    for column in (Head.DIVIDENDS_IN, Head.DIVIDENDS_CREDITED):
        world.state.head[column] = RANGE - 45 * YUAN - 1 + came_in
    assert world.attempt(world.buy, member) == code
