"""A writer that was overtaken knows what a writer that starts anew would read (R5.2, A19)."""

from random import Random

import numpy as np
import pytest
from django.db import connections, transaction

from shareback.engine import catching_up
from shareback.engine import commands as cmd
from shareback.engine import slice as slice_module
from shareback.engine.engine import Engine
from shareback.engine.slice import Slice
from shareback.engine.verifying import verify_full
from shareback.journal.models import Member as Journaled
from shareback.journal.shapes import MEMBER, MEMBER_STORED, MERCHANT, MERCHANT_STORED
from shareback.journal.storage import storage_for
from shareback.kernels.arrays import Integers
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import Cursor, Head, Member
from shareback.units.scales import INT64_MAX
from tests.backends.journals import DAY, OPENED, SALTS, Opens
from tests.engine import busy
from tests.engine.small import AT, POINT, YUAN, do, opened, order
from tests.engine.test_engine_against_model import World as ModelledWorld

BATCHES, DAYS = 40, 6
MODELLED, STEPS = 8, 70
CHANGES_ANYBODY = {Kind.OPEN_PROGRAMME, Kind.CLOSE_DAY, Kind.AMEND_PROGRAMME, Kind.ANNOUNCE_END} | {
    Kind.END_PROGRAMME,
    Kind.SETTLE_ACCOUNTS,
}


class Counted:
    """How often a slice was brought up to date, and how often it was let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[bool] = []
        real = catching_up.catch_up

        def counted(held: Slice, *arguments: object) -> bool:
            self.told.append(real(held, *arguments))  # type: ignore[arg-type]
            return self.told[-1]

        monkeypatch.setattr("shareback.engine.engine.catch_up", counted)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def another(engine: Engine) -> Engine:
    """Another process's engine for the same programme."""
    return Engine(engine.programme.name, engine.alias, SALTS)


def assert_knows_the_journal(engine: Engine) -> None:
    """What a writer begins its next batch with is what the journal holds."""
    with engine.transaction() as batch:
        here, fresh = batch.slice, fresh_slice(engine)
        assert here.arrays.head.tolist() == fresh.arrays.head.tolist()
        assert here.arrays.terms.tolist() == fresh.arrays.terms.tolist()
        members = here.storage.select(MEMBER, engine.id, "ORDER BY number")
        assert_same_members(here, fresh, members)
        assert_same_merchants(here)
        for tier in range(len(here.arrays.tiers)):
            assert_queue_is_right(here, tier)
            assert_horizon_holds(here, tier, members)


def fresh_slice(engine: Engine) -> Slice:
    """A slice of a writer that starts anew, with every member in it."""
    storage = storage_for(connections[engine.alias])
    figures = storage.lock_head(engine.id).figures
    terms = [version.row() for version in another(engine).versions]
    here = Slice(storage, engine.id, SALTS, figures, terms, engine.programme.tier_rows())
    here.load_members(range(1, figures[Head.MEMBERS] + 1))
    return here


def slots_of(here: Slice) -> Integers:
    """The slots of the members that are in a slice; strangers have no number."""
    used = here.arrays.members[: here.arrays.cursor[Cursor.MEMBERS]]
    return np.flatnonzero(used[:, Member.NUMBER])


def assert_same_members(here: Slice, fresh: Slice, stored: Integers) -> None:
    """Rows as they are stored, and what follows from them."""
    slots = slots_of(here)
    rows = here.arrays.members[slots]
    numbers = rows[:, Member.NUMBER]
    assert here.members.of(numbers).tolist() == slots.tolist()
    assert rows[:, :MEMBER_STORED].tolist() == stored[numbers - 1].tolist()
    derived = [Member.WEIGHT, Member.OPEN, Member.CHANGED]
    anew = fresh.arrays.members[fresh.members.of(numbers)]
    assert rows[:, derived].tolist() == anew[:, derived].tolist()
    listed = here.arrays.listed[: here.arrays.cursor[Cursor.LISTED]]
    assert set(slots[rows[:, Member.RETIER] == 1]) <= set(listed.tolist())
    assert len(set(listed.tolist())) == len(listed)


def assert_same_merchants(here: Slice) -> None:
    """Merchants as they are stored."""
    stored = here.storage.select(MERCHANT, here.programme, "ORDER BY number")
    used = here.arrays.merchants[: here.arrays.cursor[Cursor.MERCHANTS]]
    rows = used[used[:, 0] > 0, :MERCHANT_STORED]
    assert rows.tolist() == stored[rows[:, 0] - 1].tolist()


def assert_queue_is_right(here: Slice, tier: int) -> None:
    """A tier's holders and nobody else are in its heap, each behind its parent."""
    members = here.arrays.members
    queue = here.arrays.queue[tier, : here.arrays.queue_sizes[tier]].tolist()
    slots = slots_of(here)
    holds = (members[slots, Member.TIER] == tier) & (members[slots, Member.POINTS] > 0)
    assert sorted(queue) == slots[holds].tolist()
    assert members[queue, Member.PLACE].tolist() == list(range(len(queue)))
    keys = [(int(members[slot, Member.KEY]), int(members[slot, Member.NUMBER])) for slot in queue]
    assert all(keys[(place - 1) // 2] < keys[place] for place in range(1, len(keys)))


def assert_horizon_holds(here: Slice, tier: int, stored: Integers) -> None:
    """Whoever has an exit key below the horizon is here."""
    horizon = here.arrays.horizons[tier]
    holds = (stored[:, Member.TIER] == tier) & (stored[:, Member.POINTS] > 0)
    below = holds & ((stored[:, Member.KEY] < horizon) | (horizon == INT64_MAX))
    assert (here.members.of(stored[below, Member.NUMBER]) > 0).all()


@pytest.mark.parametrize("seed", range(6))
def test_overtaken_writers_know_what_a_new_one_reads(
    engine: Opens, counted: Counted, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Half of them hold only whom they were told of, and who is the very next to exit."""
    if seed % 2:
        monkeypatch.setattr(slice_module, "EXITS_READ_FIRST", 1)
    rng, world = Random(seed), busy.World(seed)
    given = busy.parameters("-", quota_multiple="0.5")
    fields = given.model_dump(by_alias=True, exclude={"name"})
    first = engine("busy", **fields)
    joins: list[cmd.Command] = [cmd.JoinMerchant(OPENED, f"s{n}") for n in range(busy.MERCHANTS)]
    joins += [cmd.JoinMember(OPENED, f"m{n}", f"m{n - 2}" if n % 3 == 2 else "") for n in range(24)]
    do(first, cmd.FundTreasury(OPENED, 500 * YUAN), *joins)
    writers = [first, another(first), another(first)]
    for place in range(BATCHES):
        at = OPENED + place * DAYS // BATCHES * busy.DAY
        rng.choice(writers).apply(world.day(at, rng.randrange(1, 15)))
        if rng.random() < 0.1:
            rng.choice(writers).close(first.calendar.day_of(at))
        if rng.random() < 0.5:
            assert_knows_the_journal(rng.choice(writers))
    for each in writers:
        assert_knows_the_journal(each)
    assert counted.told.count(True) > BATCHES // 3
    assert first.head()[Head.EXITS] > 0
    assert verify_full(first.programme.name, first.alias).findings == ()


class SharedWorld(ModelledWorld):
    """A modelled world whose batches are written by whichever of two writers comes."""

    def __init__(self, seed: int, opens: Opens) -> None:
        super().__init__(seed, opens)
        self.writers = [self.engine, another(self.engine)]
        self.turns = Random(-1 - seed)

    def apply(self) -> None:
        self.engine = self.turns.choice(self.writers)
        super().apply()
        assert_knows_the_journal(self.turns.choice(self.writers))


@pytest.mark.parametrize("seed", range(200, 200 + MODELLED))
def test_two_writers_and_the_model_agree(seed: int, engine: Opens, counted: Counted) -> None:
    world = SharedWorld(seed, engine)
    world.run(STEPS)
    assert counted.told
    assert verify_full(world.engine.programme.name, world.engine.alias).findings == ()


def test_each_kind_of_command_is_followed(engine: Opens, counted: Counted) -> None:
    one = opened(engine, maturity_days=1)
    other = another(one)
    tomorrow = AT + DAY
    paid: list[cmd.Command] = [
        cmd.FundTreasury(AT, 500 * YUAN),
        cmd.AwardFunded(AT, "m1", 50 * YUAN, 40 * YUAN),
        cmd.AwardFunded(AT, "m2", 50 * YUAN, 40 * YUAN),
        order("matured"),
        order("matures", "m2", at=tomorrow),
        cmd.ConvertPoints(tomorrow, "m1", 10 * POINT),
        cmd.PayCoins(tomorrow, "coins", "s1", 3 * YUAN, "m1"),
    ]
    do(one, *paid)
    do(other, cmd.FundTreasury(tomorrow, YUAN))
    kept = one.slice
    for command in (
        cmd.RedeemPoints(tomorrow, "m1", POINT),
        cmd.SpendPoints(tomorrow, "points", "m1", "s2", POINT),
        cmd.RefundPointsPayment(tomorrow, "points", YUAN // 2),
        cmd.PayCoins(tomorrow, "again", "s2", YUAN, "", "s1"),
        cmd.RefundCoins(tomorrow, "again", YUAN // 2),
        cmd.RefundCoins(tomorrow, "coins", YUAN),
        cmd.ExchangeCoins(tomorrow, "s1", YUAN),
        cmd.RedeemMerchantPoints(tomorrow, "s1", POINT // 10),
        cmd.SettleMerchant(tomorrow, "s2", YUAN // 4),
        cmd.WithdrawCash(tomorrow, "m1", YUAN // 4),
        cmd.RefundOrder(tomorrow, "matured", "late", 10 * YUAN, 2),
        cmd.RefundOrder(tomorrow, "matures", "early", 10 * YUAN, 2),
        cmd.PayOrder(tomorrow, "waits", "m2", "s1", 100 * YUAN, None),
        cmd.ReceiveOrder(tomorrow, "waits"),
        cmd.JoinMember(tomorrow, "m3", "m1"),
        cmd.JoinMember(tomorrow, "m4"),
        cmd.SetReferrer(tomorrow, "m4", "m3"),
        cmd.JoinMerchant(tomorrow, "s3"),
        cmd.LinkParty(tomorrow, 7, "m2", "s2"),
        cmd.AwardFunded(tomorrow, "m3", YUAN // 2, YUAN // 4, "s1"),
        cmd.WithdrawTreasury(tomorrow, YUAN, 2),
        cmd.RecordUnmatched(tomorrow, YUAN),
    ):
        do(other, command)
        assert_knows_the_journal(one)
        assert one.slice is kept, command
        do(one, cmd.FundTreasury(tomorrow, 1))
    assert counted.told
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_who_exits_by_anothers_order_is_gone_here_too(engine: Opens) -> None:
    """Nothing names the member that exits, and it was in the other's memory alone."""
    one = opened(engine, quota_multiple="0.35")
    other = another(one)
    do(one, order("o1"), order("o2", "m2"), cmd.JoinMember(AT, "whale"))
    kept = one.slice
    while one.head()[Head.EXITS] == 0:
        do(other, order(f"w{other.head()[Head.ORDERS]}", "whale", 100_000))
    assert_knows_the_journal(one)
    assert one.slice is kept


def key_of(engine: Engine, number: int) -> int:
    """A member's exit key in the journal."""
    row = Journaled.objects.using(engine.alias).get(programme_id=engine.id, number=number)
    return row.key


def test_who_comes_to_exit_sooner_by_anothers_order_is_looked_for(
    engine: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member that was out of sight, since others were to exit before it, may overtake them."""
    monkeypatch.setattr(slice_module, "EXITS_READ_FIRST", 1)
    one = opened(engine, referral_rate="0.1")
    other = another(one)
    do(one, cmd.JoinMember(AT, "m3"), order("o3", "m3"), order("o1", "m1"))
    assert key_of(one, 3) < key_of(one, 1)
    one.forget()
    do(one, cmd.FundTreasury(AT, 1))
    kept = one.slice
    assert kept is not None
    assert kept.members.of(np.array([1, 3])).tolist()[0] == 0
    # What m2 buys brings points to m1, and no quota.
    while key_of(one, 1) >= key_of(one, 3):
        do(other, order(f"p{other.head()[Head.ORDERS]}", "m2"))
    assert_knows_the_journal(one)
    assert one.slice is kept


def test_what_was_rolled_back_is_not_taken_for_the_beginning(
    engine: Opens, counted: Counted
) -> None:
    """Another wrote as much and more where this writer's own batch was undone."""
    one = opened(engine)
    other = another(one)
    do(one, order("o1"))
    with transaction.atomic(using=one.alias):
        do(one, cmd.RedeemPoints(AT, "m1", POINT))
        transaction.set_rollback(True, using=one.alias)
    do(other, order("o2"), order("o3", "m2"))
    assert_knows_the_journal(one)
    assert counted.told == [False]


def test_after_many_events_the_slice_is_let_go(
    engine: Opens, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "EVENTS_MAX", 3)
    one = opened(engine)
    other = another(one)
    do(other, *[order(f"o{n}") for n in range(3)])
    assert_knows_the_journal(one)
    do(other, *[order(f"p{n}") for n in range(4)])
    assert_knows_the_journal(one)
    assert counted.told == [True, False]


def test_every_field_that_names_somebody_is_known() -> None:
    """A kind that is added, or a field, must be thought of here."""
    naming = catching_up.MEMBERS | catching_up.MERCHANTS | {"order", "payment"}
    others = {"money", "points", "coins", "value", "paid", "profit", "backing_ppm", "received"}
    others |= {"approvals", "party"}
    assert set(Kind) == catching_up.NAMING | CHANGES_ANYBODY
    assert {name for kind in catching_up.NAMING for name in FIELDS[kind]} == naming | others
