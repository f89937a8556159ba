"""A slice of a programme decides what the whole decides, wherever it has to pause."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.slices import SlicedWorld
from tests.rules.steps import Step, settled, steps, walk

TIERS: list[dict[str, object]] = [
    {"name": "silver", "threshold": 5, "multiplier": 2},
    {"name": "gold", "threshold": 30, "multiplier": 4},
]


@settings(max_examples=60)
@given(steps, st.integers(0, 2**32))
def test_members_out_of_sight_change_nothing(taken: list[Step], seed: int) -> None:
    world = SlicedWorld(seed, maturity_days=1, quota_multiple="0.5", tiers=TIERS)
    walk(settled(world), taken)


@settings(max_examples=40)
@given(steps, st.integers(0, 2**32))
def test_nor_do_they_where_all_matures_at_once(taken: list[Step], seed: int) -> None:
    world = SlicedWorld(seed, maturity_days=0, quota_multiple="0.45", tiers=TIERS[:1])
    walk(settled(world), taken)
