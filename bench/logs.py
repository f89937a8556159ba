"""The log: events appended, an export of it verified, and the bytes that an event takes."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from django.db import connections
from pymerkle import InmemoryTree

from bench import worlds
from bench.databases import Databases
from bench.peers.plain_rules import PlainRules
from shareback.audit.export_reading import Export
from shareback.audit.verifying import verify_export
from shareback.engine.engine import Engine
from shareback.engine.exporting_log import export_log
from shareback.engine.proving.checkpoints import draw_up
from shareback.journal.heads import HEAD_COLUMNS
from shareback.kernels.hashing import (
    Bodies,
    Events,
    append_batch,
    bytes_of,
    encode_batch,
    salt_words,
)
from shareback.proofs.commitment import LEAF_LABEL
from shareback.proofs.merkle import EMPTY, root
from shareback.rules.layout import Head

MEMBERS = 20_000
DAYS = 30
ROUNDS = 5
BATCH = 8_000
KEY = bytes(range(32))
MICRO = 1_000_000


class Disagreement(Exception):
    """Two ways came to different figures of one log."""


class Verified(NamedTuple):
    """A log that was verified, and replayed by the plain loop.

    Attributes:
        ours: Events a second, everything of the export verified; the median.
        plain: Events a second of the plain loop, of the rules alone.
        file_bytes: Of `journal.parquet`, an event.
    """

    ours: float
    plain: float
    file_bytes: float


class Appended(NamedTuple):
    """Microseconds an event.

    Attributes:
        ours: Canonical bytes, salt, leaf and tree, in batches of 8,000.
        tree: Of that the salt, the leaf and the tree.
        pymerkle: The leaf and the tree of the same leaves, their salts known.
    """

    ours: float
    tree: float
    pymerkle: float


def live(made: Databases, alias: str) -> Engine:
    """A programme with some days of 8,000 orders, each with its checkpoint."""
    engine = worlds.open_world(alias, MEMBERS)
    first = worlds.PROGRAMME.maturity_days + 1
    opened = engine.calendar.day_of(worlds.START_AT)
    for day in range(first, first + DAYS):
        worlds.accept(engine, worlds.orders(day, worlds.BATCH, range(MEMBERS), "log"))
        engine.close(opened + day)
        draw_up(engine.id, alias)
    made.settle(alias)
    return engine


def verified(engine: Engine, folder: Path) -> Verified:
    """Export a programme's log; verify the export, and replay it by the plain loop.

    Raises:
        Disagreement: They do not come to the same figures.
    """
    export_log(worlds.PROGRAMME.name, folder, alias=engine.alias)
    events, journal = engine.head()[Head.SEQUENCE], folder / "journal.parquet"
    rates = [events / seconds_to_verify(folder) for _round in range(ROUNDS)]
    plain = PlainRules()
    head = plain.replay(journal)
    if head[: Head.DAY] != list(engine.head())[: Head.DAY]:
        raise Disagreement(dict(zip(HEAD_COLUMNS, head, strict=False)))
    return Verified(median(rates), events / plain.seconds, journal.stat().st_size / events)


def seconds_to_verify(folder: Path) -> float:
    """How long it takes to verify an export.

    Raises:
        Disagreement: It does not pass.
    """
    start = time.perf_counter()
    found = verify_export(folder)
    if not found.passed:
        raise Disagreement(found.findings[:3])
    return time.perf_counter() - start


def runs_of(folder: Path) -> list[tuple[Events, Bodies]]:
    """The events of an export in batches, and their canonical bytes."""
    runs = [salted.run for salted in Export(folder).runs()]
    return [part for run in runs for part in cut(run.events, run.bodies)]


def cut(events: Events, bodies: Bodies) -> Iterator[tuple[Events, Bodies]]:
    """A run of events in batches."""
    blobs = dict(events.blobs)
    for start, end in pairwise([*range(0, len(events.kinds), BATCH), len(events.kinds)]):
        part = Events(
            kinds=events.kinds[start:end],
            days=events.days[start:end],
            ats=events.ats[start:end],
            counts=events.counts[start:end],
            ints=events.ints[start:end],
            commitments=events.commitments[start:end],
            committed=events.committed[start:end],
            blobs=[(place - start, blobs[place]) for place in range(start, end) if place in blobs],
        )
        offsets = bodies.offsets[start : end + 1]
        buffer = bodies.buffer[offsets[0] : offsets[-1]]
        yield part, Bodies(buffer, offsets - offsets[0])


def appended(folder: Path) -> Appended:
    """Append an export's events to empty logs: to ours, and their bytes to pymerkle's.

    Raises:
        Disagreement: The two trees over the same leaves have different roots.
    """
    runs = runs_of(folder)
    count = sum(len(events.kinds) for events, _bodies in runs)
    ours, tree, frontier = [], [], EMPTY
    for _round in range(ROUNDS):
        start, hashing, frontier = time.perf_counter(), 0.0, EMPTY
        for events, _bodies in runs:
            bodies = encode_batch(events, frontier.size)
            encoded = time.perf_counter()
            frontier = append_batch(frontier, KEY, bodies)
            hashing += time.perf_counter() - encoded
        ours.append((time.perf_counter() - start) / count)
        tree.append(hashing / count)
    salts = bytes_of(salt_words(KEY, LEAF_LABEL, np.arange(count)))
    plain = (text for _events, bodies in runs for text in texts(bodies))
    entries = [salt.tobytes() + text for salt, text in zip(salts, plain, strict=True)]
    start = time.perf_counter()
    peer = InmemoryTree(algorithm="sha256")
    for entry in entries:
        peer.append_entry(entry)
    top = peer.get_root()
    theirs = (time.perf_counter() - start) / count
    if top != root(frontier):
        raise Disagreement(top.hex(), root(frontier).hex())
    return Appended(MICRO * median(ours), MICRO * median(tree), MICRO * theirs)


def texts(bodies: Bodies) -> list[bytes]:
    """Canonical bytes, one by one."""
    whole = bodies.buffer.tobytes()
    return [whole[start:end] for start, end in pairwise(bodies.offsets.tolist())]


def row_bytes(alias: str) -> float:
    """What an event takes in PostgreSQL, with its indexes."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('journal_event'), count(*) FROM journal_event"
        )
        size, count = cursor.fetchone()
    return float(size) / float(count)
