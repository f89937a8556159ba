"""A programme with members for the benchmarks, and its orders."""

import random
import time
from collections.abc import Sequence

from django.core.management import call_command
from django.db import connections

from bench.peers.usual_rules import Terms
from shareback.engine.commands import Command, JoinMember, PayOrder
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.engine.salts import SeededSalts
from shareback.rules.codes import Code
from shareback.rules.programme import TEST_ISSUER, Programme

START_AT = 1_700_000_000_000_000
"""The programme's first moment, µs UTC; each of its days has its orders at this hour."""

DAY_US = 86_400_000_000
BATCH = 8_000
INVITED_EVERY = 10
SALTS = SeededSalts(b"a benchmark's seed, no secret at")
PROGRAMME = Programme(name="Benchmark", issuer=TEST_ISSUER)


class Refused(Exception):
    """A command that the benchmark's world must accept was refused."""


def open_world(alias: str, members: int) -> Engine:
    """A programme whose members have joined, every tenth by another's invitation.

    Args:
        alias: Its database, which is empty; left without a connection.
        members: How many.

    Returns:
        The engine; one batch of orders has matured, so that its pool is not empty.
    """
    call_command("migrate", database=alias, verbosity=0)
    open_programme(PROGRAMME, START_AT, alias=alias, salts=SALTS)
    engine = Engine(PROGRAMME.name, alias=alias, salts=SALTS)
    for first in range(0, members, BATCH):
        numbers = range(first, min(members, first + BATCH))
        accept(engine, [JoinMember(START_AT, f"m{n}", inviter(n)) for n in numbers])
    accept(engine, orders(0, BATCH, range(members), "before"))
    engine.close(engine.calendar.day_of(START_AT) + PROGRAMME.maturity_days)
    connections[alias].close()
    return engine


def inviter(number: int) -> str:
    """The member that brought one, or nobody."""
    return f"m{number - 1}" if number % INVITED_EVERY == INVITED_EVERY - 1 else ""


def accept(engine: Engine, commands: Sequence[Command]) -> None:
    """Apply commands of which none may be refused.

    Raises:
        Refused: One was.
    """
    for command, answer in zip(commands, engine.apply(commands), strict=True):
        if answer.code != Code.ACCEPTED:
            raise Refused(command, answer)


def orders(day: int, count: int, buyers: Sequence[int], name: str) -> list[PayOrder]:
    """Orders of 1 to 5,000 yuan on one day of a world, each by anyone of the buyers."""
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
    return Terms(
        backing=PROGRAMME.backing_rate,
        margin=PROGRAMME.margin_rate,
        dividend=PROGRAMME.dividend_ppm,
        quota_multiple=PROGRAMME.quota_multiple,
        award=PROGRAMME.award_rate,
        referral=PROGRAMME.referral_rate,
        supply_cap=PROGRAMME.supply_cap,
        maturity_days=PROGRAMME.maturity_days,
    )


def open_programmes(alias: str, members: int, names: Sequence[str]) -> list[int]:
    """Programmes that open today in one empty database, with members; returns their numbers."""
    call_command("migrate", database=alias, verbosity=0)
    found = []
    now = time.time_ns() // 1_000
    for name in names:
        programme = PROGRAMME.model_copy(update={"name": name})
        found.append(open_programme(programme, now, alias=alias, salts=SALTS))
        engine = Engine(name, alias=alias, salts=SALTS)
        for first in range(0, members, BATCH):
            numbers = range(first, min(members, first + BATCH))
            accept(engine, [JoinMember(now, f"m{n}", inviter(n)) for n in numbers])
    connections[alias].close()
    return found
