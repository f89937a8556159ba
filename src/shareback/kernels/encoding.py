"""The compiled writer of canonical bytes; `hashing.encode_batch` is its public face."""

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shareback.proofs.canonical import ABSENT, VERSION
from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, OPTIONAL, Kind

Octets: TypeAlias = NDArray[np.uint8]
"""Bytes in an array."""

Blobs: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], Octets]
"""The rare blobs of a batch: their rows, where each starts, and their bytes."""

FIXED_BYTES: Final = 2 + 3 * 9 + 1 + 1 + 16 + 4
"""The most that a body takes besides its own integers and its blob."""

INT_BYTES: Final = 9
"""The most that an integer takes, its length byte included."""

SLACK_BYTES: Final = 8
"""Integers are written as eight bytes at once, of which those beyond the length do not count."""

_UNKNOWN: Final = 0xFF
_COUNT: Final = 0
_OPTIONAL: Final = 1
_EXTRAS: Final = 2
_VERSION: Final = np.uint8(VERSION)
_ABSENT: Final = np.uint8(ABSENT)


def _tables() -> Octets:
    """What each number of a kind stands for: its count of integers, optional ones, extras."""
    tables = np.zeros((3, 256), np.uint8)
    tables[_COUNT] = _UNKNOWN
    for kind in Kind:
        tables[_COUNT, kind] = len(FIELDS[kind])
        tables[_OPTIONAL, kind] = sum(
            1 << place for place, name in enumerate(FIELDS[kind]) if name in OPTIONAL[kind]
        )
        tables[_EXTRAS, kind] = (kind in COMMITTED) | (kind in BLOBBED) << 1
    return tables


TABLES: Final = _tables()
"""The kinds, for `encode_rows`: an argument, as a global would be frozen into cached code."""


@njit(forceinline=True)
def _belongs(table: Octets, count: int, committed: bool, has_blob: bool) -> bool:  # noqa: FBT001
    """Whether a kind is known and has so many integers, a commitment, a blob."""
    if count != table[_COUNT] or count == _UNKNOWN:
        return False
    return (not committed or table[_EXTRAS] & 1 != 0) and (not has_blob or table[_EXTRAS] & 2 != 0)


@njit(forceinline=True)
def _put_int(out: Octets, at: int, value: int) -> int:
    """Write an integer that is not negative; returns the place after it."""
    length = 0
    for shift in range(0, 64, 8):
        length += (value >> shift) > 0
    out[at] = length
    leading = value << (64 - 8 * max(length, 1))
    out[at + 1] = (leading >> 56) & 0xFF
    out[at + 2] = (leading >> 48) & 0xFF
    out[at + 3] = (leading >> 40) & 0xFF
    out[at + 4] = (leading >> 32) & 0xFF
    out[at + 5] = (leading >> 24) & 0xFF
    out[at + 6] = (leading >> 16) & 0xFF
    out[at + 7] = (leading >> 8) & 0xFF
    out[at + 8] = leading & 0xFF
    return at + 1 + length


@njit(forceinline=True)
def _put_head(out: Octets, at: int, kind: int, sequence: int, day: int, moment: int) -> int:
    """Write what every body begins with; returns the place after it."""
    out[at] = _VERSION
    out[at + 1] = kind
    at = _put_int(out, at + 2, sequence)
    at = _put_int(out, at, day)
    return _put_int(out, at, moment)


@njit(forceinline=True)
def _put_ints(out: Octets, at: int, values: NDArray[np.int64], count: int, optional: int) -> int:
    """Write a row's integers; returns the place after them, or -1 where one cannot be."""
    for place in range(count):
        value = values[place]
        if value >= 0:
            at = _put_int(out, at, value)
        elif value == -1 and (optional >> place) & 1:
            out[at] = _ABSENT
            at += 1
        else:
            return -1
    return at


@njit(forceinline=True)
def _put_bytes(out: Octets, at: int, length_bytes: int, text: Octets) -> int:
    """Write the length of a text, in so many bytes, and the text; returns the place after it."""
    for place in range(length_bytes):
        out[at + place] = (text.size >> (8 * (length_bytes - 1 - place))) & 0xFF
    at += length_bytes
    for place in range(text.size):
        out[at + place] = text[place]
    return at + text.size


@njit(cache=True)
def encode_rows(
    tables: Octets,
    kinds: Octets,
    first_sequence: int,
    days: NDArray[np.int64],
    ats: NDArray[np.int64],
    counts: Octets,
    ints: NDArray[np.int64],
    commitments: Octets,
    committed: NDArray[np.bool_],
    blobs: Blobs,
    out: Octets,
    offsets: NDArray[np.int64],
) -> int:
    """Write the bodies of a batch one after another.

    Args:
        tables: `TABLES`.
        kinds: uint8[n].
        first_sequence: That of the first row, >= 0, and none of the rows' above 2⁶³ − 1.
        days: int64[n].
        ats: int64[n].
        counts: uint8[n].
        ints: int64[n, 8]; -1 for an absent one.
        commitments: uint8[n, 16].
        committed: bool[n]; where not, the row of commitments does not count.
        blobs: int64[m], the rows that carry a blob, rising; int64[m + 1], where each starts in
            their bytes and the last ends; uint8, their bytes.
        out: uint8, of `FIXED_BYTES` a row, `INT_BYTES` an integer, the blobs, `SLACK_BYTES`.
        offsets: int64[n + 1], filled with where each body starts and the last ends.

    Returns:
        -1, or the first row that no event of its kind can be.
    """
    blob_rows, blob_offsets, blob_bytes = blobs
    at = 0
    offsets[0] = 0
    blob = 0
    for row in range(kinds.size):
        kind = kinds[row]
        has_blob = blob < blob_rows.size and blob_rows[blob] == row
        if days[row] < 0 or ats[row] < 0:
            return row
        if not _belongs(tables[:, kind], counts[row], committed[row], has_blob):
            return row
        at = _put_head(out, at, kind, first_sequence + row, days[row], ats[row])
        out[at] = counts[row]
        at = _put_ints(out, at + 1, ints[row], counts[row], tables[_OPTIONAL, kind])
        if at < 0:
            return row
        at = _put_bytes(out, at, 1, commitments[row][: 16 * committed[row]])
        start = blob_offsets[blob]
        at = _put_bytes(out, at, 4, blob_bytes[start : blob_offsets[blob + has_blob]])
        blob += has_blob
        offsets[row + 1] = at
    return -1
