"""Tables of whole numbers as bytes, and back: column by column, compressed."""

import zlib

import numpy as np

from shareback.kernels.arrays import Integers


def packed(table: Integers) -> bytes:
    """int64[n, m] as bytes, column by column."""
    return zlib.compress(np.ascontiguousarray(table.T, ">i8").tobytes())


def unpacked(body: bytes, columns: int) -> Integers:
    """What `packed` was given."""
    return np.frombuffer(zlib.decompress(body), ">i8").reshape(columns, -1).T.astype(np.int64)
