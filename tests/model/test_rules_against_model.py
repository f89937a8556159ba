"""The production rules and the independent model agree on random worlds, number by number."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.kinds import Kind
from tests.model.model import Model
from tests.model.production import Production
from tests.model.world_steps import random_parameters, random_step

WORLDS_A_TEST = 20


def walk(seed: int, steps: int) -> Counter[str]:
    """Command both through a world, and compare them after every step."""
    rng = Random(seed)
    parameters = random_parameters(rng)
    model, production = Model(parameters), Production(parameters)
    seen: Counter[str] = Counter()
    for step in range(steps):
        kind, day, fields = random_step(rng, model, parameters)
        where = f"seed {seed}, step {step}: {Kind(kind).name} {fields}"
        before = production.snapshot()
        expected = model.apply(kind, day, **fields)
        assert production.apply(kind, day, **fields) == expected, where
        after, wanted = production.snapshot(), model.snapshot()
        for name, value in wanted.items():
            assert after[name] == value, f"{where}: {name}"
        if expected[0] != Code.ACCEPTED:
            assert after == before, f"{where}: a refusal changed something"
        seen[f"{Kind(kind).name} {Code(expected[0]).name}"] += 1
    return seen


@pytest.mark.parametrize("first", range(0, 300, WORLDS_A_TEST))
def test_rules_agree_with_the_model(first: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(first, first + WORLDS_A_TEST):
        seen += walk(seed, 80)
    # A world in which little is accepted, or little refused, would prove little.
    assert sum(count for name, count in seen.items() if name.endswith(" ACCEPTED")) > 500
    assert sum(count for name, count in seen.items() if not name.endswith(" ACCEPTED")) > 100


@pytest.mark.soak
@given(st.integers(0, 2**32))
@settings(deadline=None)
def test_rules_agree_with_the_model_in_long_worlds(seed: int) -> None:
    walk(seed, 400)


def test_a_wrong_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shareback.rules.holding.mul_div_up", lambda a, b, c: a * b // c)
    with pytest.raises(AssertionError):
        walk_many(60)


def walk_many(worlds: int) -> None:
    """One world after another."""
    for seed in range(worlds):
        walk(seed, 80)
