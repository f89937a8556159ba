"""R12: at the end every account is paid the same price for all its points."""

import pytest
from hypothesis import given, settings

from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.kinds import Kind
from shareback.rules.layout import EffectKind, Head, Member, Merchant, Phase
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, Refused, World


def ending(**parameters: object) -> World:
    """Two buyers and one who holds coins; a shop with coins and points; the end is tomorrow."""
    world = World(**(GOLDEN | parameters))
    for _ in range(3):
        world.buy(world.join())
    world.open_shop()
    world.convert(3, world.points(3))
    world.pay_coins(3, 1, 20 * COIN)
    world.exchange(1, 10 * COIN)
    world.announce_end(1)
    return world


def test_the_end_is_announced_by_two_for_a_future_day() -> None:
    world = World()
    world.close(2)
    world.refused(Code.NEEDS_TWO_APPROVERS, world.announce_end, 5, 1)
    world.refused(Code.AMOUNT_INVALID, world.announce_end, 2)
    world.announce_end(3)
    assert world.head(Head.PHASE) == Phase.ANNOUNCED
    world.refused(Code.END_ANNOUNCED, world.announce_end, 4)


def test_it_does_not_end_unannounced_or_before_its_day() -> None:
    world = World()
    world.refused(Code.NOT_ENDED, world.end)
    world.announce_end(2)
    world.refused(Code.NOT_ENDED, world.end)
    world.close()
    world.refused(Code.NOT_ENDED, world.end)
    world.close()
    world.end()


def test_after_the_announcement_nothing_new_is_awarded() -> None:
    world = ending()
    world.fund(YUAN)
    world.refused(Code.END_ANNOUNCED, world.buy, 1)
    world.refused(Code.END_ANNOUNCED, world.award, 1, YUAN, YUAN)
    world.redeem(1, POINT)
    world.join()


def test_orders_on_their_way_mature_or_are_given_back_first() -> None:
    world = World(maturity_days=3)
    world.buy(world.join())
    stuck = world.buy(1, received=0)
    world.announce_end(1)
    world.close()
    refusal = world.refused(Code.ORDERS_PENDING, world.end)
    assert refusal.have == 2
    world.close(3)
    assert world.points(1) == 21 * POINT
    world.refused(Code.ORDERS_PENDING, world.end)
    world.refund(stuck, 100 * YUAN)
    world.end()


def test_pot_and_bound_treasury_go_into_the_reserve() -> None:
    world = World(maturity_days=0, referral_rate=0)
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    world.buy(world.join())
    world.fund(5 * YUAN)
    assert (world.head(Head.BOUND), world.head(Head.POT)) == (3 * YUAN, 30 * YUAN)
    world.announce_end(1)
    world.state.head[Head.BOUND_DRAWN] = 1
    # The close would share the pot: the end comes before it does.
    world.state.head[Head.END_DAY] = 0
    world.end()
    assert world.reserve == world.head(Head.FINAL_RESERVE) == 30 * YUAN + 30 * YUAN + 3 * YUAN
    columns = (Head.POT, Head.BOUND, Head.BOUND_DRAWN)
    assert [world.head(column) for column in columns] == [0, 0, 0]
    assert world.head(Head.FREE) == 5 * YUAN


def test_coins_are_paid_at_par_and_points_at_one_price_without_fee_or_quota() -> None:
    world = ending(quota_multiple="0.9")
    world.close()
    coins = world.member(3)[Member.COINS], world.shop(1)[Merchant.COINS]
    shop_points = world.shop(1)[Merchant.POINTS]
    reserve, supply = world.reserve, world.supply
    escrow = world.head(Head.POINTS_ESCROW)
    world.end()
    final, points = reserve - sum(coins), supply - escrow
    assert (world.head(Head.FINAL_RESERVE), world.head(Head.FINAL_SUPPLY)) == (final, points)
    assert world.payable(1) == shop_points * final // points + coins[1]
    assert world.shop(1)[: Merchant.PAYABLE] == [1, 0, 0, 0]
    held = [world.points(member) for member in (1, 2)]
    world.settle_accounts(1, 2)
    assert [world.cash(member) for member in (1, 2)] == [one * final // points for one in held]
    assert [event.kind for event in world.events] == [EffectKind.ACCOUNT_SETTLED] * 2
    world.settle_accounts(3, 3)
    assert world.cash(3) == coins[0]
    assert (world.supply, world.head(Head.COINS_OWED)) == (0, 0)


def test_accounts_are_settled_without_a_gap_and_once() -> None:
    world = ending()
    world.close()
    world.refused(Code.NOT_ENDED, world.settle_accounts, 1, 1)
    world.end()
    world.refused(Code.MEMBER_UNKNOWN, world.settle_accounts, 0, 1)
    world.refused(Code.AMOUNT_INVALID, world.settle_accounts, 2, 3)
    world.settle_accounts(1, 1)
    world.refused(Code.AMOUNT_INVALID, world.settle_accounts, 1, 2)
    world.refused(Code.AMOUNT_INVALID, world.settle_accounts, 2, 1)
    world.state.members.append([0] * len(world.state.members[0]))
    world.refused(Code.AMOUNT_INVALID, world.settle_accounts, 2, 4)
    world.settle_accounts(2, 3)
    assert world.head(Head.ACCOUNTS_SETTLED) == 3


def test_a_receivable_is_taken_from_what_is_settled() -> None:
    world = ending()
    world.close()
    world.member(1)[Member.RECEIVABLE] = world.state.head[Head.RECEIVABLES] = 7
    world.end()
    final = world.points(1) * world.head(Head.FINAL_RESERVE) // world.head(Head.FINAL_SUPPLY)
    world.settle_accounts(1, 1)
    assert (world.cash(1), world.head(Head.RECEIVABLES)) == (final - 7, 0)


def test_accrued_dividends_are_paid_too() -> None:
    world = World(maturity_days=0, referral_rate=0)
    world.buy(world.join())
    world.announce_end(1)
    world.close()
    world.end()
    world.settle_accounts(1, 1)
    assert world.cash(1) == 14_999_999 + 30 * YUAN + world.head(Head.POT)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.OPEN_PROGRAMME])
def test_after_the_end_only_money_that_is_owed_moves(kind: Kind) -> None:
    world = ending()
    world.close()
    world.end()
    world.settle_accounts(1, 3)
    world.withdraw(1, 1)
    world.settle(1, 1)
    kept = {Kind.SETTLE_ACCOUNTS, Kind.WITHDRAW_CASH, Kind.SETTLE_MERCHANT}
    with pytest.raises(Refused) as caught:
        world.do(rows.row(kind, world.day))
    assert (caught.value.refusal.code is Code.PROGRAMME_ENDED) == (kind not in kept)


def test_a_kind_that_is_no_command_is_refused() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    row = rows.row(Kind.OPEN_PROGRAMME, 0, member=1, other=1)
    world.refused(Code.AMOUNT_INVALID, world.do, row)


def test_a_programme_without_points_ends_with_nothing_to_share() -> None:
    world = World()
    world.join()
    world.announce_end(1)
    world.close()
    world.end()
    world.settle_accounts(1, 1)
    assert (world.cash(1), world.supply) == (0, 0)


@settings(max_examples=50)
@given(steps)
def test_at_the_end_nobody_is_paid_less_than_the_price_and_all_is_paid(taken: list[Step]) -> None:
    world = settled(World(maturity_days=1, quota_multiple="0.9"))
    walk(world, taken)
    for order in range(1, world.head(Head.ORDERS) + 1):
        try:
            world.receive(order)
        except Refused:
            continue
    world.announce_end(world.day + 3)
    world.close(3)
    before = {row[Member.NUMBER]: list(row) for row in world.state.members}
    price = world.price
    world.end()
    world.settle_accounts(1, 4)
    for member in range(1, 5):
        owed = before[member][Member.RECEIVABLE]
        due = before[member][Member.POINTS] * price // 10**12 + before[member][Member.COINS]
        assert world.cash(member) >= before[member][Member.CASH] + due - owed
    assert world.supply == 0
    # Only the dust of rounding is left, and what the last member owed.
    assert world.reserve == 0
