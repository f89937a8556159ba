"""A5: rounding never lets the supply run down while the reserve stays, nor the other way."""

from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.rules.world import GOLDEN, POINT, YUAN, FastWorld, World

ROUNDS = 10_000


def test_ten_thousand_tiny_redemptions_never_lower_the_price() -> None:
    world = FastWorld(**GOLDEN)
    for _ in range(3):
        world.buy(world.join(), 1_000 * YUAN)
    head = world.state.head
    start = (world.reserve, world.supply)
    for number in range(ROUNDS):
        reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
        world.redeem(1, 61 + number % 977)
        assert head[Head.RESERVE] * supply >= reserve * head[Head.SUPPLY]
    sold = start[1] - world.supply
    assert world.reserve * start[1] >= start[0] * world.supply
    assert start[0] - world.reserve < sold * start[0] // start[1]


def test_cutting_a_sale_into_thousands_gains_no_more_than_its_part_of_its_own_fees() -> None:
    cut, whole = FastWorld(**GOLDEN), World(**GOLDEN)
    for world in (cut, whole):
        world.buy(world.join())
        world.buy(world.join())
    for _ in range(2_000):
        cut.redeem(1, POINT // 1_000)
    whole.redeem(1, 2 * POINT)
    assert cut.points(1) == whole.points(1)
    assert cut.cash(1) + cut.reserve == whole.cash(1) + whole.reserve == 60 * YUAN
    # What was sold first left its fee in the reserve, of which the seller's rest has its part.
    assert cut.cash(1) - whole.cash(1) < 3_361_344 * 9 // 10 * 21 // 357


def test_redemptions_of_less_than_a_unit_of_money_burn_nothing() -> None:
    world = FastWorld(**GOLDEN)
    world.buy(world.join())
    before = list(world.state.head)
    for points in range(1, 70):
        world.refused(Code.NOTHING_TO_PAY, world.redeem, 1, points)
    assert world.state.head == before
