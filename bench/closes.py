"""The daily close by the number of members, and by the number of members that exit in it."""

import sys
import time
from statistics import median
from typing import NamedTuple

import numpy as np
from django.core.management import call_command
from django.db import connections, transaction

from bench import worlds
from bench.databases import Databases
from shareback.engine.commands import PayOrder
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.journal.models import Identity, Programme
from shareback.journal.shapes import IDENTITY, MEMBER
from shareback.journal.storage import storage_for
from shareback.kernels.arrays import Integers
from shareback.rules.layout import Member
from shareback.rules.member import exit_key
from shareback.units.scales import PPM, SCALE, UNITS_PER_POINT, UYUAN_PER_YUAN

FEW, MANY = 10_000, 1_000_000
POINTS = 10 * UNITS_PER_POINT
WORTH_UYUAN = 10 * UYUAN_PER_YUAN
QUOTA_UYUAN = 20 * WORTH_UYUAN
CLOSES = 20
BUYERS = 100
EXITS = (10, 100, 1_000)
EXIT_CLOSES = 5
TERMS = worlds.PROGRAMME.model_copy(update={"name": "Closes", "maturity_days": 1})


class Closes(NamedTuple):
    """Medians of seconds: a close with few members, with many, and with exits among many."""

    few: float
    many: float
    exits: dict[int, float]


class Filled:
    """A programme of many holders that were written row by row, without their history."""

    def __init__(self, made: Databases, alias: str, members: int) -> None:
        """Write the members, their ids, and a head that they add up to."""
        call_command("migrate", database=alias, verbosity=0)
        self.alias = alias
        self.number = open_programme(TERMS, worlds.START_AT, alias=alias, salts=worlds.SALTS)
        self.day = Engine(TERMS.name, alias=alias).calendar.day_of(worlds.START_AT)
        self.at = worlds.START_AT
        self.members = members
        with transaction.atomic(using=alias):
            storage = storage_for(connections[alias])
            storage.insert(MEMBER, self.number, holders(members))
            ids = [f"m{number}" for number in range(members)]
            rows = np.zeros((members, len(IDENTITY.integers)), np.int64)
            rows[:, IDENTITY.integers.index("kind")] = Identity.Kind.MEMBER
            rows[:, IDENTITY.integers.index("number")] = np.arange(1, members + 1)
            storage.insert(IDENTITY, self.number, rows, [ids, [bytes(16)] * members])
            self.write_head()
        made.settle(alias)

    def write_head(self) -> None:
        """The totals of what the members hold."""
        points, money = self.members * POINTS, self.members * WORTH_UYUAN
        quota = self.members * QUOTA_UYUAN
        Programme.objects.using(self.alias).filter(pk=self.number).update(
            reserve=money,
            bank=money,
            points_members=points,
            supply=points,
            issued=points,
            weight=points,
            quota_granted=quota,
            quota_open=quota,
            members=self.members,
        )

    def close(self) -> float:
        """Close the open day with a writer that has nothing in memory; returns the seconds."""
        engine = Engine(TERMS.name, alias=self.alias, salts=worlds.SALTS)
        start = time.perf_counter()
        engine.close(self.day)
        seconds = time.perf_counter() - start
        self.day += 1
        self.at += worlds.DAY_US
        return seconds

    def pay(self) -> None:
        """Pay an order for each of some members, to mature at the next day's close."""
        engine = Engine(TERMS.name, alias=self.alias, salts=worlds.SALTS)
        worlds.accept(
            engine,
            [
                PayOrder(self.at, f"{self.day}-{n}", f"m{n}", "", 10**8, received=True)
                for n in range(BUYERS)
            ],
        )

    def make_due(self, first: int, count: int) -> None:
        """Use up the quota of some members that hold their first points still."""
        with transaction.atomic(using=self.alias):
            storage = storage_for(connections[self.alias])
            head = Programme.objects.using(self.alias).get(pk=self.number)
            numbers = ",".join(map(str, range(first, first + count)))
            found = storage.select(MEMBER, self.number, f"AND number IN ({numbers})")
            left = POINTS * (head.reserve * SCALE // head.supply) // SCALE
            used = found[:, Member.QUOTA] - left
            head.quota_open -= int((used - found[:, Member.USED]).sum())
            head.save(using=self.alias, update_fields=["quota_open"])
            index = np.full(count, head.index, np.int64)
            keys = np.full(count, exit_key(left, POINTS, head.index, PPM), np.int64)
            rows = np.column_stack([found[:, Member.NUMBER], used, index, keys])
            storage.update(MEMBER, self.number, 1, ("number", "used", "index", "key"), rows)

    def exits(self) -> int:
        """How many members have exited so far."""
        return int(Programme.objects.using(self.alias).get(pk=self.number).exits)


def holders(members: int) -> Integers:
    """Rows of members that hold the same points each."""
    rows = np.zeros((members, len(MEMBER.integers)), np.int64)
    rows[:, Member.NUMBER] = np.arange(1, members + 1)
    rows[:, Member.POINTS] = POINTS
    rows[:, Member.QUOTA] = QUOTA_UYUAN
    rows[:, Member.KEY] = exit_key(QUOTA_UYUAN, POINTS, 0, PPM)
    return rows


def time_closes(made: Databases, vendor: str) -> Closes:
    """Close days with few and with many members in turn, then with exits among the many."""
    few, many = (
        Filled(made, f"{vendor}_{name}", count) for name, count in (("few", FEW), ("many", MANY))
    )
    worlds_of_both = (few, many)
    for world in worlds_of_both:
        world.pay()
        world.close()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(CLOSES):
        for world, taken in zip(worlds_of_both, seconds, strict=True):
            world.pay()
            taken.append(world.close())
    found = Closes(median(seconds[0]), median(seconds[1]), time_exits(many))
    print(f"  closes: {found}", file=sys.stderr)
    for world in worlds_of_both:
        connections[world.alias].close()
    return found


def time_exits(world: Filled) -> dict[int, float]:
    """Seconds of a close by the number of members that exit in it.

    Raises:
        RuntimeError: Not as many exited as were due.
    """
    first, medians = BUYERS + 1, {}
    for count in EXITS:
        taken = []
        for _ in range(EXIT_CLOSES):
            world.make_due(first, count)
            before = world.exits()
            taken.append(world.close())
            first += count
            if world.exits() != before + count:
                raise RuntimeError(f"{world.exits() - before} exits instead of {count}")
        medians[count] = median(taken)
    return medians
