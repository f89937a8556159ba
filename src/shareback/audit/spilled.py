"""A table that lies in a temporary file: as long as it must be, and not in memory."""

import mmap
import tempfile

import numpy as np

INT_BYTES = 8


class SpilledTable:
    """Rows of 64-bit zeros in a file without a name, which is gone with the process.

    Attributes:
        rows: int64[n, width], as any other table; what is written lies in the file.
    """

    def __init__(self, rows: int, width: int) -> None:
        """Make room for so many rows; the file takes space only where something is written."""
        with tempfile.TemporaryFile(prefix="shareback-") as file:
            file.truncate(rows * width * INT_BYTES)
            self.pages = mmap.mmap(file.fileno(), 0)
        self.rows = np.frombuffer(self.pages, np.int64).reshape(rows, width)

    def release(self) -> None:
        """Let go of the memory that the rows touched; what they hold stays in the file."""
        self.pages.madvise(mmap.MADV_DONTNEED)
