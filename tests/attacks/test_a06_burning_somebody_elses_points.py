"""A6 (SafeMoon): points leave a member by its own command, its own refund or its own exit."""

from collections.abc import Sequence

from hypothesis import given, settings

from shareback.rules.decide import Accepted
from shareback.rules.kinds import Kind
from shareback.rules.layout import Command, EffectKind, Member, Order, Row
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import YUAN, World

OWN = {Kind.REDEEM_POINTS, Kind.SPEND_POINTS, Kind.CONVERT_POINTS}


class Watched(World):
    """A world that asks, whenever a member lost points, whose doing it was."""

    def do(self, row: Row, due: Sequence[int] = ()) -> Accepted:
        before = [list(member) for member in self.state.members]
        answer = super().do(row, due)
        for member in before:
            number = member[Member.NUMBER]
            if number and self.points(number) < member[Member.POINTS]:
                assert self.had_a_reason(row, member, number)
        return answer

    def had_a_reason(self, row: Row, before: Row, number: int) -> bool:
        """Its own command, a refund of its own order, its own debt, or its quota being reached."""
        kind = row[Command.KIND]
        exited = {one.member for one in self.events if one.kind == EffectKind.MEMBER_EXITED}
        if number in exited:
            # New orders of the same close may have granted it new quota since, and a refund of
            # its own withdrawn some.
            after = self.member(number)
            return after[Member.USED] >= min(before[Member.QUOTA], after[Member.QUOTA])
        if kind == Kind.REFUND_ORDER:
            order = self.order(row[Command.ORDER])
            return number in (order[Order.MEMBER], order[Order.REFERRER])
        return (kind in OWN and row[Command.MEMBER] == number) or before[Member.RECEIVABLE] > 0


@settings(max_examples=60)
@given(steps)
def test_nobody_loses_points_by_what_others_do(taken: list[Step]) -> None:
    walk(settled(Watched(maturity_days=1, quota_multiple="0.6", referral_rate="0.2")), taken)


def test_a_merchant_the_operator_and_other_members_cannot_take_points() -> None:
    world = World(maturity_days=0)
    world.buy(world.join())
    world.buy(world.join())
    world.open_shop()
    held = world.points(1)
    world.redeem(2, world.points(2))
    world.fund(100 * YUAN)
    world.award(2, YUAN, YUAN)
    world.refund(2, 50 * YUAN)
    world.withdraw_treasury(YUAN)
    world.close(5)
    assert world.points(1) == held
