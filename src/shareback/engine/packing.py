"""Tables of whole numbers as bytes, and back: column by column, compressed."""

import zlib

import numpy as np

from shareback.kernels.arrays import Integers

INT_BYTES = 8


def packed(table: Integers) -> bytes:
    """int64[n, m] as bytes, column by column."""
    return zlib.compress(np.ascontiguousarray(table.T, ">i8").tobytes())


def unpacked(body: bytes, columns: int, rows_max: int | None = None) -> Integers:
    """What `packed` was given.

    Args:
        body: It, packed.
        columns: How many columns it has.
        rows_max: How many rows it may have, where the bytes are not ours: a few of them could
            stand for more than any memory holds.

    Raises:
        zlib.error: It was packed by nobody.
        ValueError: It is cut off, has more rows, or none of so many columns.
    """
    opened = zlib.decompressobj()
    room = 0 if rows_max is None else columns * rows_max * INT_BYTES
    text = opened.decompress(body, 0 if rows_max is None else room + 1)
    if rows_max is not None and len(text) > room:
        raise ValueError(f"more than {rows_max} rows")
    if not opened.eof:
        raise ValueError("cut off")
    return np.frombuffer(text, ">i8").reshape(columns, -1).T.astype(np.int64)
