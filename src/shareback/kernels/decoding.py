"""Read canonical bytes back for whole batches, compiled.

Nothing is checked here but that no read leaves a body: whether the bytes are canonical shows by
writing them again, which gives the same bytes then and only then.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shareback.kernels.encoding import Octets
from shareback.kernels.hashing import INTS_MAX, Bodies, Events, encode_batch
from shareback.proofs.canonical import ABSENT, COMMITMENT_BYTES, EntryUnwritable

_ABSENT: Final = np.uint8(ABSENT)
_COMMITMENT_BYTES: Final = COMMITMENT_BYTES
_INTS_MAX: Final = INTS_MAX
_FAULT: Final = -1
_HEAD: Final = 3
_LENGTH_BYTES: Final = 4


def decode_batch(bodies: Bodies, first_sequence: int) -> Events | None:
    """The events that a batch's canonical bytes are, the same as ``proofs.canonical.decode`` each.

    Args:
        bodies: The bytes.
        first_sequence: The place of the first in the log; the others follow on.

    Returns:
        The events; none where one of them is unreadable or stands in another place, of which
        ``proofs.canonical.decode`` says more.
    """
    rows = len(bodies.offsets) - 1
    events = Events(
        kinds=np.zeros(rows, np.uint8),
        days=np.zeros(rows, np.int64),
        ats=np.zeros(rows, np.int64),
        counts=np.zeros(rows, np.uint8),
        ints=np.full((rows, INTS_MAX), -1, np.int64),
        commitments=np.zeros((rows, COMMITMENT_BYTES), np.uint8),
        committed=np.zeros(rows, np.bool_),
    )
    spans = np.zeros((rows, 2), np.int64)
    if not _decode_rows(bodies.buffer, bodies.offsets, *events[:-1], spans):
        return None
    blobs = [
        (row, bodies.buffer[slice(*spans[row].tolist())].tobytes())
        for row in np.flatnonzero(spans[:, 1] > spans[:, 0]).tolist()
    ]
    found = events._replace(blobs=blobs)
    try:
        again = encode_batch(found, first_sequence)
    except EntryUnwritable:
        return None
    is_same = np.array_equal(again.offsets, bodies.offsets)
    return found if is_same and np.array_equal(again.buffer, bodies.buffer) else None


@njit(forceinline=True)
def _take_int(text: Octets, at: int, end: int) -> tuple[int, int]:
    """An integer and the place after it; `_FAULT` for the place where it would leave the body."""
    if at < 0 or at >= end:
        return 0, _FAULT
    length = text[at]
    if length == _ABSENT:
        return -1, at + 1
    if length > 8 or at + 1 + length > end:  # noqa: PLR2004 - bytes of an integer
        return 0, _FAULT
    value = 0
    for place in range(length):
        value = (value << 8) | int(text[at + 1 + place])
    return value, at + 1 + int(length)


@njit(forceinline=True)
def _take_commitment(text: Octets, at: int, end: int, out: Octets) -> int:
    """A commitment, if there is one; returns the place of the blob, or `_FAULT`."""
    if at < 0 or at >= end:
        return _FAULT
    length = _COMMITMENT_BYTES if text[at] > 0 else 0
    if at + 1 + length + _LENGTH_BYTES > end:
        return _FAULT
    for place in range(length):
        out[place] = text[at + 1 + place]
    return at + 1 + length + _LENGTH_BYTES


@njit(cache=True, nogil=True)
def _decode_rows(
    text: Octets,
    offsets: NDArray[np.int64],
    kinds: Octets,
    days: NDArray[np.int64],
    ats: NDArray[np.int64],
    counts: Octets,
    ints: NDArray[np.int64],
    commitments: Octets,
    committed: NDArray[np.bool_],
    spans: NDArray[np.int64],
) -> bool:
    """Fill the columns of a batch, and where each blob lies; False where a body is cut off."""
    head = np.empty(_HEAD, np.int64)
    for row in range(kinds.size):
        at, end = offsets[row] + 2, offsets[row + 1]
        if at > end:
            return False
        kinds[row] = text[at - 1]
        for place in range(_HEAD):
            head[place], at = _take_int(text, at, end)
        days[row], ats[row] = head[1], head[2]
        if at < 0 or at >= end or text[at] > _INTS_MAX:
            return False
        counts[row] = text[at]
        at += 1
        for place in range(counts[row]):
            ints[row, place], at = _take_int(text, at, end)
        committed[row] = 0 <= at < end and text[at] > 0
        at = _take_commitment(text, at, end, commitments[row])
        if at < 0:
            return False
        # Whatever length was told, the blob is all that is left.
        spans[row, 0], spans[row, 1] = at, end
    return True
