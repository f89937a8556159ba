"""A65: cutting, joining or reordering the orders of a close changes awards by a unit a piece."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.world import YUAN, FastWorld, World

PARAMETERS: dict[str, object] = {
    "maturity_days": 1,
    "referral_rate": 0,
    "dividend_rate": 0,
    "quota_multiple": 100,
}


def holdings(orders: list[tuple[int, int]], ids: list[str] | None = None) -> list[int]:
    """What three members hold after a close in which these orders mature."""
    world = FastWorld(**PARAMETERS)
    for member in (1, 2, 3):
        world.buy(world.join(), member * 777_777_777)
    world.close(2)
    for place, (member, paid) in enumerate(orders):
        world.buy(member, paid, order_id=ids[place] if ids else "")
    world.close(2)
    return [world.points(member) for member in (1, 2, 3)]


def cut(orders: list[tuple[int, int]], pieces: int) -> list[tuple[int, int]]:
    """Each order in so many pieces of whole tens of µ¥, so that 21 % of them are whole too."""
    made = []
    for member, paid in orders:
        piece = paid // pieces // 100 * 100
        made += [(member, piece)] * (pieces - 1) + [(member, paid - piece * (pieces - 1))]
    return made


orders = st.lists(
    st.tuples(st.integers(1, 3), st.integers(10, 10**6).map(lambda paid: paid * 1_000)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=30)
@given(orders, st.integers(2, 30))
def test_cut_orders_earn_the_same_to_a_unit_a_piece(
    made: list[tuple[int, int]], pieces: int
) -> None:
    whole, parts = holdings(made), holdings(cut(made, pieces))
    for one, other in zip(whole, parts, strict=True):
        assert one - len(made) * pieces <= other <= one


@pytest.mark.parametrize("pieces", [10, 1_000])
def test_a_thousand_pieces_are_as_good_as_one_order(pieces: int) -> None:
    whole, parts = holdings([(1, 1_000 * YUAN)]), holdings([(1, 1_000 * YUAN // pieces)] * pieces)
    assert whole[0] - pieces <= parts[0] <= whole[0]
    assert parts[1:] == whole[1:]


def test_pieces_of_a_unit_earn_nothing_and_never_more_than_the_whole() -> None:
    whole, parts = holdings([(1, 1_000)]), holdings([(1, 1)] * 1_000)
    assert parts[0] < whole[0]
    assert parts == holdings([])


def test_joining_everybodys_orders_gives_the_sum() -> None:
    joined = holdings([(1, 300 * YUAN)])
    apart = holdings([(1, 100 * YUAN)] * 3)
    assert 0 <= joined[0] - apart[0] <= 3


@settings(max_examples=30)
@given(orders, st.integers(0, 2**32))
def test_rows_and_ids_in_any_order_give_the_same(made: list[tuple[int, int]], seed: int) -> None:
    random = Random(seed)
    rows = list(made)
    random.shuffle(rows)
    ids = [str(number) for number in range(len(rows))]
    random.shuffle(ids)
    assert holdings(rows, ids) == holdings(made)


def test_where_orders_mature_alone_cutting_only_loses() -> None:
    got = []
    for pieces in (1, 100):
        world = World(**(PARAMETERS | {"maturity_days": 0}))
        world.buy(world.join(), 1_000 * YUAN)
        world.join()
        for _ in range(pieces):
            world.buy(2, 100 * YUAN // pieces)
        got.append(world.points(2))
    assert got[1] < got[0]
