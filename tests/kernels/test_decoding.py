"""The compiled reader of canonical bytes: the same as the one for single events, or none."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from shareback.audit.reading import columns
from shareback.kernels.decoding import decode_batch
from shareback.kernels.hashing import Bodies, Events
from shareback.proofs.canonical import Entry, EntryUnreadable, decode, encode
from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, OPTIONAL, Kind
from shareback.units.scales import INT64_MAX

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/reference/log-vectors.json").read_text()
)


def joined(bodies: Sequence[bytes]) -> Bodies:
    """Bodies one after another."""
    offsets = np.cumsum([0, *map(len, bodies)])
    return Bodies(np.frombuffer(bytearray(b"".join(bodies)), np.uint8), offsets)


def same(one: Events | None, other: Events) -> bool:
    """Whether two batches say the same."""
    if one is None or list(one.blobs) != list(other.blobs):
        return False
    names = [name for name in Events._fields if name != "blobs"]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def drawn(draw: random.Random, sequence: int) -> bytes:
    """Any event."""
    kind = draw.choice(list(Kind))
    ints = tuple(
        None
        if name in OPTIONAL[kind] and draw.random() < 0.5
        else draw.getrandbits(draw.choice([0, 1, 8, 9, 63]))
        for name in FIELDS[kind]
    )
    commitment = draw.randbytes(16) if kind in COMMITTED and draw.random() < 0.7 else b""
    blob = draw.randbytes(draw.choice([0, 1, 300])) if kind in BLOBBED else b""
    day, at = draw.getrandbits(30), draw.getrandbits(63)
    return encode(kind, sequence, day, at, ints, commitment, blob)


@pytest.mark.parametrize("first", [0, 250, 2**40])
def test_reads_what_reading_each_event_gives(first: int) -> None:
    draw = random.Random(first)
    bodies = [drawn(draw, first + place) for place in range(300)]
    entries: list[Entry] = [decode(body) for body in bodies]
    assert same(decode_batch(joined(bodies), first), columns(entries))
    assert decode_batch(joined(bodies), first + 1) is None


def test_reads_the_vectors_and_nothing_that_a_reader_must_refuse() -> None:
    for case in VECTORS["entries"]:
        if case["sequence"] == INT64_MAX:
            # Behind it no batch has room; it is read by itself.
            continue
        body = bytes.fromhex(case["body"])
        assert same(decode_batch(joined([body]), case["sequence"]), columns([decode(body)]))
    for case in VECTORS["unreadable"]:
        body = bytes.fromhex(case["body"])
        for sequence in (0, 1, 5):
            assert decode_batch(joined([body]), sequence) is None


def test_whatever_was_changed_is_read_as_each_event_would_be_or_not_at_all() -> None:
    draw = random.Random(3)
    for turn in range(3_000):
        body = bytearray(drawn(draw, 7))
        for _change in range(draw.randrange(1, 3)):
            place = draw.randrange(len(body))
            choice = draw.random()
            if choice < 0.6:
                body[place] = draw.choice([0, 1, 8, 9, 16, 0x7F, 0xFF, draw.randrange(256)])
            elif choice < 0.8:
                del body[place:]
            else:
                body[place:place] = draw.randbytes(draw.randrange(9))
            body = body or bytearray(b"\x01")
        found = decode_batch(joined([bytes(body)]), 7)
        try:
            entry = decode(bytes(body))
        except EntryUnreadable:
            assert found is None, turn
        else:
            assert same(found, columns([entry])) == (entry.sequence == 7), turn


def test_an_empty_batch_has_no_events() -> None:
    assert same(decode_batch(joined([]), 0), columns([]))
