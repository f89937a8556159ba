"""Worlds for the benchmarks: throw-away databases, a programme with members, and its orders."""

import os
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from bench.peers.usual_rules import Terms

if TYPE_CHECKING:
    from shareback.engine.commands import PayOrder
    from shareback.engine.engine import Engine

START_AT = 1_700_000_000_000_000
"""The programmes' first moment, µs UTC; every day of a world is at its hour."""

DAY_US = 86_400_000_000
BATCH = 8_000
SEED = b"benchmark".ljust(32)
PROGRAMME = "Benchmark"


def use_databases(urls: dict[str, str]) -> None:
    """Set Django up on throw-away databases.

    Args:
        urls: A URL for each alias.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "shareback.web.settings"
    from django.conf import settings  # noqa: PLC0415

    from shareback.journal.database_url import database_settings  # noqa: PLC0415

    settings.DATABASES.update({alias: database_settings(url) for alias, url in urls.items()})
    django.setup()


def copy_postgresql(server_url: str, name: str, copy: str) -> None:
    """Copy a database of the server that nobody is connected to, and gather its statistics."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(copy), sql.Identifier(name)))
    for database in (name, copy):
        url = server_url.rpartition("/")[0] + f"/{database}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def copy_sqlite(path: Path, copy: Path) -> None:
    """Copy a file that nobody has open; closing it has emptied its write-ahead log."""
    shutil.copyfile(path, copy)


def open_world(alias: str, members: int) -> "Engine":
    """A programme whose members have joined, every tenth by another's invitation.

    One batch of orders has matured, so that the pool is not empty.
    """
    from shareback.engine import commands  # noqa: PLC0415
    from shareback.engine.engine import Engine  # noqa: PLC0415
    from shareback.engine.opening import open_programme  # noqa: PLC0415
    from shareback.engine.salts import SeededSalts  # noqa: PLC0415
    from shareback.rules.programme import TEST_ISSUER, Programme  # noqa: PLC0415

    call_command("migrate", database=alias, verbosity=0)
    salts = SeededSalts(SEED)
    programme = Programme(name=PROGRAMME, issuer=TEST_ISSUER)
    open_programme(programme, START_AT, alias=alias, salts=salts)
    engine = Engine(PROGRAMME, alias=alias, salts=salts)
    for first in range(0, members, BATCH):
        numbers = range(first, min(members, first + BATCH))
        must_accept(
            engine,
            [
                commands.JoinMember(START_AT, f"m{number}", invited_by(number))
                for number in numbers
            ],
        )
    must_accept(engine, orders(0, BATCH, range(members), "before"))
    engine.close(engine.calendar.day_of(START_AT) + programme.maturity_days)
    connections[alias].close()
    return engine


def invited_by(number: int) -> str:
    """The member that brought one, or nobody."""
    return f"m{number - 1}" if number % 10 == 9 else ""  # noqa: PLR2004 - every tenth


def must_accept(engine: "Engine", batch: Sequence[Any]) -> None:
    """Apply commands of which none may be refused.

    Raises:
        RuntimeError: One was.
    """
    for answer in engine.apply(batch):
        if answer.code != 0:
            raise RuntimeError(f"refused: {answer}")


def orders(day: int, count: int, buyers: Sequence[int], name: str) -> "list[PayOrder]":
    """Orders of 1 to 5,000 yuan on one day of a world, each by anyone of the buyers."""
    from shareback.engine.commands import PayOrder  # noqa: PLC0415

    chance = random.Random(f"{name}/{day}")
    at = START_AT + day * DAY_US
    return [
        PayOrder(
            at=at,
            order_id=f"{name}-{day}-{number}",
            member_id=f"m{chance.choice(buyers)}",
            merchant_id="",
            paid_uyuan=chance.randrange(100, 500_000) * 10_000,
            received=True,
        )
        for number in range(count)
    ]


def usual_terms() -> Terms:
    """The programme's parameters, as the peers take them."""
    from shareback.rules.programme import TEST_ISSUER, Programme  # noqa: PLC0415

    programme = Programme(name=PROGRAMME, issuer=TEST_ISSUER)
    return Terms(
        backing=programme.backing_rate,
        margin=programme.margin_rate,
        dividend=programme.dividend_ppm,
        quota_multiple=programme.quota_multiple,
        award=programme.award_rate,
        referral=programme.referral_rate,
        supply_cap=programme.supply_cap,
        maturity_days=programme.maturity_days,
    )
