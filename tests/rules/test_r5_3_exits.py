"""R5.3: who has reached the quota is sold out, in a fixed order, until nobody is due."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules import queue
from shareback.rules.exits import next_exit
from shareback.rules.layout import EffectKind, Head, Member
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, World


def lifted(world: World, money: int) -> None:
    """Money that raises the price and earns nobody anything: an order at one's own shop."""
    world.buy(1, money * 10, merchant=1, backing=100_000)


def with_lifter(**parameters: object) -> World:
    """Member 1 owns shop 1."""
    world = World(**(GOLDEN | parameters))
    world.join(party=3)
    world.open_shop(party=3)
    return world


def exited(world: World) -> list[int]:
    """Who exited in the last command, in order."""
    return [event.member for event in world.events if event.kind == EffectKind.MEMBER_EXITED]


def test_an_exit_pays_the_quota_left_less_the_fee_and_keeps_the_rest_in_the_reserve() -> None:
    world = with_lifter()
    world.buy(world.join())
    lifted(world, 171 * YUAN)
    # 21 points are worth 201 yuan, one more than the quota.
    assert exited(world) == [2]
    (event,) = [one for one in world.events if one.kind == EffectKind.MEMBER_EXITED]
    assert (event.points, event.gross_uyuan, event.money_uyuan) == (
        21 * POINT,
        200 * YUAN,
        180 * YUAN,
    )
    assert (world.cash(2), world.left(2), world.points(2)) == (180 * YUAN, 0, 0)
    assert (world.supply, world.head(Head.BOUND), world.head(Head.EXITS)) == (0, 21 * YUAN, 1)


def test_a_unit_below_the_quota_nobody_exits() -> None:
    # 210 yuan of quota for 21 points: due at 10 yuan a point.
    world = with_lifter(quota_multiple="2.1")
    world.buy(world.join())
    lifted(world, 180 * YUAN - 1)
    assert (world.head(Head.EXITS), world.points(2)) == (0, 21 * POINT)
    lifted(world, 1)
    assert (world.head(Head.EXITS), world.points(2)) == (1, 0)


def test_dividends_count_towards_the_quota_and_are_paid_first() -> None:
    world = World(maturity_days=1, referral_rate=0, quota_multiple="0.4")
    world.buy(world.join())
    world.buy(world.join(), 1_000 * YUAN)
    world.close(2)
    assert world.head(Head.EXITS) == 0
    world.close()
    # 30 yuan of value and 15 of dividends above a quota of 40.
    assert world.head(Head.EXITS) == 2
    row = world.member(1)
    assert row[Member.USED] == row[Member.QUOTA] == 40 * YUAN


def test_what_flooring_leaves_of_the_quota_is_used_up_by_the_exit() -> None:
    world = World(maturity_days=1, referral_rate=0, quota_multiple="0.4")
    world.buy(world.join(), 90 * YUAN)
    world.buy(world.join(), 341 * YUAN + 7)
    world.close(3)
    (event,) = [one for one in world.events if one.member == 1]
    row = world.member(1)
    # Dividends and value are both rounded down: together a µ¥ below the quota that they reached.
    assert row[Member.DIVIDENDS] + event.gross_uyuan == 36 * YUAN - 1
    assert row[Member.USED] == row[Member.QUOTA] == 36 * YUAN
    assert world.left(1) == 0


def test_new_spending_grants_new_quota_and_new_points() -> None:
    world = with_lifter()
    world.buy(world.join())
    lifted(world, 171 * YUAN)
    world.buy(2)
    assert (world.left(2), world.points(2) > 0) == (200 * YUAN, True)


def test_exits_run_by_key_and_each_may_raise_the_price_for_the_next() -> None:
    world = with_lifter()
    for paid in (100 * YUAN, 100 * YUAN, 50 * YUAN):
        world.buy(world.join(), paid)
    lifted(world, 1_000 * YUAN)
    keys = [world.member(member)[Member.KEY] for member in (2, 3, 4)]
    assert exited(world) == [member for _, member in sorted(zip(keys, (2, 3, 4), strict=True))]
    assert world.head(Head.EXITS) == 3


def test_an_exit_cascades_only_where_its_gain_lifts_the_next() -> None:
    world = World(**(GOLDEN | {"quota_multiple": "0.33"}))
    world.buy(world.join())
    world.buy(world.join())
    # Member 1's 21 points were worth 35.3 yuan of 33; its exit leaves 30.3 yuan for 14.7 points.
    assert (exited(world), world.points(2)) == ([1], 1_470_000_000)
    assert world.worth(2) == 60 * YUAN - (33 * YUAN - 3_300_000)


def test_members_of_equal_keys_exit_by_number() -> None:
    world = World(maturity_days=1, referral_rate=0, dividend_rate=0, quota_multiple="0.31")
    for _ in range(3):
        world.buy(world.join(), order_id=f"{9 - world.head(Head.MEMBERS)}")
    world.close(2)
    assert world.head(Head.EXITS) == 0
    world.buy(world.join(party=5))
    world.close(2)
    assert exited(world)[:3] == [1, 2, 3]


def test_the_fee_of_an_exit_is_rounded_up() -> None:
    world = with_lifter(quota_multiple="0.33")
    world.buy(world.join(), 100 * YUAN + 1)
    quota = world.member(2)[Member.QUOTA]
    assert quota == 33_000_000
    odd = with_lifter(quota_multiple="0.330001")
    odd.buy(odd.join(), 100 * YUAN + 1)
    lifted(odd, 100 * YUAN)
    # 33,000,100 µ¥ of quota pay a fee of 3,300,010; a unit more of it one more.
    assert odd.cash(2) == 33_000_100 - 3_300_010
    uneven = with_lifter(quota_multiple="0.330001")
    uneven.buy(uneven.join(), 100 * YUAN + 4)
    lifted(uneven, 100 * YUAN)
    assert uneven.member(2)[Member.QUOTA] == 33_000_101
    assert uneven.cash(2) == 33_000_101 - 3_300_011


def test_of_two_tiers_the_lower_number_exits_first_at_an_equal_price() -> None:
    tiers = [{"name": "silver", "threshold": 1, "multiplier": 2}]
    world = World(**(GOLDEN | {"tiers": tiers}))
    for _ in range(3):
        world.buy(world.join())
    state = world.state
    for slot, tier in ((1, 1), (2, 0), (3, 1)):
        # By hand: all three are due at the same price; the second is of another tier.
        queue.leave(state, state.members[slot][Member.TIER], slot)
        state.members[slot][Member.TIER] = tier
        state.members[slot][Member.KEY] = 10**10
        queue.enter(state, tier, slot)
    order = []
    while (slot := next_exit(state)) > 0:
        order.append(slot)
        queue.leave(state, state.members[slot][Member.TIER], slot)
    assert order == [1, 2, 3]


def test_an_exit_whose_dividends_use_up_the_quota_takes_the_points_for_nothing() -> None:
    world = World(maturity_days=1, referral_rate=0, quota_multiple=1)
    world.open_shop(party=3)
    world.buy(world.join(party=3), 10_000 * YUAN, merchant=1)
    world.buy(world.join())
    world.close(2)
    # 3,030 yuan of contributions: far above; the linked order's share made the points exit.
    assert world.head(Head.EXITS) == 1
    row = world.member(2)
    assert row[Member.USED] == row[Member.QUOTA]


@settings(max_examples=60)
@given(steps)
def test_after_every_command_nobody_is_due(taken: list[Step]) -> None:
    tiers = [{"name": "gold", "threshold": 10, "multiplier": 3}]
    walk(settled(World(maturity_days=1, quota_multiple="0.4", tiers=tiers)), taken)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 300), min_size=2, max_size=6), st.integers(1, 2_000))
def test_exits_end_and_leave_each_member_at_its_quota(paid: list[int], money: int) -> None:
    world = with_lifter(quota_multiple="0.5")
    for amount in paid:
        world.buy(world.join(), amount * YUAN)
    lifted(world, money * YUAN)
    for member in range(2, world.head(Head.MEMBERS) + 1):
        if world.points(member) == 0:
            assert world.left(member) == 0
            assert world.cash(member) <= world.member(member)[Member.QUOTA]
