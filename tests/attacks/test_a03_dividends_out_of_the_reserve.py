"""A3: there is no way from the reserve into dividends."""

from collections.abc import Sequence

from hypothesis import given, settings

from shareback.rules.accounts import touch
from shareback.rules.closing import share_step
from shareback.rules.decide import Accepted, copied
from shareback.rules.kinds import Kind
from shareback.rules.layout import Command, EffectKind, Head, Row, State
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import YUAN, World


class Watched(World):
    """A world that watches what a close without maturing orders or exits does to the reserve."""

    def do(self, row: Row, due: Sequence[int] = ()) -> Accepted:
        before = list(self.state.head)
        answer = super().do(row, due)
        after = self.state.head
        moved = after[Head.POT] + after[Head.PAYABLE] + after[Head.DIVIDENDS_CREDITED]
        assert moved == after[Head.DIVIDENDS_IN]
        quiet = not due and all(one.kind != EffectKind.MEMBER_EXITED for one in self.events)
        if row[Command.KIND] == Kind.CLOSE_DAY and quiet:
            taken_back = after[Head.RECEIVABLES] - before[Head.RECEIVABLES]
            assert after[Head.RESERVE] >= before[Head.RESERVE]
            assert after[Head.RESERVE] + after[Head.BOUND] <= (
                before[Head.RESERVE] + before[Head.BOUND] - taken_back
            )
        return answer


@settings(max_examples=60)
@given(steps)
def test_dividends_are_only_ever_what_orders_put_into_the_pot(taken: list[Step]) -> None:
    walk(settled(Watched(maturity_days=1)), taken)


def changed(before: State, after: State) -> set[str]:
    """The money accounts in which two states differ."""
    columns = range(Head.BANK)
    return {Head(one).name for one in columns if before.head[one] != after.head[one]}


def test_sharing_and_crediting_touch_no_account_but_their_own() -> None:
    world = World(maturity_days=0, referral_rate=0)
    world.buy(world.join())
    shared = copied(world.state)
    share_step(shared, 10**9)
    assert changed(world.state, shared) == {"POT", "PAYABLE"}
    credited = copied(shared)
    touch(credited, 1)
    assert changed(shared, credited) == {"PAYABLE", "CASH"}


def test_with_an_empty_pot_nothing_is_shared_however_large_the_reserve() -> None:
    world = World(maturity_days=0, dividend_rate=0)
    world.buy(world.join(), 10**6 * YUAN)
    world.close(30)
    assert (world.head(Head.INDEX), world.reserve) == (0, 300_000 * YUAN)
    assert world.head(Head.CASH) == 0
