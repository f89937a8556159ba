"""The engine against the usual way, on PostgreSQL and SQLite, in one run; `bench engine`."""

import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from django.db import connections

from bench import worlds
from bench.peers.usual import Usual
from bench.peers.usual_postgresql import UsualPostgresql
from bench.peers.usual_sqlite import UsualSqlite
from bench.postgresql_server import create_database, start_server

if TYPE_CHECKING:
    from shareback.engine.engine import Engine

MEMBERS = 100_000
ROUNDS = 5
BATCHES = 2
USUAL_ORDERS = 500
AGREED_DAYS = 3
AGREED_ORDERS = 200
AGREED_BUYERS = range(150)


class Seconds(NamedTuple):
    """How long some orders took to be paid, and to mature with the closes of their days."""

    orders: int
    pay: float
    mature: float

    def rates(self) -> tuple[float, float, float]:
        """Orders a second: paid and matured, paid, matured."""
        return (
            self.orders / (self.pay + self.mature),
            self.orders / self.pay,
            self.orders / self.mature,
        )


def say(text: str) -> None:
    """Tell how far the run has come."""
    print(text, file=sys.stderr, flush=True)


def timed(work: Callable[[], object]) -> float:
    """The seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Ours:
    """The engine on its world; each call goes on with the next days."""

    def __init__(self, engine: "Engine", first_day: int) -> None:
        """Go on from the first open day of the world."""
        self.engine = engine
        self.day = first_day
        self.offset = engine.calendar.day_of(worlds.START_AT)
        self.maturity = engine.programme.maturity_days

    def run(self, days: int, count: int, buyers: range, name: str) -> Seconds:
        """Pay orders on some days, then close until they have matured."""
        pay = mature = 0.0
        for _ in range(days):
            batch = worlds.orders(self.day, count, buyers, name)
            pay += timed(lambda: worlds.must_accept(self.engine, batch))  # noqa: B023
            mature += self.close()
        for _ in range(self.maturity):
            mature += self.close()
        return Seconds(days * count, pay, mature)

    def close(self) -> float:
        """Close a day."""
        seconds = timed(lambda: self.engine.close(self.offset + self.day))
        self.day += 1
        return seconds


class Theirs:
    """The usual way on its world; each call goes on with the next days."""

    def __init__(self, usual: Usual, engine: "Engine", first_day: int) -> None:
        """Go on from the first open day of the world."""
        self.usual = usual
        self.calendar = engine.calendar
        self.maturity = engine.programme.maturity_days
        self.offset = engine.calendar.day_of(worlds.START_AT)
        self.day = first_day

    def run(self, days: int, count: int, buyers: range, name: str) -> Seconds:
        """Pay orders on some days, one by one, then close until they have matured."""
        pay = mature = 0.0
        for _ in range(days):
            batch = worlds.orders(self.day, count, buyers, name)
            pay += timed(lambda: [self.usual.pay(order) for order in batch])  # noqa: B023
            mature += self.close()
        for _ in range(self.maturity):
            mature += self.close()
        return Seconds(days * count, pay, mature)

    def close(self) -> float:
        """Close a day."""
        day = self.offset + self.day
        at = self.calendar.start_of(day + 1)
        seconds = timed(lambda: self.usual.close(day, at))
        self.day += 1
        return seconds
