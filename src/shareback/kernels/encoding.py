"""The compiled writer of canonical bytes; `hashing.encode_batch` is its public face."""

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shareback.proofs.canonical import ABSENT, VERSION
from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, OPTIONAL, Kind

Octets: TypeAlias = NDArray[np.uint8]
"""Bytes in an array."""

FIXED_BYTES: Final = 2 + 3 * 9 + 1 + 1 + 16 + 4
"""The most that a body takes besides its own integers and its blob."""

INT_BYTES: Final = 9
"""The most that an integer takes, its length byte included."""

SLACK_BYTES: Final = 8
"""Integers are written as eight bytes at once, of which those beyond the length do not count."""

_UNKNOWN: Final = 0xFF
_VERSION: Final = np.uint8(VERSION)
_ABSENT: Final = np.uint8(ABSENT)


def _per_kind() -> tuple[Octets, Octets, Octets]:
    """What each number of a kind stands for: its count of integers, optional ones, extras."""
    counts = np.full(256, _UNKNOWN, np.uint8)
    optional = np.zeros(256, np.uint8)
    extras = np.zeros(256, np.uint8)
    for kind in Kind:
        counts[kind] = len(FIELDS[kind])
        optional[kind] = sum(
            1 << place for place, name in enumerate(FIELDS[kind]) if name in OPTIONAL[kind]
        )
        extras[kind] = (kind in COMMITTED) | (kind in BLOBBED) << 1
    return counts, optional, extras


_COUNTS, _OPTIONAL, _EXTRAS = _per_kind()


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
def _put_ints(out: Octets, at: int, ints: NDArray[np.int64], row: int, kind: int) -> int:
    """Write a row's integers; returns the place after them, or -1 where one cannot be."""
    for place in range(_COUNTS[kind]):
        value = ints[row, place]
        if value >= 0:
            at = _put_int(out, at, value)
        elif value == -1 and (_OPTIONAL[kind] >> place) & 1:
            out[at] = _ABSENT
            at += 1
        else:
            return -1
    return at


@njit(cache=True)
def encode_rows(
    kinds: Octets,
    first_sequence: int,
    days: NDArray[np.int64],
    ats: NDArray[np.int64],
    counts: Octets,
    ints: NDArray[np.int64],
    commitments: Octets,
    committed: NDArray[np.bool_],
    blob_rows: NDArray[np.int64],
    blob_offsets: NDArray[np.int64],
    blobs: Octets,
    out: Octets,
    offsets: NDArray[np.int64],
) -> int:
    """Write the bodies of a batch one after another.

    Args:
        kinds: uint8[n].
        first_sequence: That of the first row, >= 0, and none of the rows' above 2⁶³ − 1.
        days: int64[n].
        ats: int64[n].
        counts: uint8[n].
        ints: int64[n, 8]; -1 for an absent one.
        commitments: uint8[n, 16].
        committed: bool[n]; where not, the row of commitments does not count.
        blob_rows: int64[m], the rows that carry a blob, rising.
        blob_offsets: int64[m + 1], where each blob starts and the last ends.
        blobs: uint8, their bytes.
        out: uint8, of `FIXED_BYTES` a row, `INT_BYTES` an integer, the blobs, `SLACK_BYTES`.
        offsets: int64[n + 1], filled with where each body starts and the last ends.

    Returns:
        -1, or the first row that no event of its kind can be.
    """
    at = 0
    offsets[0] = 0
    blob = 0
    for row in range(kinds.size):
        kind = kinds[row]
        has_blob = blob < blob_rows.size and blob_rows[blob] == row
        if (
            counts[row] != _COUNTS[kind]
            or counts[row] == _UNKNOWN
            or days[row] < 0
            or ats[row] < 0
            or (committed[row] and not _EXTRAS[kind] & 1)
            or (has_blob and not _EXTRAS[kind] & 2)
        ):
            return row
        out[at] = _VERSION
        out[at + 1] = kind
        at = _put_int(out, at + 2, first_sequence + row)
        at = _put_int(out, at, days[row])
        at = _put_int(out, at, ats[row])
        out[at] = counts[row]
        at = _put_ints(out, at + 1, ints, row, kind)
        if at < 0:
            return row
        if committed[row]:
            out[at] = 16
            out[at + 1 : at + 17] = commitments[row]
            at += 17
        else:
            out[at] = 0
            at += 1
        length = blob_offsets[blob + 1] - blob_offsets[blob] if has_blob else 0
        out[at] = length >> 24
        out[at + 1] = (length >> 16) & 0xFF
        out[at + 2] = (length >> 8) & 0xFF
        out[at + 3] = length & 0xFF
        at += 4
        if has_blob:
            start = blob_offsets[blob]
            for place in range(length):
                out[at + place] = blobs[start + place]
            at += length
            blob += 1
        offsets[row + 1] = at
    return -1
