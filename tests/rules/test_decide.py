"""`decide` is pure, and tells what it did or why it refused."""

from collections.abc import Sequence

from hypothesis import given, settings

from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.decide import Accepted, Refusal, copied, decide, due_orders
from shareback.rules.layout import Head, Order, Row
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, FastWorld, World, assert_same


class Watched(World):
    """A world that sees whether a state or a command was changed behind its back."""

    def do(self, row: Row, due: Sequence[int] = ()) -> Accepted:
        state, before, asked = self.state, copied(self.state), list(row)
        try:
            return super().do(row, due)
        finally:
            assert state == before
            assert row == asked


@settings(max_examples=25)
@given(steps)
def test_a_state_that_was_decided_on_is_unchanged(taken: list[Step]) -> None:
    walk(settled(Watched(maturity_days=1, quota_multiple="0.6")), taken)


@settings(max_examples=25)
@given(steps)
def test_commands_applied_in_place_come_to_the_same(taken: list[Step]) -> None:
    parameters: dict[str, object] = {"maturity_days": 1, "quota_multiple": "0.6"}
    slow, fast = settled(World(**parameters)), settled(FastWorld(**parameters))
    assert walk(slow, taken) == walk(fast, taken)
    for table in (slow.state.members, fast.state.members):
        while not table[-1][0]:
            table.pop()
    assert slow.state.head == fast.state.head
    assert slow.state.members == fast.state.members


def test_numbers_are_given_in_order_of_acceptance() -> None:
    world = World(**GOLDEN)
    assert [world.join(), world.join()] == [1, 2]
    world.refused(Code.MEMBER_UNKNOWN, world.join, 9 - 6)
    assert world.join() == 3
    assert [world.open_shop(), world.open_shop()] == [1, 2]
    assert [world.buy(1), world.buy(2)] == [1, 2]
    assert [world.spend(1, 1, POINT).number, world.spend(1, 1, POINT).number] == [1, 2]


def test_the_sequence_counts_what_was_accepted() -> None:
    world = World(**GOLDEN)
    assert world.head(Head.SEQUENCE) == 1
    world.join()
    world.refused(Code.POINTS_SHORT, world.redeem, 1, 1)
    assert world.head(Head.SEQUENCE) == 2


def test_a_refusal_carries_its_rule_and_numbers() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    answer = decide(world.state, rows.redeem_points(0, 1, 21 * POINT + 5))
    assert answer == Refusal(Code.POINTS_SHORT, "R3.3", "", 21 * POINT, 21 * POINT + 5)


def test_events_carry_day_and_sequence() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.close(3)
    world.redeem(1, POINT)
    (event,) = world.events
    assert (event.day, event.sequence, event.member) == (3, 6, 1)


def test_more_events_than_there_is_room_for_are_all_told() -> None:
    world = FastWorld(maturity_days=1, referral_rate=0, dividend_rate=0, quota_multiple="0.300001")
    for _ in range(90):
        world.buy(world.join())
    world.close()
    world.fast = False
    world.close()
    assert world.head(Head.EXITS) == 0
    world.buy(1)
    world.close(2)
    assert world.head(Head.EXITS) == len(world.events) >= 90


def test_due_orders_are_received_and_on_their_day() -> None:
    world = World(maturity_days=2)
    world.join()
    for received in (1, 0, 1, 1):
        world.buy(1, received=received)
    world.refund(3, 100 * YUAN)
    assert due_orders(world.state, 1, []) == []
    assert due_orders(world.state, 2, []) == [1, 4]
    assert due_orders(world.state, 2, ["", "b", "", "", "a"]) == [4, 1]
    world.close(3)
    assert due_orders(world.state, 2, []) == []
    assert world.order(4)[Order.DUE_DAY] == 2


def test_two_worlds_of_the_same_commands_are_the_same() -> None:
    one, other = World(**GOLDEN), World(**GOLDEN)
    for world in (one, other):
        world.buy(world.join())
    assert_same(one.state, other.state)
