"""A13: a programme whose awards would exceed the contribution is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shareback.rules.layout import Term
from tests.rules.world import GOLDEN, YUAN, World


@pytest.mark.parametrize(
    ("award", "referral"), [("0.900001", "0.1"), ("1", "0.000001"), ("1.000001", "0"), ("0", "1.1")]
)
def test_buyers_plus_referrers_award_above_the_whole_is_no_programme(
    award: str, referral: str
) -> None:
    with pytest.raises(ValidationError, match="above 1"):
        World(award_rate=award, referral_rate=referral)


def test_nor_does_an_amendment_bring_it_about() -> None:
    world = World()
    with pytest.raises(ValidationError, match="above 1"):
        world.amend(1, referral_rate="0.300001")
    assert len(world.state.terms) == 1
    world.amend(1, referral_rate="0.3")
    world.close()
    assert world.terms[Term.REFERRAL] == 300_000


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 10**10)), min_size=1, max_size=8),
    st.integers(0, 10),
)
def test_where_the_whole_is_awarded_the_price_stands_still_and_never_falls(
    bought: list[tuple[int, int]], tenths: int
) -> None:
    rates = {"award_rate": f"{1 - tenths / 10:.1f}", "referral_rate": f"{tenths / 10:.1f}"}
    world = World(**(GOLDEN | rates))
    world.buy(world.join(), 1_000 * YUAN)
    world.join(referrer=1)
    world.join(referrer=2)
    for member, paid in bought:
        reserve, supply = world.reserve, world.supply
        world.buy(member, paid)
        if supply:
            assert world.reserve * supply >= reserve * world.supply
