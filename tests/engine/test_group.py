"""Group commit: calls that come while a batch flushes are one batch, each with its own answer."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

from shareback.engine import commands as cmd
from shareback.engine import committing
from shareback.engine import group as groups
from shareback.engine.committing import Unavailable
from shareback.engine.engine import Engine
from shareback.engine.group import Busy, Group, Patience
from shareback.engine.verifying import verify_full
from shareback.journal.storage import storage_for
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.backends.journals import SALTS, Opens
from tests.engine.small import AT, POINT, YUAN, opened, order

Notes = list[tuple[tuple[object, ...], list[list[int]]]]


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    ends = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends, "it never came"


class Watched:
    """A group on a programme, and what was written alongside its batches."""

    def __init__(self, one: Engine, patience: Patience = groups.PATIENT) -> None:
        """Open the group; each thread has a connection of its own."""
        self.one = one
        self.notes: Notes = []
        self.group = Group(self.open_engine, self.alongside, one.alias, patience)

    def open_engine(self) -> Engine:
        return Engine(self.one.programme.name, self.one.alias, SALTS)

    def alongside(self, notes: Sequence[object], answers: Sequence[Sequence[cmd.Answer]]) -> None:
        codes = [[answer.code for answer in parted] for parted in answers]
        self.notes.append((tuple(notes), codes))

    def waits(self, count: int) -> bool:
        """Whether so many calls wait."""
        return len(self.group.waiting) >= count

    def held(self, *calls: Callable[[], object]) -> list[object]:
        """Results of calls that come while the head is locked: one batch for all but the first."""
        with ThreadPoolExecutor(len(calls) + 1) as pool:
            with transaction.atomic(using=self.one.alias):
                storage_for(connections[self.one.alias]).lock_head(self.one.id)
                first = pool.submit(self.group.submit, [cmd.FundTreasury(AT, 1)], "first")
                until(lambda: self.group.thread is not None and not self.group.waiting)
                pending = []
                for place, call in enumerate(calls, 1):
                    pending.append(pool.submit(call))
                    until(partial(self.waits, place))
            first.result()
            return [each.exception() or each.result() for each in pending]


@pytest.fixture
def watched(engine: Opens) -> Watched:
    return Watched(opened(engine))


def test_calls_that_wait_are_one_batch_and_each_gets_its_own_answer(watched: Watched) -> None:
    submit = watched.group.submit
    paid, refused, two = watched.held(
        lambda: submit([order("o1")], "a"),
        lambda: submit([cmd.RedeemPoints(AT, "m2", POINT)], "b"),
        lambda: submit([order("o2", "m2"), cmd.RedeemPoints(AT, "m2", POINT)], "c"),
    )
    codes = [[answer.code for answer in answers] for answers in (paid, refused, two)]  # type: ignore[attr-defined]
    assert codes == [[0], [Code.POINTS_SHORT], [0, 0]]
    assert watched.notes[1:] == [(("a", "b", "c"), codes)]
    assert verify_full(watched.one.programme.name, watched.one.alias).findings == ()


def test_what_is_written_alongside_is_there_with_the_commands_or_not_at_all(
    watched: Watched,
) -> None:
    def refuses(notes: Sequence[object], answers: Sequence[Sequence[cmd.Answer]]) -> None:
        watched.alongside(notes, answers)
        if "bad" in notes:
            raise IntegrityError("planted")

    watched.group.alongside = refuses
    submit = watched.group.submit
    good, bad = watched.held(
        lambda: submit([order("o1")], "good"), lambda: submit([order("o2")], "bad")
    )
    assert [answer.code for answer in good] == [0]  # type: ignore[attr-defined]
    assert isinstance(bad, IntegrityError)
    assert watched.one.head()[Head.ORDERS] == 1


def test_a_batch_that_the_database_turns_away_is_tried_again_whole(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    real = Engine.apply

    def turned_away(self: Engine, *arguments: object) -> object:
        tries.append(1)
        if len(tries) < committing.TRIES:
            raise OperationalError("could not serialize access")
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "apply", turned_away)
    (answer,) = watched.group.submit([order("o1")])
    assert (answer.code, len(tries)) == (0, committing.TRIES)


def test_a_database_that_is_gone_is_said_to_be_and_comes_back(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object) -> object:
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "apply", gone)
        with pytest.raises(Unavailable):
            watched.group.submit([order("o1")])
    (answer,) = watched.group.submit([order("o1")])
    assert answer.code == 0


def test_a_bug_costs_one_call_and_no_other(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Engine.apply

    def breaks(self: Engine, commands: Sequence[cmd.Command], *others: object) -> object:
        if any(getattr(command, "order_id", "") == "broken" for command in commands):
            raise ZeroDivisionError
        return real(self, commands, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "apply", breaks)
    submit = watched.group.submit
    one, broken, other = watched.held(
        lambda: submit([order("o1")]),
        lambda: submit([order("broken")]),
        lambda: submit([order("o2")]),
    )
    assert isinstance(broken, ZeroDivisionError)
    assert [answer.code for answer in (*one, *other)] == [0, 0]  # type: ignore[misc]


def test_whoever_comes_when_too_many_wait_is_sent_away(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "WAITING_MAX", 1)
    submit = watched.group.submit
    watched.group.count = 1
    with pytest.raises(Busy):
        submit([order("o1")])
    watched.group.count = 0
    (answer,) = submit([order("o1")])
    assert answer.code == 0


def test_many_threads_pay_each_order_once(watched: Watched) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(
                lambda n: watched.group.submit([order(f"o{n % 50}")._replace(key=f"k{n % 50}")]),
                range(200),
            )
        )
    assert {answer.code for (answer,) in answers} == {0}
    assert sum(not answer.repeated for (answer,) in answers) == 50
    assert watched.one.head()[Head.ORDERS] == 50
    assert watched.one.head()[Head.BANK] == 50 * 30 * YUAN
    assert len(watched.notes) < 200
    assert threading.active_count() < 40


def test_a_connection_that_dies_before_there_is_an_engine_is_let_go_too(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    gone = [True]
    real = watched.group.open_engine

    def dies() -> Engine:
        if gone:
            raise OperationalError("the server has gone away")
        return real()

    monkeypatch.setattr(watched.group, "open_engine", dies)
    monkeypatch.setattr(committing, "connections", {watched.one.alias: Closes(closed)})
    with pytest.raises(Unavailable):
        watched.group.submit([order("o1")])
    assert len(closed) == committing.TRIES
    gone.clear()
    (answer,) = watched.group.submit([order("o1")])
    assert answer.code == 0


def test_each_who_waits_for_a_database_that_is_gone_hears_of_it_by_itself(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that several threads raised would gather the tracebacks of all of them."""
    submit = watched.group.submit

    def gone(self: Engine, commands: Sequence[cmd.Command], *others: object) -> object:
        if isinstance(commands[0], cmd.FundTreasury):
            return real(self, commands, *others)  # type: ignore[arg-type]
        raise OperationalError("server closed the connection")

    real = Engine.apply
    monkeypatch.setattr(Engine, "apply", gone)
    heard = watched.held(lambda: submit([order("o1")]), lambda: submit([order("o2")]))
    assert [type(each) for each in heard] == [Unavailable, Unavailable]
    assert heard[0] is not heard[1]


def is_late(group: Group) -> bool:
    """Whether a group turns callers away, since a batch of before is at work still."""
    committer = group.committer
    return committer is not None and committer.is_late(group.patience.answer_s)


def test_a_caller_is_answered_though_the_head_stays_locked(engine: Opens) -> None:
    """Who waits is taken back, who is at work is done later, and both may ask again."""
    watched = Watched(opened(engine), Patience(answer_s=0.2))
    submit = watched.group.submit
    with ThreadPoolExecutor(2) as pool, transaction.atomic(using=watched.one.alias):
        storage_for(connections[watched.one.alias]).lock_head(watched.one.id)
        at_work = pool.submit(submit, [order("o1")])
        until(lambda: bool(watched.group.taken))
        waits = pool.submit(submit, [order("o2")])
        for call in (at_work, waits):
            with pytest.raises(Unavailable, match=r"no answer within 0\.2 s"):
                call.result()
        assert watched.group.count == len(watched.group.waiting) == 0
        with pytest.raises(Unavailable, match="the batch before is late"):
            submit([order("o3")])
    until(lambda: watched.one.head()[Head.ORDERS] == 1)
    until(lambda: not is_late(watched.group))
    answers = [submit([order(name)])[0] for name in ("o1", "o2")]
    assert [(each.code, each.repeated) for each in answers] == [(0, True), (0, False)]
    assert watched.one.head()[Head.ORDERS] == 2


def test_a_call_may_fail_with_a_time_limit_of_its_own(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_arguments: object) -> object:
        raise TimeoutError("its own")

    monkeypatch.setattr(Engine, "apply", late)
    with pytest.raises(TimeoutError, match="its own"):
        watched.group.submit([order("o1")])


def test_what_is_idle_lets_go_of_everything_and_comes_back(engine: Opens) -> None:
    watched = Watched(opened(engine), Patience(idle_s=0.05))
    for name in ("o1", "o2"):
        (answer,) = watched.group.submit([order(name)])
        assert (answer.code, answer.repeated) == (0, False)
        thread, committer = watched.group.thread, watched.group.committer
        if thread is not None and committer is not None:
            thread.join()
            assert (committer.engine, committer.connection.connection) == (None, None)
        until(lambda: watched.group.thread is None)
        assert watched.group.committer is None


def test_no_call_is_lost_to_a_thread_that_is_about_to_end(engine: Opens) -> None:
    watched = Watched(opened(engine), Patience(idle_s=0.0))
    with ThreadPoolExecutor(8) as pool:
        codes = {
            answer.code
            for (answer,) in pool.map(lambda n: watched.group.submit([order(f"o{n}")]), range(60))
        }
    assert codes == {0}
    assert watched.one.head()[Head.ORDERS] == 60


def test_a_released_group_serves_who_comes_and_rests_again(watched: Watched) -> None:
    watched.group.submit([order("o1")])
    watched.group.release()
    until(lambda: watched.group.thread is None)
    watched.group.submit([order("o2")])
    until(lambda: watched.group.thread is None)
    assert watched.one.head()[Head.ORDERS] == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("broken", ["take", "commit"])
def test_a_bug_of_the_thread_itself_is_heard_and_the_next_call_starts_another(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    where = Group if broken == "take" else committing.Committer

    def breaks(*_arguments: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(where, broken, breaks)
        for name in ("o1", "o2"):
            with pytest.raises(Unavailable, match="ZeroDivisionError") as heard:
                watched.group.submit([order(name)])
            assert isinstance(heard.value.__cause__, ZeroDivisionError)
    (answer,) = watched.group.submit([order("o1")])
    assert (answer.code, answer.repeated) == (0, False)
    assert watched.group.count == 0


class Closes:
    """A connection that says when it is closed."""

    def __init__(self, closed: list[str]) -> None:
        self.closed = closed

    def close(self) -> None:
        self.closed.append("closed")
