"""R4.2: nobody ever receives more than the multiple of what was spent or funded."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from shareback.rules.decide import Accepted, Effected
from shareback.rules.kinds import Kind
from shareback.rules.layout import Command, EffectKind, Head, Member, Order, Row
from tests.rules.steps import MEMBERS, Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_quota_is_granted_at_maturity_and_not_before() -> None:
    world = World(maturity_days=1)
    world.buy(world.join())
    assert (world.head(Head.QUOTA_PENDING), world.head(Head.QUOTA_GRANTED)) == (200 * YUAN, 0)
    world.close(2)
    assert (world.head(Head.QUOTA_PENDING), world.member(1)[Member.QUOTA]) == (0, 200 * YUAN)


@pytest.mark.parametrize(("multiple", "paid", "quota"), [("2", 1, 2), ("1.5", 1, 1), ("0.5", 3, 1)])
def test_quota_is_rounded_down(multiple: str, paid: int, quota: int) -> None:
    world = World(**(GOLDEN | {"quota_multiple": multiple}))
    world.buy(world.join(), paid)
    assert world.left(1) == quota


def test_coins_use_quota_when_they_are_made_and_not_when_they_are_paid() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.open_shop()
    world.convert(1, 14 * POINT)
    assert world.member(1)[Member.USED] == 20 * YUAN
    world.pay_coins(1, 1, 20 * YUAN)
    assert world.member(1)[Member.USED] == 20 * YUAN


def test_goods_given_back_give_quota_back() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.open_shop()
    number = world.spend(1, 1, 14 * POINT).number
    world.return_goods(number, 15 * YUAN)
    assert world.member(1)[Member.USED] == 5 * YUAN


def test_dividends_use_quota_when_they_are_credited() -> None:
    world = World(maturity_days=1, referral_rate=0)
    world.buy(world.join())
    world.close(3)
    assert world.member(1)[Member.USED] == 0
    world.redeem(1, 7 * POINT)
    # 14,999,999 µ¥ of dividends: the index is rounded down; and 10 yuan for a third.
    assert world.member(1)[Member.USED] == 24_999_999
    assert world.cash(1) == 14_999_999 + 9 * YUAN


def test_a_funded_award_grants_quota_by_its_money() -> None:
    world = World(**GOLDEN)
    world.join()
    world.fund(10 * YUAN)
    world.award(1, 10 * YUAN, 9 * YUAN)
    assert world.left(1) == 20 * YUAN


class Receipts(World):
    """A world that counts what each member receives, without looking at the quota."""

    def __init__(self, **parameters: object) -> None:
        super().__init__(**parameters)
        self.received: Counter[int] = Counter()
        self.funded: Counter[int] = Counter()

    def do(self, row: Row, due: Sequence[int] = ()) -> Accepted:
        """Do a command and count what its effects and the balances say."""
        before = [self.cash(slot) for slot in range(len(self.state.members))]
        answer = super().do(row, due)
        for slot, cash in enumerate(before):
            self.received[slot] += self.cash(slot) - cash
        for event in answer.events:
            self.received[event.member] += counted(event)
            if event.kind == EffectKind.AWARD_FUNDED:
                self.funded[event.member] += event.gross_uyuan
        if row[Command.KIND] == Kind.REFUND_ORDER:
            order = self.order(row[Command.ORDER])
            if order[Order.MATURED_NET] > 0:
                # What the buyer owed was kept back from the refund: it never was in the balance.
                kept = row[Command.AMOUNT] - answer.money_uyuan
                self.received[order[Order.MEMBER]] -= kept
        return answer


def counted(event: Effected) -> int:
    """What a member received by an event, its cash balance aside."""
    if event.kind in (EffectKind.POINTS_CONVERTED, EffectKind.MEMBER_EXITED):
        return event.coins
    if event.kind == EffectKind.GOODS_RETURNED:
        return -event.gross_uyuan
    # What was withdrawn or collected had been received before it left the balance.
    paid = (EffectKind.POINTS_SPENT, EffectKind.CASH_WITHDRAWN, EffectKind.RECEIVABLE_COLLECTED)
    return event.money_uyuan if event.kind in paid else 0


def ever_granted(world: Receipts, member: int, multiple_ppm: int) -> int:
    """The quota of all that a member ever spent or was funded with, late refunds or not."""
    orders = world.state.orders
    matured = [order[Order.MATURED_NET] for order in orders if order[Order.MEMBER] == member]
    return sum([*matured, world.funded[member]]) * multiple_ppm // 10**6


@settings(max_examples=80)
@given(steps)
def test_no_member_receives_more_than_the_multiple_of_all_that_was_ever_spent(
    taken: list[Step],
) -> None:
    world = Receipts(maturity_days=1, quota_multiple="0.6", referral_rate="0.3", redemption_fee=0)
    walk(settled(world), taken)
    for member in range(1, MEMBERS + 1):
        received = world.received[member]
        assert received <= ever_granted(world, member, 600_000)
        assert received <= world.member(member)[Member.USED]


def test_receipts_are_counted_to_the_last_unit_where_there_is_no_fee() -> None:
    world = Receipts(maturity_days=0, referral_rate=0, redemption_fee=0)
    world.fund(200 * YUAN)
    world.buy(world.join())
    world.buy(world.join())
    world.open_shop()
    world.award(1, 10 * YUAN, 9 * YUAN)
    world.close()
    world.redeem(1, 5 * POINT)
    world.withdraw(1, world.cash(1))
    world.convert(1, 5 * POINT)
    paid = world.spend(1, 1, 5 * POINT).number
    world.return_goods(paid, 2 * YUAN)
    world.refund(1, 50 * YUAN)
    assert world.received[1] == world.member(1)[Member.USED] > 30 * YUAN
    assert ever_granted(world, 1, 2_000_000) == 220 * YUAN
    # The refund has withdrawn 100 yuan of it.
    assert world.member(1)[Member.QUOTA] == 120 * YUAN
