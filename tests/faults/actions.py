"""What the warm process does: it lets children work, kills them, and looks at what is left."""

import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction

from shareback.engine import commands as cmd
from shareback.engine import importing
from shareback.engine.engine import Engine
from shareback.engine.replay import replay
from shareback.engine.verifying import verify_full
from shareback.journal.storage import storage_for
from shareback.rules.layout import Head
from shareback.rules.programme import TEST_ISSUER, Programme
from tests.backends.journals import DAY, OPENED, forget, open_anew, register
from tests.engine.busy import World
from tests.engine.rows import Rows, rows_of
from tests.engine.test_engine_batches import QUICK, joins, story
from tests.faults.children import Child, again, die, die_while_writing

KILLED = -9
KILLS_A_PROGRAMME = 30
BATCHES_A_KILL = 10
BEGUN, DONE, REFUSED = b"b", b"d", b"r"


@contextmanager
def database(url: str, name: str = "faults") -> Iterator[str]:
    """A migrated database under an alias."""
    register(name, url)
    call_command("migrate", database=name, verbosity=0)
    try:
        yield name
    finally:
        forget(name)


@contextmanager
def reference_database() -> Iterator[str]:
    """A database of its own, in which nobody is killed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database(f"sqlite://{folder}/reference.sqlite3", "reference") as name,
    ):
        yield name


def batches(seed: int, count: int) -> list[list[cmd.Command]]:
    """Batches of a world; every third begins a new day, and so closes one."""
    world = World(seed)
    made = [joins()]
    for place in range(count):
        commands = world.day(OPENED + place // 3 * DAY, 10)
        made.append([keyed(command, place, turn) for turn, command in enumerate(commands)])
    return made


def keyed(command: cmd.Command, place: int, turn: int) -> cmd.Command:
    """One in five commands comes with a key."""
    return command._replace(key=f"k{place}-{turn}") if turn % 5 == 0 else command


def settled(engine: Engine) -> Rows:
    """All rows, once no transaction of somebody killed is at work any more."""
    with transaction.atomic(using=engine.alias):
        storage_for(connections[engine.alias]).lock_head(engine.id)
        return rows_of(engine)


class Victim:
    """A programme whose writers are killed, beside one of the same commands that lives on."""

    def __init__(self, alias: str, reference: str, seed: int, kills: int) -> None:
        self.rng = random.Random(seed)
        self.batches = batches(seed, BATCHES_A_KILL * kills)
        self.engine = open_anew(alias, f"killed {seed}", **QUICK)
        self.reference = open_anew(reference, f"killed {seed}", **QUICK)
        self.done = 0
        self.inside = 0

    def kill_once(self) -> None:
        """Let a child write some batches, kill it anywhere, and compare what is left."""
        child = Child(self.write)
        wanted = self.rng.randrange(4)
        while child.told.count(DONE) < wanted and child.hear(60):
            pass
        end = time.monotonic() + self.rng.uniform(0, 0.04)
        while (left := end - time.monotonic()) > 0 and child.hear(left):
            pass
        child.kill()
        status = child.wait()
        if status != KILLED:
            raise AssertionError(f"the child ended by itself: {status}")
        self.compare(child.told)

    def write(self, tell: Callable[[bytes], object]) -> None:
        """Apply batches one after another, telling of each when it begins and is done."""
        engine = again(self.engine)
        for batch in self.batches[self.done :]:
            tell(BEGUN)
            engine.apply(batch)
            tell(DONE)

    def compare(self, told: bytes) -> None:
        """The journal must be as after some batch, no earlier than the last acknowledged one."""
        rows = settled(again(self.engine))
        acknowledged = self.done + told.count(DONE)
        while self.reference.head()[Head.SEQUENCE] < rows["head"][0][Head.SEQUENCE]:
            self.reference.apply(self.batches[self.done])
            self.done += 1
        if self.done < acknowledged:
            raise AssertionError(f"{self.done} batches are left of {acknowledged} acknowledged")
        self.inside += told.endswith(BEGUN) and self.done == acknowledged
        expected = rows_of(self.reference)
        for table, found in rows.items():
            if found != expected[table]:
                raise AssertionError(f"after {self.done} batches {table} differs: {told!r}")


def kills(url: str, count: int, seed: int) -> dict[str, Any]:
    """F1: kill writers ``count`` times, and verify each programme at its end."""
    inside = done = 0
    with database(url) as alias, reference_database() as reference:
        for first in range(0, count, KILLS_A_PROGRAMME):
            turns = min(KILLS_A_PROGRAMME, count - first)
            victim = Victim(alias, reference, seed + first, turns)
            for _ in range(turns):
                victim.kill_once()
            inside, done = inside + victim.inside, done + victim.done
            verified(victim.engine)
    return {"inside": inside, "batches": done}


def planted(url: str) -> dict[str, Any]:
    """What the checks of `kills` say where a writer lies, and where a row is torn."""
    caught = []
    with database(url) as alias, reference_database() as reference:
        victim = Victim(alias, reference, 0, 1)

        def boasts(tell: Callable[[bytes], object]) -> None:
            tell(BEGUN)
            tell(DONE)
            die()

        child = Child(boasts)
        child.wait()
        caught.append(complaint(victim, child.told))
        victim.engine.apply(victim.batches[0])
        with connections[alias].cursor() as cursor:
            cursor.execute("UPDATE journal_member SET cash = cash + 1 WHERE number = 3")
        caught.append(complaint(victim, b""))
    return {"caught": caught}


def complaint(victim: Victim, told: bytes) -> str:
    """What the comparison after a kill finds wrong, or nothing."""
    try:
        victim.compare(told)
    except AssertionError as fault:
        return str(fault)
    return ""


def verified(engine: Engine) -> None:
    """Raise AssertionError where a full verification finds anything."""
    findings = verify_full(engine.programme.name, engine.alias).findings
    if findings:
        raise AssertionError(list(map(str, findings)))


DEATHS: Sequence[tuple[str, bool]] = [
    ("write", False),
    ("write_accounts", True),
    ("write_orders", True),
    ("write", True),
]
"""Before anything is written, in the middle of it, and before it is committed."""


def trading(alias: str) -> Engine:
    """Some days of trade, closed but for the last of them."""
    engine = open_anew(alias, "closes", **QUICK)
    engine.apply(story(seed=3, days=4, count=25))
    return engine


def close_days(engine: Engine, tell: Callable[[bytes], object]) -> None:
    """Close four days, one after another."""
    first = engine.calendar.day_of(OPENED) + 3
    tell(BEGUN)
    for day in range(first, first + 4):
        engine.close(day)
    tell(DONE)


def closes(url: str) -> dict[str, Any]:
    """F3: close at once by two workers, and after deaths half-way; all must be as day by day."""
    with database(url) as alias:
        daily = trading(alias)
        close_days(daily, len)
        expected = rows_of(daily)
        rounds = [rows_of(daily)]

        both = trading(alias)
        workers = [Child(lambda tell: close_days(again(both), tell)) for _ in range(2)]
        ends = [worker.wait() for worker in workers]
        rounds.append(settled(again(both)))

        for method, after in DEATHS:
            for turn in (1, 3):
                ends.append(die_in_close(alias, method, after=after, turn=turn))
                dead = Engine("closes", alias, daily.salts)
                close_days(dead, len)
                rounds.append(rows_of(dead))
        verified(daily)
        return {"equal": [each == expected for each in rounds], "ends": ends}


def die_in_close(alias: str, method: str, *, after: bool, turn: int) -> int:
    """A child that dies in one of its closes; returns how it ended."""
    engine = trading(alias)

    def work(tell: Callable[[bytes], object]) -> None:
        die_while_writing(method, after=after, turn=turn)
        close_days(again(engine), tell)

    return Child(work).wait()


def writers(url: str, count: int, rounds: int) -> dict[str, Any]:
    """A19: several processes write to one programme at once."""
    with database(url) as alias:
        engine = open_anew(alias, "writers", maturity_days=1)
        children = [
            Child(lambda tell, who=who: write_much(again(engine), who, rounds, tell))  # type: ignore[misc]
            for who in range(count)
        ]
        ends = [child.wait() for child in children]
        verified(engine)
        rows = rows_of(engine)
        return {
            "ends": ends,
            "orders": len(rows["order"]),
            "events": [row[0] for row in rows["event"]],
            "sequence": engine.head()[Head.SEQUENCE],
        }


def write_much(engine: Engine, who: int, rounds: int, tell: Callable[[bytes], object]) -> None:
    """Join and order in many small batches."""
    engine.apply([cmd.JoinMember(OPENED, f"m{who}")])
    for turn in range(rounds):
        order = cmd.PayOrder(OPENED, f"o{who}-{turn}", f"m{who}", "", 10**8, None, received=True)
        answers = engine.apply([order, cmd.JoinMember(OPENED, f"m{who}-{turn}", f"m{who}")])
        if any(answer.code for answer in answers):
            raise AssertionError(answers)
    tell(DONE)


def replayed(url: str, orders: str, out: str, deaths: int) -> dict[str, Any]:
    """A replay that is killed some times, and started again each time."""
    importing.BATCH_ACTIONS = 40
    ends = []
    with database(url) as alias:
        for turn in range(deaths):
            method, after = DEATHS[turn % len(DEATHS)]

            def work(_tell: Callable[[bytes], object], turn: int = turn) -> None:
                if turn % 5 == 4:
                    die_after_commits(2)
                else:
                    die_while_writing(method, after=after, turn=2)  # noqa: B023 - runs at once
                replay_file(orders, out, alias)

            ends.append(Child(work).wait())
        return {"summary": replay_file(orders, out, alias), "ends": ends}


def replayed_at_once(url: str, orders: str, out: str) -> dict[str, Any]:
    """One file, replayed by three processes at once, and once more after them."""
    importing.BATCH_ACTIONS = 40
    with database(url) as alias:

        def work(tell: Callable[[bytes], object]) -> None:
            try:
                replay_file(orders, f"{out}-{os.getpid()}", alias)
                tell(DONE)
            except importing.ImportRefused:
                tell(REFUSED)

        children = [Child(work) for _ in range(3)]
        ends = [child.wait() for child in children]
        told = b"".join(child.told for child in children).decode()
        return {"summary": replay_file(orders, out, alias), "ends": ends, "told": told}


def die_after_commits(count: int) -> None:
    """From now on this process dies when it has told of so many pieces of progress."""
    real = importing.Importer.apply
    done = 0

    def deadly(self: importing.Importer, *given: Any) -> None:  # noqa: ANN401 - passed on
        nonlocal done
        real(self, *given)
        done += 1
        if done == count:
            die()

    importing.Importer.apply = deadly  # type: ignore[assignment,method-assign]


def replay_file(orders: str, out: str, alias: str) -> dict[str, Any]:
    """Replay a file; returns its summary."""
    done = replay(
        Path(orders),
        programme=Programme(issuer=TEST_ISSUER, name="replayed", maturity_days=2),
        mapping={},
        skip_bad=None,
        out=Path(out),
        progress=lambda _stage, _done, _total: None,
        alias=alias,
    )
    summary: dict[str, Any] = json.loads((Path(out) / "summary.json").read_text(encoding="utf-8"))
    assert summary == done.summary
    return {**summary, "resumed_at": done.resumed_at}


ACTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "kills": kills,
    "planted": planted,
    "closes": closes,
    "writers": writers,
    "replayed": replayed,
    "replayed_at_once": replayed_at_once,
}
