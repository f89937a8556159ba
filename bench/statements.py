"""A statement of a million entries beside short ones, on both databases: `bench statements`."""

import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from django.core.management import call_command
from django.db import connections
from django.db.models import Sum
from django.db.models.functions import Length
from django.test import RequestFactory

from bench.databases import open_databases
from shareback.units.scales import UNITS_PER_POINT, UYUAN_PER_YUAN

if TYPE_CHECKING:
    from shareback.engine.commands import Command
    from shareback.engine.engine import Engine

VENDORS = ("postgresql", "sqlite")
ENTRIES = 1_000_000
DAYS = 360
ORDERS_A_DAY = 940
REDEMPTIONS_A_DAY = 910
REFUNDS_A_DAY = 10
LARGE, SMALL, FULL = "large", "small", "full"
TODAY = {LARGE: 5, SMALL: 10, FULL: 50}
"""Orders that they pay on the open day; all that the others do: ten entries, and a full page."""

CROWD = 2_000
CROWD_ORDERS_A_DAY = 200
LATE_DAYS = 20
ROUNDS = 40
START_AT = 1_700_000_000_000_000
DAY_US = 86_400_000_000
SEED = b"a benchmark's seed, no secret at"
PAGE = 100
BEYOND = 2**53 - 1
WAYS = ("newest", "middle", "api")
"""The newest page, one of the middle, and the newest of the API."""


class World(NamedTuple):
    """A programme in a database, and the three members whose statements are opened."""

    engine: "Engine"
    large: int
    small: int
    full: int
    day: int
    passes: list[float]


def day_of(day: int, chance: random.Random) -> "list[Command]":
    """A day's commands: the large member's, and the crowd's beside it."""
    from shareback.engine.commands import (  # noqa: PLC0415 - needs Django set up
        PayOrder,
        RedeemPoints,
        RefundOrder,
    )

    at = START_AT + day * DAY_US

    def pay(order: str, member: str) -> "Command":
        paid = chance.randrange(1_000, 20_000) * UYUAN_PER_YUAN // 100
        return PayOrder(at, order, member, "", paid, None, received=True)

    commands = [pay(f"{day}-{n}", LARGE) for n in range(ORDERS_A_DAY)]
    commands += [
        pay(f"c{day}-{n}", f"m{chance.randrange(CROWD)}") for n in range(CROWD_ORDERS_A_DAY)
    ]
    for before in (1, LATE_DAYS):
        if day >= before:
            commands += [
                RefundOrder(at, f"{day - before}-{n}", f"r{before}", UYUAN_PER_YUAN, 2)
                for n in range(before, before + REFUNDS_A_DAY // 2)
            ]
    commands += [RedeemPoints(at, LARGE, UNITS_PER_POINT // 50)] * (
        REDEMPTIONS_A_DAY if day > LATE_DAYS // 2 else 0
    )
    return commands


def live(alias: str) -> World:
    """Live through a year, all of it through the engine."""
    from shareback.engine.commands import (  # noqa: PLC0415 - needs Django set up
        FundTreasury,
        JoinMember,
        PayOrder,
    )
    from shareback.engine.engine import Engine  # noqa: PLC0415 - as above
    from shareback.engine.opening import open_programme  # noqa: PLC0415 - as above
    from shareback.engine.salts import SeededSalts  # noqa: PLC0415 - as above
    from shareback.rules.programme import TEST_ISSUER, Programme  # noqa: PLC0415 - as above

    call_command("migrate", database=alias, verbosity=0)
    salts = SeededSalts(SEED)
    open_programme(Programme(name="Statements", issuer=TEST_ISSUER), START_AT, alias, salts)
    engine = Engine("Statements", alias, salts)
    names = [LARGE, SMALL, FULL, *(f"m{n}" for n in range(CROWD))]
    engine.apply([JoinMember(START_AT, name) for name in names])
    engine.apply([FundTreasury(START_AT, 10_000_000 * UYUAN_PER_YUAN)])
    chance, passes = random.Random(7), []
    for day in range(DAYS):
        if day == DAYS - 1:
            passes.append(timed_pass(engine))
        engine.apply(day_of(day, chance))
        if day % 60 == 0:
            print(f"  {alias}: day {day} of {DAYS}", file=sys.stderr)
    at = START_AT + DAYS * DAY_US
    engine.apply(
        [
            PayOrder(at, f"{name}-{n}", name, "", 100 * UYUAN_PER_YUAN, None, received=True)
            for name, count in TODAY.items()
            for n in range(count)
        ]
    )
    passes.append(timed_pass(engine))
    return World(engine, 1, 2, 3, engine.calendar.day_of(at), passes)


def timed_pass(engine: "Engine") -> float:
    """The seconds that keeping what has come since the last time takes."""
    from shareback.engine.statements.marking import mark_long_statements  # noqa: PLC0415

    start = time.perf_counter()
    mark_long_statements(engine.id, engine.alias)
    return time.perf_counter() - start


def opened(world: World, number: int) -> "Sequence[Callable[[], object]]":
    """What opens a member's statement: three ways, as `WAYS` names them."""
    from shareback.api.statements import Page, statement_page  # noqa: PLC0415 - needs Django
    from shareback.engine.calendar import day_text  # noqa: PLC0415 - as above
    from shareback.web.views import member  # noqa: PLC0415 - as above

    name = world.engine.programme.name
    middle = day_text(world.day - DAYS // 2)[:7]

    def page(query: dict[str, str]) -> object:
        return member(RequestFactory().get("/", query), name, number).content

    return (
        lambda: page({}),
        lambda: page({"month": middle, "page": "300"}),
        lambda: statement_page(world.engine.id, number, Page(-1, BEYOND, PAGE)),
    )


def figures_of(vendor: str, world: World) -> dict[str, float]:
    """Medians in ms of both members' pages, their ratios, and what the pass took and keeps."""
    from shareback.journal.models import StatementPage  # noqa: PLC0415 - needs Django set up

    found = dict(zip((f"{vendor}_pass_1m_s", f"{vendor}_pass_day_s"), world.passes, strict=True))
    members = (world.large, world.small, world.full)
    for name, *works in zip(WAYS, *(opened(world, number) for number in members), strict=True):
        many, few, page = timed(*works)
        found |= {f"{vendor}_{name}_1m_ms": many, f"{vendor}_{name}_10_ms": few}
        found |= {f"{vendor}_{name}_50_ms": page, f"{vendor}_{name}_ratio": many / few}
        found[f"{vendor}_{name}_ratio_50"] = many / page
    kept = StatementPage.objects.using(world.engine.alias).filter(member=world.large)
    octets = kept.aggregate(octets=Sum(Length("body")))["octets"]
    found[f"{vendor}_bytes_an_entry"] = octets / ENTRIES
    return {key: round(value, 2) for key, value in found.items()}


def timed(*works: Callable[[], object]) -> list[float]:
    """Medians of milliseconds, in turn."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            taken[place].append(1_000 * (time.perf_counter() - start))
    return [median(each) for each in taken]


def measure() -> dict[str, float]:
    """All figures, by key."""
    figures: dict[str, float] = {}
    with open_databases(VENDORS, ()) as made:
        for vendor in VENDORS:
            print(f"{vendor}: a year of one busy member", file=sys.stderr)
            world = live(vendor)
            made.settle(vendor)
            # The pages look where a site keeps its database.
            connections["default"] = connections[vendor]
            figures |= figures_of(vendor, world)
            figures[f"{vendor}_entries"] = entries_of(world)
            connections[vendor].close()
    return figures


def entries_of(world: World) -> int:
    """How many entries the large member's statement has."""
    from shareback.engine.statements.account import Who  # noqa: PLC0415 - needs Django set up
    from shareback.engine.statements.keeping import load_mark  # noqa: PLC0415 - as above

    return load_mark(Who(world.engine.id, world.large, world.engine.alias)).entries


def main() -> None:
    """Run everything and print it."""
    figures = measure()
    machine = {"cpus": os.cpu_count(), "python": platform.python_version()}
    if "--json" in sys.argv:
        print(json.dumps({"bench": "statements", "figures": figures, "machine": machine}))
        return
    for key, value in figures.items():
        print(f"{key:52}{value:>14,}")


if __name__ == "__main__":
    main()
