"""Canonical bytes and the Merkle log for whole batches, compiled; bit-equal to ``proofs``.

The format is that of ``docs/reference/log.md``. Everything is hashed in tiles of `LANES`
messages abreast: the salts of leaves, the leaves, and each level of the tree. Nothing is
allocated for an event, and one compilation serves batches of every size.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from shareback.kernels.encoding import (
    FIXED_BYTES,
    INT_BYTES,
    SLACK_BYTES,
    TABLES,
    Blobs,
    Octets,
    encode_rows,
)
from shareback.kernels.sha256 import WordArray
from shareback.kernels.tiles import (
    LEVELS,
    append_leaves,
    draw_salts,
    hmac_midstates,
    salted_digests,
)
from shareback.proofs.canonical import BLOB_BYTES_MAX, EntryUnwritable, encode
from shareback.proofs.commitment import (
    COMMITMENT_PREFIX,
    KEY_BYTES,
    LEAF_LABEL,
    SALT_BYTES,
)
from shareback.proofs.merkle import HASH_BYTES, LEAF_PREFIX, Frontier
from shareback.rules.kinds import Kind
from shareback.units.scales import INT64_MAX

Integers: TypeAlias = NDArray[np.int64]
"""Integers in an array."""

INTS_MAX = 8
"""Columns of a batch's integers."""


class Events(NamedTuple):
    """A batch of n events, column by column, in the order of the log.

    Attributes:
        kinds: uint8[n], as `Kind` numbers them.
        days: int64[n], the programme's local day numbers.
        ats: int64[n], µs UTC since 1970.
        counts: uint8[n], how many integers the kind has.
        ints: int64[n, 8], the values of ``FIELDS[kind]``; -1 where absent; what lies beyond
            the count does not matter.
        commitments: uint8[n, 16].
        committed: bool[n], whether the row of `commitments` is one.
        blobs: Pairs of row and bytes for the rows that carry a blob, by rising row.
    """

    kinds: Octets
    days: Integers
    ats: Integers
    counts: Octets
    ints: Integers
    commitments: Octets
    committed: NDArray[np.bool_]
    blobs: Sequence[tuple[int, bytes]] = ()


class Bodies(NamedTuple):
    """The canonical bytes of n events.

    Attributes:
        buffer: uint8, one body after another.
        offsets: int64[n + 1], where each body starts and the last ends.
    """

    buffer: Octets
    offsets: Integers


def encode_batch(events: Events, first_sequence: int) -> Bodies:
    """Write the canonical bytes of a batch, the same as ``proofs.canonical.encode`` each.

    Args:
        events: The events; they are not changed.
        first_sequence: The place of the first in the log; the others follow on.

    Returns:
        The bodies.

    Raises:
        EntryUnwritable: An event has values that none of its kind can have, as `encode` says;
            nothing is returned for the others then.
        ValueError: The columns are not of one length, or not of these shapes.
    """
    rows = len(events.kinds)
    columns = _columns(events, rows)
    if not 0 <= first_sequence <= INT64_MAX - rows:
        raise EntryUnwritable(first_sequence, "the sequence leaves 0 .. 2⁶³ − 1")
    blobs = _blobs(events.blobs, rows)
    kinds, days, ats, counts, ints, commitments, committed = columns
    room = FIXED_BYTES * rows + INT_BYTES * int(counts.sum(dtype=np.int64)) + blobs[2].size
    out = np.empty(room + SLACK_BYTES, np.uint8)
    offsets = np.empty(rows + 1, np.int64)
    fault = encode_rows(
        TABLES,
        kinds,
        first_sequence,
        days,
        ats,
        counts,
        ints,
        commitments,
        committed,
        blobs,
        out,
        offsets,
    )
    if fault >= 0:
        _refuse(events, first_sequence, int(fault))
    return Bodies(out[: offsets[rows]], offsets)


def leaf_hashes(programme_key: bytes, first_sequence: int, bodies: Bodies) -> Octets:
    """The hashes of the leaves that a run of events is in the log.

    Args:
        programme_key: 32 bytes, from which the leaves' salts come.
        first_sequence: The place of the first event in the log.
        bodies: The events' canonical bytes.

    Returns:
        uint8[n, 32]; each row as ``leaf_hash(leaf_salt(key, sequence) + body)`` gives it.

    Raises:
        ValueError: The key has another length, the offsets do not fit the buffer, or the
            sequences leave 0 .. 2⁶³ − 1.
    """
    return bytes_of(_leaf_words(programme_key, first_sequence, bodies))


def append_batch(frontier: Frontier, programme_key: bytes, bodies: Bodies) -> Frontier:
    """Append a batch to a programme's log.

    Args:
        frontier: The log's tree before; its size is the sequence of the first event.
        programme_key: 32 bytes, from which the leaves' salts come.
        bodies: The events' canonical bytes, as `encode_batch` gives them.

    Returns:
        The tree after, as ``proofs.merkle.append_many`` gives it.

    Raises:
        ValueError: The key has another length, the offsets do not fit the buffer, or the
            sequences leave 0 .. 2⁶³ − 1.
    """
    return append_words(frontier, _leaf_words(programme_key, frontier.size, bodies))


def append_words(frontier: Frontier, leaves: WordArray) -> Frontier:
    """Append leaves to a log.

    Args:
        frontier: The log's tree before.
        leaves: uint32[n, 8], their hashes as words; used up.

    Returns:
        The tree after, as ``proofs.merkle.append_many`` gives it.
    """
    size = frontier.size + len(leaves)
    roots = np.zeros((LEVELS, 8), np.uint32)
    if frontier.roots:
        roots[_levels(frontier.size)] = words_of(b"".join(frontier.roots), HASH_BYTES)
    append_leaves(roots, frontier.size, leaves)
    kept = bytes_of(roots[_levels(size)]).tobytes()
    return Frontier(
        size, tuple(kept[at : at + HASH_BYTES] for at in range(0, len(kept), HASH_BYTES))
    )


def salted_leaves(salts: WordArray, bodies: Bodies) -> WordArray:
    """The hashes of a run of leaves whose salts are known.

    Args:
        salts: uint32[n, 4].
        bodies: The events' canonical bytes.

    Returns:
        uint32[n, 8]; each row as ``leaf_hash(salt + body)`` gives it.

    Raises:
        ValueError: The offsets do not fit the buffer.
    """
    buffer, offsets = _texts(bodies.buffer, bodies.offsets, len(salts))
    leaves = np.empty((len(salts), 8), np.uint32)
    salted_digests(LEAF_PREFIX[0], salts, buffer, offsets, leaves)
    return leaves


def commitments(salts: Octets, text: Octets, offsets: Integers) -> Octets:
    """The commitments to many outside ids, the same as ``proofs.commitment.commit`` each.

    Args:
        salts: uint8[n, 16], the salt of each id.
        text: uint8, the ids in UTF-8, one after another.
        offsets: int64[n + 1], where each id starts and the last ends.

    Returns:
        uint8[n, 16].

    Raises:
        ValueError: The salts are not of this shape, or the offsets do not fit the text.
    """
    salts = _owned(salts, np.uint8)
    if salts.ndim != 2 or salts.shape[1] != SALT_BYTES:  # noqa: PLR2004
        raise ValueError(f"salts of shape {salts.shape} instead of (n, {SALT_BYTES})")
    text, offsets = _texts(text, offsets, len(salts))
    digests = np.empty((len(salts), 8), np.uint32)
    salted_digests(
        COMMITMENT_PREFIX[0], words_of(salts.tobytes(), SALT_BYTES), text, offsets, digests
    )
    return bytes_of(digests)[:, :SALT_BYTES].copy()


def salt_words(programme_key: bytes, label: bytes, numbers: Integers) -> WordArray:
    """Salts for many numbers, the same as ``proofs.commitment.drawn`` each, as words.

    Args:
        programme_key: 32 bytes.
        label: 16 bytes.
        numbers: int64[n], none below zero.

    Returns:
        uint32[n, 4].

    Raises:
        ValueError: The key has another length.
    """
    if len(programme_key) != KEY_BYTES:
        raise ValueError(f"a programme's key has {KEY_BYTES} bytes, not {len(programme_key)}")
    salts = np.empty((len(numbers), 4), np.uint32)
    midstates = hmac_midstates(words_of(programme_key, KEY_BYTES)[0])
    draw_salts(midstates, words_of(label, len(label))[0], _owned(numbers, np.int64), salts)
    return salts


def _leaf_words(programme_key: bytes, first_sequence: int, bodies: Bodies) -> WordArray:
    """The hashes of a run of leaves as words, uint32[n, 8]."""
    rows = len(bodies.offsets) - 1
    if not 0 <= first_sequence <= INT64_MAX - rows:
        raise ValueError(f"{rows} events from {first_sequence} leave 0 .. 2⁶³ − 1")
    sequences = np.arange(first_sequence, first_sequence + rows, dtype=np.int64)
    return salted_leaves(salt_words(programme_key, LEAF_LABEL, sequences), bodies)


def _columns(events: Events, rows: int) -> tuple[NDArray[Any], ...]:
    """The columns of a batch as the compiled writer takes them."""
    columns = []
    for name, dtype, width in (
        ("kinds", np.uint8, 0),
        ("days", np.int64, 0),
        ("ats", np.int64, 0),
        ("counts", np.uint8, 0),
        ("ints", np.int64, INTS_MAX),
        ("commitments", np.uint8, SALT_BYTES),
        ("committed", np.bool_, 0),
    ):
        column = _owned(getattr(events, name), dtype)
        shape = (rows, width) if width else (rows,)
        if column.shape != shape:
            raise ValueError(f"{name} of shape {column.shape} instead of {shape}")
        columns.append(column)
    return tuple(columns)


def _blobs(blobs: Sequence[tuple[int, bytes]], rows: int) -> Blobs:
    """The rare blobs as arrays, without the empty ones."""
    numbers = [row for row, _ in blobs]
    if any(left >= right for left, right in zip([-1, *numbers], [*numbers, rows], strict=True)):
        raise ValueError(f"blobs at rows {numbers} of {rows}: they must rise and be there")
    filled = [(row, blob) for row, blob in blobs if blob]
    lengths = [len(blob) for _, blob in filled]
    if max(lengths, default=0) > BLOB_BYTES_MAX:
        raise ValueError("a blob of 2³² bytes or more")
    offsets = np.zeros(len(filled) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    joined = np.frombuffer(bytearray(b"".join(blob for _, blob in filled)), np.uint8)
    return np.array([row for row, _ in filled], np.int64), offsets, joined


def _texts(text: Octets, offsets: Integers, rows: int) -> tuple[Octets, Integers]:
    """A buffer and its offsets, once no compiled loop can leave it."""
    text, offsets = _owned(text, np.uint8), _owned(offsets, np.int64)
    if rows < 0 or offsets.shape != (rows + 1,) or text.ndim != 1:
        raise ValueError(f"offsets of shape {offsets.shape}, texts of shape {text.shape}")
    if offsets[0] < 0 or offsets[-1] > text.size or (offsets[1:] < offsets[:-1]).any():
        raise ValueError("offsets must rise within the buffer")
    return text, offsets


def _refuse(events: Events, first_sequence: int, row: int) -> NoReturn:
    """Raise the fault of a row that the compiled writer stopped at, in the words of `encode`."""
    sequence = first_sequence + row
    number = int(events.kinds[row])
    if number not in set(Kind):
        raise EntryUnwritable(sequence, f"unknown kind {number}")
    values = (int(value) for value in events.ints[row, : events.counts[row]])
    encode(
        Kind(number),
        sequence,
        int(events.days[row]),
        int(events.ats[row]),
        tuple(None if value == -1 else value for value in values),
        events.commitments[row].tobytes() if events.committed[row] else b"",
        dict(events.blobs).get(row, b""),
    )
    raise RuntimeError(f"the compiled writer stopped at event {sequence}, which is sound")


def _levels(size: int) -> list[int]:
    """The levels of the perfect subtrees of a tree, largest first."""
    return [level for level in reversed(range(LEVELS)) if size >> level & 1]


def words_of(text: bytes, row_bytes: int) -> WordArray:
    """Bytes as rows of 32-bit words, most significant byte first."""
    return np.frombuffer(text, ">u4").astype(np.uint32).reshape(-1, row_bytes // 4)


def bytes_of(words: WordArray) -> Octets:
    """Rows of 32-bit words as rows of bytes, most significant first."""
    return words.astype(">u4").view(np.uint8).reshape(len(words), 4 * words.shape[1])


def _owned(array: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """An array as every compiled function here takes it, so that each is compiled once."""
    if array.dtype != dtype:
        raise ValueError(f"an array of {array.dtype} instead of {np.dtype(dtype)}")
    return np.require(array, requirements=["C", "A", "W"])
