"""The slow model against figures worked out by hand, and against itself in random worlds."""

from collections import Counter
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from shareback.rules.codes import FIRST_REFUSAL, Code
from shareback.rules.kinds import Kind
from tests.model.by_hand import PURE, YUAN, do, join, pay
from tests.model.model import COMMANDS, Model
from tests.model.parameters import UNITS_PER_POINT
from tests.model.world_steps import random_parameters, random_step


def four_places(value: Fraction) -> str:
    """A figure of R3.8: rounded half-up to four decimals."""
    scaled = (value * 20_000 + 1) // 2
    return f"{scaled // 10_000}.{scaled % 10_000:04}"


def test_the_first_four_awards_and_prices_are_the_seeds() -> None:
    model = Model(PURE)
    awards, prices = [], []
    for member in range(1, 5):
        join(model, 1)
        number = pay(model, member)
        awards.append(Fraction(model.state.orders[number].award_buyer.points, UNITS_PER_POINT))
        prices.append(model.state.price * UNITS_PER_POINT / YUAN)
    assert [four_places(award) for award in awards] == ["21.0000", "14.7000", "12.4950", "11.2455"]
    assert [four_places(price) for price in prices] == ["1.4286", "1.6807", "1.8674", "2.0188"]


def test_after_a_hundred_orders_price_supply_and_the_first_holding_are_the_seeds() -> None:
    model = Model(PURE)
    for member in range(1, 101):
        join(model, 1)
        pay(model, member)
    state = model.state
    assert four_places(state.price * UNITS_PER_POINT / YUAN) == "5.1731"
    assert round(float(state.price * UNITS_PER_POINT / YUAN), 6) == 5.173077
    assert four_places(Fraction(state.supply, UNITS_PER_POINT)) == "579.9257"
    first = state.members[1]
    assert first.points == 21 * UNITS_PER_POINT
    assert four_places(first.points * state.price / YUAN) == "108.6346"
    do(model, Kind.REDEEM_POINTS, member=1, points=first.points)
    assert model.state.members[1].cash // 10_000 == 9777


WORLDS = 300
STEPS = 60


@cache
def run_worlds() -> Counter[str]:
    """Run all worlds, checking after each step; returns what happened in them."""
    seen: Counter[str] = Counter()
    for seed in range(WORLDS):
        seen += run_world(seed, STEPS)
    return seen


def run_world(seed: int, steps: int) -> Counter[str]:
    """One world; a broken invariant names the seed and the step."""
    rng = Random(seed)
    parameters = random_parameters(rng)
    model = Model(parameters)
    for step in range(steps):
        kind, day, fields = random_step(rng, model, parameters)
        before = model.snapshot()
        code, _ = model.apply(kind, day, **fields)
        try:
            if code == 0:
                model.check()
            else:
                assert model.snapshot() == before, "a refusal changed the state"
        except AssertionError as broken:
            broken.add_note(f"seed {seed}, step {step}: {Kind(kind).name} {fields}")
            raise
    return model.state.seen


OF_THE_RULES = [code for code in Code if FIRST_REFUSAL <= code < Code.ID_TAKEN]
"""The refusals of the economy; those from ID_TAKEN on are the engine's."""

UNREACHABLE = {
    # Whoever has points and no quota left is due at once (note 24 of the model).
    Code.QUOTA_USED_UP,
}

EVENTS = (
    "above the top",
    "all of R bound",
    "amendment in force",
    "award burned for a receivable",
    "award cut at the cap",
    "bound drawn",
    "dust taken along",
    "escrow surplus burned",
    "exit",
    "exit in a distribution",
    "exit into coins",
    "exit worth more than the quota left",
    "index cut at its range",
    "late refund",
    "late refund in parts",
    "late refund with the buyer's points gone",
    "late refund with the referrer's points gone",
    "linked order matured",
    "merchant's gain stays in R",
    "pot carried",
    "quota left negative",
    "receivable collected from a credit",
    "receivable collected from cash",
    "receivable left open",
    "referral award",
    "referral cut at the quota",
    "referrer is the same party",
    "refund before maturity",
    "several exits",
    "tier changed",
)


def test_no_invariant_breaks_in_random_worlds() -> None:
    assert run_worlds().total() > WORLDS * STEPS


@pytest.mark.parametrize("event", EVENTS)
def test_the_worlds_cover_the_event(event: str) -> None:
    assert run_worlds()[event] > 0


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_the_worlds_accept_each_kind(kind: Kind) -> None:
    assert run_worlds()[f"accepted {kind.name}"] > 0


@pytest.mark.parametrize("code", OF_THE_RULES)
def test_the_worlds_refuse_for_each_reason_that_can_occur(code: Code) -> None:
    occurred = run_worlds()[f"refused {code.name}"] > 0
    assert occurred != (code in UNREACHABLE)


def test_an_award_is_never_too_coarse_below_the_top() -> None:
    assert run_worlds()["award too coarse"] == 0


@pytest.mark.soak
@pytest.mark.parametrize("hundred", range(100))
def test_no_invariant_breaks_in_many_long_worlds(hundred: int) -> None:
    for seed in range(10_000 + 100 * hundred, 10_100 + 100 * hundred):
        assert run_world(seed, 200).total() >= 200


# A check that cannot fail proves nothing: each planted fault must be named.


def test_a_lowered_price_is_caught() -> None:
    model = Model(PURE)
    join(model, 2)
    pay(model, 1)
    do(model, Kind.FUND_TREASURY, money=YUAN)
    model.state.reserve -= 1
    model.state.free += 1
    with pytest.raises(AssertionError, match=r"the published price fell \(R3\.1\)"):
        model.check()


def test_money_from_nowhere_is_caught() -> None:
    model = Model(PURE)
    join(model, 1)
    model.state.members[1].cash += 1
    with pytest.raises(AssertionError, match=r"the bank holds 0, the books say 1"):
        model.check()


def test_a_member_left_due_is_caught() -> None:
    model = Model(PURE)
    join(model, 1)
    pay(model, 1)
    model.state.members[1].granted = 30 * YUAN - 1
    with pytest.raises(AssertionError, match=r"due after an operation"):
        model.check()


def test_uncovered_coins_are_caught() -> None:
    model = Model(PURE)
    join(model, 1)
    pay(model, 1)
    model.state.members[1].coins += 1
    model.state.coins_issued += 1
    with pytest.raises(AssertionError, match=r"coins uncovered \(R8\.4\)"):
        model.check()


def test_points_from_nowhere_are_caught() -> None:
    model = Model(PURE)
    join(model, 1)
    pay(model, 1)
    model.state.members[1].points += 1
    with pytest.raises(AssertionError, match=r"points in circulation"):
        model.check()
