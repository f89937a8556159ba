"""A statement from a mark on is the tail of the whole one, whatever happened and wherever it is."""

import random
from collections.abc import Iterator

import pytest
from django.db import connections

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.statements import keeping, marking
from shareback.engine.statements.account import Who, read_account
from shareback.engine.statements.keeping import load_mark
from shareback.engine.statements.mark import Mark
from shareback.engine.statements.marking import mark_long_statements
from shareback.engine.statements.reading import (
    open_statement,
)
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import (
    StatementDividends,
    StatementMark,
    StatementPage,
)
from shareback.rules.layout import EffectKind, Head
from shareback.rules.programme import Programme as Parameters
from tests.engine import busy as worlds
from tests.engine.busy import DAY, OPENED, busy_programme, end
from tests.engine.whole_statements import (
    Whole,
    assert_every_mark_goes_on,
    assert_it_reads_as_a_whole,
    assert_it_reads_whole,
    whole_run,
)

LIVES = ((1, 0), (2, 2), (3, 0), (5, 2))
"""Seeds, and days to maturity."""

DAYS, COUNT = 9, 70


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and stretches so small that every boundary is met."""
    monkeypatch.setattr(keeping, "PAGE_ENTRIES", 4)
    monkeypatch.setattr(marking, "LONG", 2)
    monkeypatch.setattr(marking, "ONE_IN", 3)
    monkeypatch.setattr(marking, "DAYS_A_TURN", 2)
    monkeypatch.setattr(marking, "STRETCH_ROWS", 5)


def lived(
    name: str, alias: str, seed: int, maturity_days: int, *, is_kept: bool
) -> Iterator[Engine]:
    """A programme day after day; its statements are brought up at random moments on the way."""
    draw = random.Random(seed)
    usual = worlds.parameters

    def parameters(name: str, **changes: object) -> Parameters:
        return usual(name, **{"maturity_days": maturity_days, **changes})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "parameters", parameters)
        engine = worlds.open_busy(name, alias)
    world = worlds.World(seed)
    for day in range(DAYS):
        at = OPENED + day * DAY
        for _ in range(2):
            engine.apply(world.day(at, COUNT // 2))
            if is_kept and draw.random() < 0.8:
                whole = Whole(engine)
                for number in draw.sample(whole.members, 5):
                    whole.opened(number)
        if is_kept and draw.random() < 0.3:
            mark_long_statements(engine.id, alias)
        yield engine
        if draw.random() < 0.6:
            engine.close(engine.calendar.day_of(at))


def last_of(days: Iterator[Engine]) -> Engine:
    *_, engine = days
    return engine


def test_from_every_mark_on_a_statement_is_the_tail_of_the_whole(busy: Engine) -> None:
    whole = Whole(busy)
    for number in whole.members[::3]:
        assert_every_mark_goes_on(whole, number)


def test_so_it_is_after_the_end_of_a_programme(ended: Engine) -> None:
    whole = Whole(ended)
    assert any(
        getattr(step.source, "kind", 0) == EffectKind.ACCOUNT_SETTLED
        for step in whole_run(whole, 3).steps
    )
    for number in whole.members[::3]:
        assert_every_mark_goes_on(whole, number)


@pytest.mark.parametrize(("seed", "maturity_days"), LIVES)
def test_what_is_kept_on_the_way_reads_as_if_it_had_not_been(
    alias: str, small: None, seed: int, maturity_days: int
) -> None:
    name = f"kept {seed} {maturity_days}"
    engine = last_of(lived(name, alias, seed, maturity_days, is_kept=True))
    whole = Whole(engine)
    marks = [load_mark(Who(engine.id, number, alias)) for number in whole.members]
    assert any(mark.entries > 0 for mark in marks)
    for number in whole.members:
        steps = whole_run(whole, number).steps
        reads = assert_it_reads_whole if number % 3 else assert_it_reads_as_a_whole
        reads(whole.opened(number), steps, whole)
        mark = load_mark(Who(engine.id, number, alias))
        assert whole.from_mark(number, mark).run() == steps[mark.entries :]


def test_what_is_kept_when_the_programme_ends_goes_on_too(alias: str, small: None) -> None:
    engine = last_of(lived("kept to the end", alias, 7, 2, is_kept=True))
    end(engine)
    whole = Whole(engine)
    for number in whole.members:
        assert_it_reads_whole(whole.opened(number), whole_run(whole, number).steps, whole)


@pytest.fixture(scope="module")
def kept(alias: str) -> Engine:
    """A programme whose members' statements are long for the limits of these tests."""
    return busy_programme("statements kept", alias, seed=11)


def stored(engine: Engine) -> list[list[tuple[object, ...]]]:
    """All that is kept of a programme's statements."""
    found = []
    for model in (StatementMark, StatementPage, StatementDividends):
        rows = model.objects.using(engine.alias).filter(programme_id=engine.id)
        found.append(sorted(row[1:] for row in rows.values_list(*names_of(model))))
    return [[tuple(map(plain, row)) for row in rows] for rows in found]


def names_of(model: type[object]) -> list[str]:
    fields = model._meta.concrete_fields  # type: ignore[attr-defined]
    return [field.name for field in fields if field.name != "pk"]


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview | bytes) else value


def removed(engine: Engine, *models: type[object]) -> None:
    for model in models:
        rows = model.objects.using(engine.alias)  # type: ignore[attr-defined]
        rows.filter(programme_id=engine.id).delete()


ALL_KEPT = (StatementMark, StatementPage, StatementDividends)


def test_the_pass_keeps_long_statements_and_has_nothing_to_do_again(
    kept: Engine, small: None
) -> None:
    removed(kept, *ALL_KEPT)
    assert mark_long_statements(kept.id, kept.alias) > kept.head()[Head.MEMBERS] // 2
    before = stored(kept)
    assert mark_long_statements(kept.id, kept.alias) == 0
    assert stored(kept) == before


class CutOff:
    """Keeps some members' statements, and is killed at the next."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.real = marking.advance

    def __call__(
        self, who: Who, mark: Mark, timeline: Timeline, versions: list[Parameters]
    ) -> Mark:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.real(who, mark, timeline, versions)


def test_a_pass_that_was_cut_off_loses_nothing(
    kept: Engine, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed(kept, *ALL_KEPT)
    mark_long_statements(kept.id, kept.alias)
    whole = stored(kept)
    for cut in (1, 9):
        removed(kept, *ALL_KEPT)
        with monkeypatch.context() as patch:
            patch.setattr(marking, "advance", CutOff(cut))
            with pytest.raises(KeyboardInterrupt):
                mark_long_statements(kept.id, kept.alias)
        mark_long_statements(kept.id, kept.alias)
        assert stored(kept) == whole


@pytest.mark.parametrize("gone", [ALL_KEPT, ALL_KEPT[1:], *((model,) for model in ALL_KEPT)])
def test_what_is_kept_may_be_removed_and_comes_again(
    kept: Engine, small: None, gone: tuple[type[object], ...]
) -> None:
    whole = Whole(kept)
    before = kept_anew(kept, whole)
    removed(kept, *gone)
    assert_all_heals(kept, whole, before)


@pytest.mark.parametrize("model", ALL_KEPT[1:])
def test_so_does_one_row_that_is_not_the_last(
    kept: Engine, small: None, model: type[StatementPage | StatementDividends]
) -> None:
    whole = Whole(kept)
    before = kept_anew(kept, whole)
    of_seven = model.objects.using(kept.alias).filter(programme_id=kept.id, member=7)
    order = "page" if model is StatementPage else "month"
    first = of_seven.order_by(order).first()
    assert first is not None
    of_seven.filter(**{order: getattr(first, order)}).delete()
    assert_all_heals(kept, whole, before)


def kept_anew(engine: Engine, whole: Whole) -> list[list[tuple[object, ...]]]:
    """Keep all statements from nothing; what is kept then."""
    removed(engine, *ALL_KEPT)
    for number in whole.members:
        whole.opened(number)
    return stored(engine)


def assert_all_heals(engine: Engine, whole: Whole, before: list[list[tuple[object, ...]]]) -> None:
    """Who reads finds nothing amiss, and who reads next finds it kept as it was."""
    for _ in range(2):
        for number in whole.members:
            with whole.in_one_state(number) as read:
                assert read is not None
                assert_it_reads_whole(read, whole_run(whole, number).steps, whole)
    assert stored(engine) == before


def test_who_keeps_more_notices_that_a_months_dividends_are_gone(alias: str, small: None) -> None:
    engine = last_of(lived("dividends gone", alias, 6, 2, is_kept=True))
    removed(engine, StatementDividends)
    engine.close(engine.calendar.day_of(OPENED + DAYS * DAY))
    for _ in range(2):
        whole = Whole(engine)
        for number in whole.members:
            with whole.in_one_state(number) as read:
                assert read is not None
                assert_it_reads_whole(read, whole_run(whole, number).steps, whole)


def test_of_two_who_keep_the_same_one_wins_and_both_read_alike(kept: Engine, small: None) -> None:
    removed(kept, *ALL_KEPT)
    whole = Whole(kept)
    who = Who(kept.id, 7, kept.alias)
    mark = load_mark(who)
    first = marking.advance(who, mark, whole.timeline, whole.versions)
    second = marking.advance(who, mark, whole.timeline, whole.versions)
    assert first.entries == second.entries > 0
    read = open_statement(whole.head, 7, whole.versions, second, kept.alias)
    assert read is not None
    assert [one.step for one in read.between(0, read.entries)] == whole_run(whole, 7).steps


def test_where_nothing_may_be_written_all_is_lived_through(
    kept: Engine, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed(kept, *ALL_KEPT)
    with connections[kept.alias].cursor() as cursor:
        is_sqlite = connections[kept.alias].vendor == "sqlite"
        switch = "PRAGMA query_only = {}" if is_sqlite else "SET default_transaction_read_only = {}"
        cursor.execute(switch.format("on"))
        try:
            whole = Whole(kept)
            read = whole.opened(7)
            assert_it_reads_as_a_whole(read, whole_run(whole, 7).steps, whole)
            assert read.mark.day == 0
        finally:
            cursor.execute(switch.format("off"))


WRITING = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("BEGIN", "SELECT id FROM journal_programme FOR UPDATE"),
}
"""How a batch holds its lock."""


def test_who_reads_does_not_wait_for_who_writes(
    kept: Engine, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed(kept, *ALL_KEPT)
    monkeypatch.setattr(marking, "WAIT_MS", 1)
    connection = connections[kept.alias]
    writer = connection.copy()
    with writer.cursor() as cursor:
        for statement in WRITING[connection.vendor]:
            cursor.execute(statement)
        whole = Whole(kept)
        read = whole.opened(7)
        cursor.execute("ROLLBACK")
    writer.close()
    assert_it_reads_as_a_whole(read, whole_run(whole, 7).steps, whole)
    # PostgreSQL locks the head alone, so there it is kept meanwhile.
    assert read.mark.day == (0 if connection.vendor == "sqlite" else whole.head.day)
    assert whole.opened(7).mark.day == whole.head.day


def test_a_late_refund_of_an_order_older_than_the_mark_is_told(alias: str, small: None) -> None:
    engine = last_of(lived("late refund", alias, 4, 2, is_kept=True))
    whole = Whole(engine)
    number = next(n for n in whole.members if load_mark(Who(engine.id, n, alias)).entries > 4)
    account = read_account(whole.head, number, alias)
    assert account is not None
    old = next(
        order
        for order in account.orders
        if order.matured_day is not None and order.paid > order.refunded + 3
    )
    at = OPENED + DAYS * DAY
    engine.apply([cmd.FundTreasury(at, 10**10)])
    for part in range(3):
        (answer,) = engine.apply([cmd.RefundOrder(at, old.order_id, f"late {part}", 1, 2)])
        assert answer.code == 0
    whole = Whole(engine)
    read = whole.opened(number)
    assert old.number <= read.mark.account.orders
    since = [one.step.what for one in read.between(read.mark.entries, read.entries)]
    assert since.count("late_refund") == 3
    steps = whole_run(whole, number).steps
    assert sum(step.what == "late_refund" and step.source.money == 1 for step in steps) == 3  # type: ignore[union-attr]
    assert_it_reads_as_a_whole(read, steps, whole)
