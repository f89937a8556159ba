"""The compiled batches give the same bits as the plain functions, one event at a time."""

import hashlib
import itertools
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from shareback.kernels.encoding import encode_rows
from shareback.kernels.hashing import (
    Bodies,
    Events,
    append_batch,
    commitments,
    encode_batch,
    leaf_hashes,
)
from shareback.kernels.sha256 import LANES, START, compress_lanes
from shareback.kernels.tiles import append_leaves, draw_salts, salted_digests
from shareback.proofs.canonical import Entry, EntryUnwritable, encode
from shareback.proofs.commitment import commit, leaf_salt
from shareback.proofs.merkle import EMPTY, Frontier, append_many, leaf_hash
from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, OPTIONAL, Kind
from shareback.units.scales import INT64_MAX

KEY = bytes(range(100, 132))
SIZES = (0, 1, 2, 7, 8, 9, 15, 16, 17, 1_000)


def random_entry(rng: random.Random, sequence: int) -> Entry:
    kind = rng.choice(list(Kind))
    ints = tuple(
        None
        if name in OPTIONAL[kind] and rng.random() < 0.5
        else rng.choice([0, rng.getrandbits(rng.randrange(64)), INT64_MAX])
        for name in FIELDS[kind]
    )
    return Entry(
        kind,
        sequence,
        rng.getrandbits(rng.randrange(64)),
        rng.getrandbits(rng.randrange(64)),
        ints,
        rng.randbytes(16) if kind in COMMITTED and rng.random() < 0.8 else b"",
        rng.randbytes(rng.choice([0, 1, 40, 200, 5_000])) if kind in BLOBBED else b"",
    )


def random_entries(seed: int, rows: int, first_sequence: int = 0) -> list[Entry]:
    rng = random.Random(seed)
    return [random_entry(rng, first_sequence + row) for row in range(rows)]


def events_of(entries: list[Entry]) -> Events:
    rows = len(entries)
    ints = np.full((rows, 8), 77, np.int64)
    marks = np.full((rows, 16), 9, np.uint8)
    for row, entry in enumerate(entries):
        for place, value in enumerate(entry.ints):
            ints[row, place] = -1 if value is None else value
        if entry.commitment:
            marks[row] = np.frombuffer(entry.commitment, np.uint8)
    return Events(
        np.array([entry.kind for entry in entries], np.uint8),
        np.array([entry.day for entry in entries], np.int64),
        np.array([entry.at for entry in entries], np.int64),
        np.array([len(entry.ints) for entry in entries], np.uint8),
        ints,
        marks,
        np.array([bool(entry.commitment) for entry in entries], np.bool_),
        [(row, entry.blob) for row, entry in enumerate(entries) if entry.blob],
    )


def joined(texts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    offsets = np.array([0, *itertools.accumulate(map(len, texts))], np.int64)
    return np.frombuffer(b"".join(texts), np.uint8), offsets


def pieces(bodies: Bodies) -> list[bytes]:
    whole = bodies.buffer.tobytes()
    assert bodies.offsets[-1] == len(whole)
    return [whole[start:end] for start, end in itertools.pairwise(bodies.offsets.tolist())]


def appended(frontier: Frontier, bodies: list[bytes]) -> Frontier:
    return append_many(
        frontier,
        [
            leaf_hash(leaf_salt(KEY, sequence) + body)
            for sequence, body in enumerate(bodies, frontier.size)
        ],
    )


def one_payment() -> Events:
    return events_of([Entry(Kind.PAY_ORDER, 0, 1, 2, (1, 1, 1, 1, None, 1, 1), bytes(16), b"")])


@pytest.mark.parametrize("rows", SIZES)
def test_bodies_are_those_of_encode(rows: int) -> None:
    first_sequence = INT64_MAX - rows - 5
    entries = random_entries(rows, rows, first_sequence)
    bodies = encode_batch(events_of(entries), first_sequence)
    assert pieces(bodies) == [encode(*entry) for entry in entries]


@pytest.mark.parametrize("rows", SIZES)
@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 255, 256, 1_023])
def test_the_frontier_is_that_of_append_many(rows: int, size: int) -> None:
    rng = random.Random(size)
    before = append_many(EMPTY, [rng.randbytes(32) for _ in range(size)])
    bodies = encode_batch(events_of(random_entries(rows, rows, size)), size)
    assert append_batch(before, KEY, bodies) == appended(before, pieces(bodies))


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 40), max_size=6))
def test_any_cut_into_batches_gives_the_same_frontier(seed: int, cuts: list[int]) -> None:
    entries = random_entries(seed, sum(cuts))
    frontier, done = EMPTY, 0
    for rows in cuts:
        bodies = encode_batch(events_of(entries[done : done + rows]), done)
        frontier = append_batch(frontier, KEY, bodies)
        done += rows
    assert frontier == appended(EMPTY, [encode(*entry) for entry in entries])


@pytest.mark.parametrize("first_sequence", [0, 2**32 - 3, INT64_MAX - 20])
def test_leaves_are_those_of_leaf_hash(first_sequence: int) -> None:
    bodies = Bodies(*joined([bytes(length) for length in range(20)]))
    leaves = leaf_hashes(KEY, first_sequence, bodies)
    assert [leaf.tobytes() for leaf in leaves] == [
        leaf_hash(leaf_salt(KEY, first_sequence + length) + bytes(length)) for length in range(20)
    ]


def test_digests_are_those_of_hashlib_for_all_lengths() -> None:
    rng = random.Random(6)
    texts = [rng.randbytes(length) for length in range(301)]
    salts = [rng.randbytes(16) for _ in texts]
    words = np.frombuffer(b"".join(salts), ">u4").astype(np.uint32).reshape(-1, 4)
    text, offsets = joined(texts)
    digests = np.empty((len(texts), 8), np.uint32)
    salted_digests(0xFE, words, text.copy(), offsets, digests)
    assert [digest.astype(">u4").tobytes() for digest in digests] == [
        hashlib.sha256(b"\xfe" + salt + text).digest()
        for salt, text in zip(salts, texts, strict=True)
    ]


def test_the_compression_is_sha_256_for_all_lengths() -> None:
    """Each lane hashes a message of its own length, from 0 to 300 bytes."""
    for start in range(0, 301, LANES):
        messages = [random.Random(start + lane).randbytes(start + lane) for lane in range(LANES)]
        padded = [
            message
            + b"\x80"
            + bytes((55 - len(message)) % 64)
            + (8 * len(message)).to_bytes(8, "big")
            for message in messages
        ]
        blocks = np.array([len(message) // 64 for message in padded], np.int64)
        states = np.repeat(START, LANES)
        words = np.zeros((16, LANES), np.uint32)
        for block in range(int(blocks.max())):
            for lane, message in enumerate(padded):
                if block < blocks[lane]:
                    words[:, lane] = np.frombuffer(message[64 * block : 64 * block + 64], ">u4")
            compress_lanes(states, words.reshape(-1), blocks, block)
        for lane, message in enumerate(messages):
            digest = states[lane::LANES].astype(">u4").tobytes()
            assert digest == hashlib.sha256(message).digest()


@given(st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.text()), max_size=40))
def test_commitments_are_those_of_commit(ids: list[tuple[bytes, str]]) -> None:
    salts = np.frombuffer(b"".join(salt for salt, _ in ids), np.uint8).reshape(-1, 16)
    text, offsets = joined([name.encode() for _, name in ids])
    marks = commitments(salts, text, offsets)
    assert [mark.tobytes() for mark in marks] == [commit(salt, name) for salt, name in ids]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kinds": np.array([0], np.uint8)}, "event 5: unknown kind 0"),
        (
            {"kinds": np.array([28], np.uint8), "counts": np.array([255], np.uint8)},
            "event 5: unknown kind 28",
        ),
        ({"counts": np.array([6], np.uint8)}, "has 7 integers, not 6"),
        ({"counts": np.array([255], np.uint8)}, "has 7 integers, not 8"),
        ({"days": np.array([-1], np.int64)}, "day is -1"),
        ({"ats": np.array([-1], np.int64)}, "at is -1"),
        ({"ints": np.array([[1, 1, 1, -1, 1, 1, 1, 0]], np.int64)}, "paid may not be absent"),
        ({"ints": np.array([[1, 1, 1, 1, -2, 1, 1, 0]], np.int64)}, "profit is -2"),
        ({"blobs": [(0, b"{}")]}, "PAY_ORDER carries no blob"),
        (
            {"kinds": np.array([25], np.uint8), "counts": np.array([0], np.uint8)},
            "END_PROGRAMME carries no commitment",
        ),
    ],
)
def test_refuses_what_encode_refuses(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(EntryUnwritable, match=reason):
        encode_batch(one_payment()._replace(**change), 5)


@pytest.mark.parametrize("first_sequence", [-1, INT64_MAX])
def test_refuses_a_sequence_out_of_range(first_sequence: int) -> None:
    with pytest.raises(EntryUnwritable, match="sequence"):
        encode_batch(one_payment(), first_sequence)
    with pytest.raises(ValueError, match="leave 0"):
        leaf_hashes(KEY, first_sequence, encode_batch(one_payment(), 0))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"days": np.array([1, 2], np.int64)}, "days of shape"),
        ({"days": np.array([1.0])}, "array of float64"),
        ({"ints": np.zeros((1, 7), np.int64)}, "ints of shape"),
        ({"commitments": np.zeros((1, 32), np.uint8)}, "commitments of shape"),
        ({"blobs": [(1, b"{}")]}, "blobs at rows"),
        ({"blobs": [(-1, b"{}")]}, "blobs at rows"),
        ({"blobs": [(0, b"{}"), (0, b"{}")]}, "blobs at rows"),
    ],
)
def test_refuses_columns_that_do_not_fit(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        encode_batch(one_payment()._replace(**change), 0)


@pytest.mark.parametrize("offsets", [[], [0], [-1, 4], [0, 5], [3, 2, 4]])
def test_refuses_offsets_that_leave_the_buffer(offsets: list[int]) -> None:
    places = np.array(offsets, np.int64)
    with pytest.raises(ValueError, match="offsets"):
        commitments(
            np.zeros((max(1, len(offsets) - 1), 16), np.uint8), np.zeros(4, np.uint8), places
        )
    if len(offsets) != 1:
        with pytest.raises(ValueError, match="offsets"):
            append_batch(EMPTY, KEY, Bodies(np.zeros(4, np.uint8), places))


def test_refuses_keys_and_salts_of_another_length() -> None:
    bodies = encode_batch(one_payment(), 0)
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        append_batch(EMPTY, KEY[:31], bodies)
    with pytest.raises(ValueError, match="salts of shape"):
        commitments(np.zeros((1, 15), np.uint8), bodies.buffer, bodies.offsets)


def test_an_unknown_kind_is_refused_whatever_its_count() -> None:
    events = events_of(random_entries(1, 64))._replace(blobs=())
    events.kinds[0], events.counts[0], events.committed[0] = 28, 255, False
    events.ints[:] = 5
    with pytest.raises(EntryUnwritable, match="event 0: unknown kind 28"):
        encode_batch(events, 0)


@pytest.mark.parametrize("length", [255, 256, 65_535, 65_536, 16_777_216])
def test_a_long_blob_has_its_length_before_it(length: int) -> None:
    entry = Entry(Kind.CLOSE_DAY, 0, 0, 0, (), b"", bytes(length))
    assert pieces(encode_batch(events_of([entry]), 0)) == [encode(*entry)]


def test_an_empty_blob_is_none() -> None:
    events = one_payment()
    assert pieces(encode_batch(events._replace(blobs=[(0, b"")]), 0)) == pieces(
        encode_batch(events, 0)
    )


def test_columns_of_any_layout_give_the_same_bodies() -> None:
    entries = random_entries(3, 40)
    events = events_of(entries)
    strided = events._replace(
        days=np.repeat(events.days, 2)[::2], ints=np.asfortranarray(events.ints)
    )
    events.kinds.flags.writeable = False
    assert pieces(encode_batch(strided, 0)) == pieces(encode_batch(events, 0))


def test_compiles_once_for_batches_of_every_size_and_layout() -> None:
    for rows in SIZES:
        bodies = encode_batch(events_of(random_entries(rows, rows)), 0)
        append_batch(EMPTY, KEY, bodies)
        read_only = np.frombuffer(bodies.buffer.tobytes(), np.uint8)
        commitments(np.zeros((rows, 16), np.uint8), read_only, bodies.offsets)
    for compiled in (encode_rows, draw_salts, salted_digests, append_leaves):
        assert len(compiled.signatures) == 1
