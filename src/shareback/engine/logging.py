"""The events of a batch: from rows that were accepted to canonical bytes and the log's tree."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from shareback.audit.columns import COLUMNS
from shareback.engine.translate import Commitment
from shareback.kernels.arrays import Arrays, Integers
from shareback.kernels.hashing import (
    INTS_MAX,
    Bodies,
    Events,
    append_batch,
    commitments,
    encode_batch,
)
from shareback.proofs.commitment import SALT_BYTES
from shareback.proofs.merkle import Frontier
from shareback.rules.kinds import Kind
from shareback.rules.layout import Command


class Logged(NamedTuple):
    """What a run of commands adds to the log."""

    bodies: Bodies
    frontier: Frontier


def ints_of(arrays: Arrays, rows: Integers) -> tuple[Integers, Integers]:
    """The integers of the rows' events, and how many each has.

    Args:
        arrays: The state after the rows were applied, for the lasting numbers of slots.
        rows: int64[n, COMMAND_WIDTH], accepted commands.

    Returns:
        int64[n, 8] and int64[n].
    """
    ints = np.zeros((len(rows), INTS_MAX), np.int64)
    counts = np.zeros(len(rows), np.int64)
    for kind in np.unique(rows[:, Command.KIND]).tolist():
        places = np.flatnonzero(rows[:, Command.KIND] == kind)
        fields = COLUMNS[Kind(kind)]
        counts[places] = len(fields)
        for place, field in enumerate(fields):
            values = rows[places, field.column]
            if field.table:
                values = getattr(arrays, field.table)[values, 0]
            ints[places, place] = values
    return ints, counts


def committed(wanted: Sequence[Commitment | None]) -> tuple[np.ndarray, np.ndarray]:
    """Commitments of the events that have one, and which these are."""
    flags = np.array([one is not None and len(one[0]) == SALT_BYTES for one in wanted], np.bool_)
    out = np.zeros((len(wanted), SALT_BYTES), np.uint8)
    chosen = [one for one, flag in zip(wanted, flags.tolist(), strict=True) if one and flag]
    if chosen:
        salts = np.frombuffer(b"".join(one[0] for one in chosen), np.uint8)
        texts = [one[1].encode() for one in chosen]
        offsets = np.zeros(len(texts) + 1, np.int64)
        np.cumsum([len(text) for text in texts], out=offsets[1:])
        text = np.frombuffer(b"".join(texts), np.uint8)
        out[flags] = commitments(salts.reshape(-1, SALT_BYTES), text, offsets)
    return out, flags


def log(
    arrays: Arrays,
    rows: Integers,
    ats: Integers,
    wanted: Sequence[Commitment | None],
    blobs: Sequence[tuple[int, bytes]],
    key: bytes,
    frontier: Frontier,
) -> Logged:
    """Encode accepted commands and append them to the log.

    Args:
        arrays: The state after them.
        rows: Their rows.
        ats: Their times, µs UTC.
        wanted: What each commits to.
        blobs: Pairs of place and bytes.
        key: The programme's secret key.
        frontier: The log's tree before.
    """
    ints, counts = ints_of(arrays, rows)
    digests, flags = committed(wanted)
    events = Events(
        kinds=rows[:, Command.KIND].astype(np.uint8),
        days=np.ascontiguousarray(rows[:, Command.DAY]),
        ats=ats,
        counts=counts.astype(np.uint8),
        ints=ints,
        commitments=digests,
        committed=flags,
        blobs=blobs,
    )
    bodies = encode_batch(events, frontier.size)
    return Logged(bodies, append_batch(frontier, key, bodies))
