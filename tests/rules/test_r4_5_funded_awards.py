"""R4.5: somebody pays for every award, and never for oneself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member
from tests.rules.world import GOLDEN, POINT, YUAN, World


def funded(**parameters: object) -> World:
    """R = 30 yuan, S = 21 points; treasury 100 yuan; a shop that is owed 10 yuan."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.open_shop()
    world.spend(1, 1, 7 * POINT)
    world.fund(100 * YUAN)
    return world


def test_the_money_goes_into_the_reserve_and_the_points_to_the_member() -> None:
    world = funded()
    answer = world.award(1, 20 * YUAN, 10 * YUAN)
    assert answer.points == 7 * POINT
    assert (world.reserve, world.supply) == (40 * YUAN, 21 * POINT)
    assert world.head(Head.FREE) == 80 * YUAN
    assert world.member(1)[Member.QUOTA] == 240 * YUAN
    assert world.events[0].kind == EffectKind.AWARD_FUNDED


def test_a_merchant_may_pay_out_of_what_it_is_owed() -> None:
    world = funded()
    refusal = world.refused(Code.PAYABLE_SHORT, world.award, 1, 10 * YUAN + 1, YUAN, 1)
    assert (refusal.have, refusal.need) == (10 * YUAN, 10 * YUAN + 1)
    world.award(1, 10 * YUAN, YUAN, 1)
    assert (world.payable(1), world.head(Head.FREE)) == (0, 100 * YUAN)


def test_the_treasury_pays_no_more_than_its_free_part() -> None:
    world = funded()
    refusal = world.refused(Code.TREASURY_SHORT, world.award, 1, 100 * YUAN + 1, YUAN)
    assert (refusal.have, refusal.need) == (100 * YUAN, 100 * YUAN + 1)
    world.award(1, 100 * YUAN, YUAN)


def test_the_value_is_at_most_the_money() -> None:
    world = funded()
    refusal = world.refused(Code.VALUE_ABOVE_MONEY, world.award, 1, YUAN, YUAN + 1)
    assert (refusal.have, refusal.need) == (YUAN, YUAN + 1)
    world.award(1, YUAN, YUAN)


def test_the_value_is_below_the_quota_that_comes_with_it() -> None:
    world = funded(quota_multiple="0.5")
    refusal = world.refused(Code.VALUE_ABOVE_QUOTA, world.award, 1, YUAN, YUAN // 2)
    assert (refusal.have, refusal.need) == (YUAN // 2, YUAN // 2)
    world.award(1, YUAN, YUAN // 2 - 1)


def test_nobody_buys_points_for_oneself_through_a_shop() -> None:
    world = funded()
    world.link(1, 1, 3)
    world.refused(Code.LINKED_PARTIES, world.award, 1, YUAN, YUAN, 1)
    world.award(1, YUAN, YUAN)


def test_an_award_that_buys_no_unit_is_refused() -> None:
    world = World(**(GOLDEN | {"issue_price": 1_000_000}))
    world.join()
    world.fund(YUAN)
    world.refused(Code.NOTHING_TO_PAY, world.award, 1, YUAN, 9_999)
    assert world.award(1, YUAN, 10_000).points == 1


def test_an_award_that_the_cap_does_not_hold_is_refused_whole() -> None:
    world = funded(supply_cap=28)
    refusal = world.refused(Code.SUPPLY_CAP_REACHED, world.award, 1, 20 * YUAN, 10_000_001)
    assert (refusal.have, refusal.need) == (7 * POINT, 700_000_070)
    assert world.award(1, 20 * YUAN, 10 * YUAN).points == 7 * POINT
    world.refused(Code.SUPPLY_CAP_REACHED, world.award, 1, 20 * YUAN, 1_000)


def test_an_award_names_whom_there_is() -> None:
    world = funded()
    world.refused(Code.MEMBER_UNKNOWN, world.award, 0, YUAN, YUAN)
    world.state.merchants.append([0] * len(world.state.merchants[0]))
    world.refused(Code.MERCHANT_UNKNOWN, world.award, 1, YUAN, YUAN, 2)


awards = st.lists(st.tuples(st.integers(1_000, 10**8), st.integers(0, 10**8)), max_size=6)


@settings(max_examples=40)
@given(awards)
def test_an_award_never_dilutes(made: list[tuple[int, int]]) -> None:
    world = funded()
    world.fund(1_000 * YUAN)
    world.join()
    for value, more in made:
        before = world.price
        world.award(2, value + more, value)
        assert world.price >= before


@settings(max_examples=40)
@given(awards)
def test_an_award_of_its_whole_money_never_exits_at_once(made: list[tuple[int, int]]) -> None:
    world = funded(quota_multiple="1.001")
    world.fund(1_000 * YUAN)
    world.join()
    for value, _ in made:
        held = world.points(2)
        world.award(2, value, value)
        assert world.points(2) > held
    assert world.left(2) == sum(value + value // 1_000 for value, _ in made)
