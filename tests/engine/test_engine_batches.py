"""Where commands are cut into batches changes nothing: no log, no row, no answer (A8)."""

from collections.abc import Iterator, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.verifying import verify_full
from shareback.rules.codes import Code
from shareback.rules.programme import TierTerms
from tests.backends.journals import DAY, OPENED, Opens
from tests.engine.busy import MEMBERS, MERCHANTS, World
from tests.engine.rows import log_root, rows_of

TIERS = (
    TierTerms(name="silver", threshold="5", multiplier="1.2"),
    TierTerms(name="gold", threshold="12", multiplier="0.7"),
)
QUICK = {"quota_multiple": "0.5", "tiers": TIERS}
"""Parameters under which members exit and change tiers within days."""


def joins() -> list[cmd.Command]:
    """Members, merchants and money to begin with."""
    people = [
        cmd.JoinMember(OPENED, f"m{n}", f"m{n // 2}" if n % 3 == 2 else "", n % 5 * 100)
        for n in range(MEMBERS)
    ]
    shops = [cmd.JoinMerchant(OPENED, f"s{n}", n * 100) for n in range(MERCHANTS)]
    return [cmd.FundTreasury(OPENED, 500_000_000), *people, *shops]


def story(seed: int, days: int, count: int) -> list[cmd.Command]:
    """Commands of some days, some of them sent twice, at once or days later."""
    world = World(seed)
    told = joins()
    for day in range(days):
        for command in world.day(OPENED + day * DAY, count):
            told.append(command)
            if world.random.random() < 0.1:
                told.append(command)
            if world.random.random() < 0.2:
                again = world.random.choice(told)._replace(at=command.at)
                told.append(otherwise(again) if world.random.random() < 0.4 else again)
    return told


def otherwise(command: cmd.Command) -> cmd.Command:
    """A command that says something else under the same id."""
    match command:
        case cmd.PayOrder():
            return command._replace(paid_uyuan=command.paid_uyuan + 1)
        case cmd.RefundOrder():
            return command._replace(money_uyuan=command.money_uyuan + 1)
        case cmd.SpendPoints():
            return command._replace(points=command.points - 1)
        case cmd.PayCoins():
            return command._replace(coins=command.coins + 1)
        case cmd.JoinMember() | cmd.JoinMerchant():
            return command._replace(party=command.party + 7)
        case _:
            return command


def cut(commands: Sequence[cmd.Command], sizes: Sequence[int]) -> Iterator[Sequence[cmd.Command]]:
    """Batches of the given sizes, over and over."""
    first, turn = 0, 0
    while first < len(commands):
        size = sizes[turn % len(sizes)]
        yield commands[first : first + size]
        first, turn = first + size, turn + 1


def apply(
    engine: Engine,
    commands: Sequence[cmd.Command],
    sizes: Sequence[int],
    forgets: Sequence[bool] = (False,),
) -> list[cmd.Answer]:
    """Apply commands in batches, and close the last day; returns the answers."""
    answers: list[cmd.Answer] = []
    for turn, batch in enumerate(cut(commands, sizes)):
        answers += engine.apply(batch)
        if forgets[turn % len(forgets)]:
            engine.forget()
    engine.close(engine.calendar.day_of(max(command.at for command in commands)))
    return answers


@pytest.mark.parametrize("maturity_days", [0, 2])
def test_batches_of_any_size_give_the_same(engine: Opens, maturity_days: int) -> None:
    commands = story(seed=maturity_days, days=4, count=30)
    whole = engine("cut", maturity_days=maturity_days, **QUICK)
    expected = apply(whole, commands, [len(commands)])
    rows, top = rows_of(whole), log_root(whole)
    assert {code for code, *_ in expected} >= {Code.ACCEPTED, Code.ID_TAKEN, Code.POINTS_SHORT}

    for size in (1, 7, 100):
        pieces = engine("cut", maturity_days=maturity_days, **QUICK)
        assert apply(pieces, commands, [size]) == expected
        assert log_root(pieces) == top
        assert rows_of(pieces) == rows
        assert verify_full(pieces.programme.name, pieces.alias).findings == ()


@example(seed=1_956, maturity_days=0, sizes=[1], forgets=[False])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    maturity_days=st.sampled_from([0, 0, 1, 2]),
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    forgets=st.lists(st.booleans(), min_size=1, max_size=3),
)
def test_batches_cut_anywhere_and_forgotten_in_between_give_the_same(
    engine: Opens, seed: int, maturity_days: int, sizes: list[int], forgets: list[bool]
) -> None:
    assert_cut_is_no_matter(engine, story(seed, days=3, count=15), maturity_days, sizes, forgets)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(300))
def test_long_stories_cut_anywhere_give_the_same(engine: Opens, seed: int) -> None:
    rng = Random(seed)
    sizes = [rng.choice([1, 2, 5, 30, 200]) for _ in range(9)]
    forgets = [rng.random() < 0.5 for _ in range(5)]
    assert_cut_is_no_matter(engine, story(seed, 6, 25), rng.choice([0, 0, 1, 2]), sizes, forgets)


def assert_cut_is_no_matter(
    engine: Opens,
    commands: Sequence[cmd.Command],
    maturity_days: int,
    sizes: Sequence[int],
    forgets: Sequence[bool],
) -> None:
    """The commands in one batch, and in batches of some sizes, are the same in all."""
    whole = engine("cut", maturity_days=maturity_days, **QUICK)
    expected = apply(whole, commands, [len(commands)])
    pieces = engine("cut", maturity_days=maturity_days, **QUICK)

    assert apply(pieces, commands, sizes, forgets) == expected
    assert rows_of(pieces) == rows_of(whole)


def test_an_order_refunded_in_its_own_batch_commits_to_the_refund(engine: Opens) -> None:
    commands: list[cmd.Command] = [
        cmd.JoinMember(OPENED, "m1"),
        cmd.PayOrder(OPENED, "o1", "m1", "", 100_000_000),
        cmd.RefundOrder(OPENED, "o1", "r1", 30_000_000),
    ]
    whole, pieces = engine("cut"), engine("cut")
    whole.apply(commands)
    for command in commands:
        pieces.apply([command])

    assert rows_of(whole)["event"] == rows_of(pieces)["event"]


def test_terms_that_come_into_force_within_a_batch_find_the_referrer(engine: Opens) -> None:
    """The first order under `maturity_days` = 0 matures at once, in the batch of the amendment."""
    whole, pieces = engine("cut"), engine("cut")
    changed = whole.programme.model_copy(update={"maturity_days": 0})
    day = whole.calendar.day_of(OPENED)
    begin: list[cmd.Command] = [
        cmd.JoinMember(OPENED, "m1"),
        cmd.JoinMember(OPENED, "m2", "m1"),
        cmd.PayOrder(OPENED, "o1", "m1", "", 900_000_000, None, received=True),
    ]
    then: list[cmd.Command] = [
        cmd.AmendProgramme(OPENED, day + 8, 2, changed),
        cmd.PayOrder(OPENED + 9 * DAY, "o2", "m2", "", 100_000_000, None, received=True),
    ]
    for one in (whole, pieces):
        one.apply(begin)
        one.forget()
    whole.apply(then)
    for command in then:
        pieces.apply([command])
        pieces.forget()

    assert rows_of(whole) == rows_of(pieces)
    points = {row[0]: row[1] for row in rows_of(whole)["maturity"]}
    assert points[2] > 0
    referral = {row[0]: row[2] for row in rows_of(whole)["maturity"]}
    assert referral[2] > 0


def test_salts_do_not_depend_on_who_is_in_memory(engine: Opens) -> None:
    """A programme that is loaded anew gives the next member the same salt as one in memory."""
    one, other = engine("cut"), engine("cut")
    for each in (one, other):
        each.apply([cmd.JoinMember(OPENED, f"m{n}") for n in range(9)])
    other.forget()
    for each in (one, other):
        each.apply([cmd.RedeemPoints(OPENED, "m7", 1), cmd.JoinMember(OPENED, "m9")])

    salts = rows_of(one)["identity"]
    assert salts == rows_of(other)["identity"]
    assert len({row[5] for row in salts}) == 10
