"""Rows of a CSV file (RFC 4180, UTF-8), read block by block in bounded memory."""

import csv
import io
from collections.abc import Container, Iterator
from pathlib import Path

from shareback.engine.orders_file.faults import FileUnreadable, RowUnreadable
from shareback.engine.orders_file.source import CELL_CHARACTERS_MAX, Chunk

BLOCK_BYTES = 1 << 19
"""How much is read at a time, and the length that no row of a file may reach."""

_TOO_LONG = (
    f"is longer than {BLOCK_BYTES:,} bytes; the file is no list of orders, or a quotation mark "
    "is never closed"
)
_FAULTS = {
    "unexpected end of data": "has a quotation mark that is never closed; the file may be cut",
    "field larger": f"has a cell of more than {CELL_CHARACTERS_MAX:,} characters; shorten it, or "
    "close its quotation mark",
    "expected after": "goes on after a closing quotation mark; double each mark inside a cell",
}


class CsvRows:
    """An open CSV file; a row's number is the line on which it begins."""

    unit = "line"

    def __init__(self, path: Path) -> None:
        """Open the file and read its header.

        Raises:
            OSError: The file cannot be opened.
            FileUnreadable: It is empty, or its header is no line of UTF-8.
            RowUnreadable: The header's quotation marks or length are wrong.
        """
        self._path = path
        self._file = path.open("rb", buffering=0)
        self.size = path.stat().st_size
        self.done = 0
        self._blocks = 0
        self._damaged = False
        # The last line of the last whole row: the next row begins one line below.
        self._line = 0
        self._reader = csv.reader(self._lines(), strict=True)
        try:
            self.names = self._header()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def chunks(self, wanted: Container[int]) -> Iterator[Chunk]:
        """Read the rows once, all columns of them, about a block's worth at a time.

        Raises:
            RowUnreadable: A row whose end cannot be found: a quotation mark that is never
                closed or wrongly placed, or a row that is too long.
        """
        del wanted  # All cells of a line are read anyhow.
        rows: list[int] = []
        cells: list[list[str]] = []
        blocks = self._blocks
        for row in self._rows():
            # A blank line is no row.
            if row:
                rows.append(self._line + 1)
                cells.append(row)
            self._line = self._reader.line_num
            if self._blocks != blocks and rows:
                yield Chunk(rows, cells, self._damaged)
                rows, cells, blocks = [], [], self._blocks
        if rows:
            yield Chunk(rows, cells, self._damaged)

    def _header(self) -> list[str]:
        names = next(self._rows(), None)
        if names is None:
            raise FileUnreadable(self._path, "is empty; it needs a header and rows")
        self._line = self._reader.line_num
        if not any(names):
            raise FileUnreadable(self._path, "line 1: there is no header; name the columns there")
        try:
            "".join(names).encode()
        except UnicodeEncodeError:
            raise FileUnreadable(
                self._path, "line 1: is no UTF-8 text; save the file as CSV in UTF-8"
            ) from None
        return names

    def _rows(self) -> Iterator[list[str]]:
        """The reader's rows, its complaints told with the line and how to mend."""
        try:
            yield from self._reader
        except csv.Error as fault:
            said = str(fault)
            reason = next((ours for theirs, ours in _FAULTS.items() if theirs in said), said)
            raise RowUnreadable(self._line + 1, "", "", reason) from None

    def _lines(self) -> Iterator[str]:
        """Lines with their ends as they stand, none longer than a block."""
        pending = b""
        line = -1
        while block := self._file.read(BLOCK_BYTES):
            if self._line == line:
                # A whole block went by without the end of a row.
                raise RowUnreadable(self._line + 1, "", "", _TOO_LONG)
            self.done += len(block)
            text = pending + block
            end = _last_line_end(text)
            text, pending = text[:end], text[end:]
            if text:
                line = self._line
                yield from self._decoded(text)
            if len(pending) >= BLOCK_BYTES:
                raise RowUnreadable(self._reader.line_num + 1, "", "", _TOO_LONG)
        if pending:
            yield from self._decoded(pending)

    def _decoded(self, text: bytes) -> io.StringIO:
        """Text lines of a block; what is no UTF-8 becomes lone surrogates, found row by row."""
        try:
            decoded = text.decode()
        except UnicodeDecodeError:
            decoded = text.decode(errors="surrogateescape")
            self._damaged = True
        if self._blocks == 0:
            decoded = decoded.removeprefix("\ufeff")
        self._blocks += 1
        return io.StringIO(decoded, newline="")


def _last_line_end(text: bytes) -> int:
    """Where the last whole line ends; a final CR may still be followed by its LF."""
    end = text.rfind(b"\n") + 1
    return end or text.rfind(b"\r", 0, len(text) - 1) + 1
