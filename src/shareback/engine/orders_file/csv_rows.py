"""Rows of a CSV file (RFC 4180, UTF-8), read block by block in bounded memory."""

import csv
import io
from collections.abc import Container, Iterator, Sequence
from itertools import compress, islice
from pathlib import Path

from shareback.engine.orders_file.faults import FileUnreadable, RowUnreadable
from shareback.engine.orders_file.source import CELL_CHARACTERS_MAX, Chunk

BLOCK_BYTES = 1 << 19
"""How much is read at a time, and the length that no row of a file may reach."""

_TOO_LONG = (
    f"is longer than {BLOCK_BYTES:,} bytes; the file is no list of orders, or a quotation mark "
    "is never closed"
)
_CUT = "unexpected end of data"
_REASONS = {
    _CUT: "has a quotation mark that is never closed; the file may be cut",
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
            RowUnreadable: The quotation marks or a length in its first block are wrong.
        """
        self._file = path.open("rb", buffering=0)
        self.size = path.stat().st_size
        self.done = 0
        self._damaged = False
        self._chunks = self._read()
        try:
            self._first = next(self._chunks, None)
            self.names = _header(path, self._first)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def chunks(self, wanted: Container[int]) -> Iterator[Chunk]:
        """Read the rows once, all columns of them, a block's worth at a time.

        Raises:
            RowUnreadable: A row whose end cannot be found: a quotation mark that is never
                closed or wrongly placed, or a row that is too long.
        """
        del wanted  # All cells of a line are read anyhow.
        if self._first and len(self._first.rows) > 1:
            yield Chunk(self._first.rows[1:], self._first.cells[1:], self._first.damaged)
        self._first = None
        yield from self._chunks

    def _read(self) -> Iterator[Chunk]:
        """Cut the file into blocks of whole lines, and those into rows."""
        line, pending, start = 1, b"", ""
        while block := self._file.read(BLOCK_BYTES):
            self.done += len(block)
            text = pending + block
            end = _last_line_end(text)
            text, pending = text[:end], text[end:]
            rows, cells, line, start = _rows(start + self._decoded(text), line, last=False)
            if rows:
                yield Chunk(rows, cells, self._damaged)
            if len(pending) >= BLOCK_BYTES or len(start) >= BLOCK_BYTES:
                raise RowUnreadable(line, "", "", _TOO_LONG)
        rows, cells, _, _ = _rows(start + self._decoded(pending), line, last=True)
        if rows:
            yield Chunk(rows, cells, self._damaged)

    def _decoded(self, text: bytes) -> str:
        """A block's text; what is no UTF-8 becomes lone surrogates, found row by row."""
        try:
            return text.decode()
        except UnicodeDecodeError:
            self._damaged = True
            return text.decode(errors="surrogateescape")


def _last_line_end(text: bytes) -> int:
    """Where the last whole line ends; a final CR may still be followed by its LF."""
    end = text.rfind(b"\n") + 1
    return end or text.rfind(b"\r", 0, len(text) - 1) + 1


def _rows(text: str, line: int, *, last: bool) -> tuple[Sequence[int], list[list[str]], int, str]:
    """Read the rows of some lines.

    Args:
        text: Whole lines, beginning with a row's first.
        line: The number of the first line.
        last: Whether the file ends here.

    Returns:
        The rows' lines and cells without blank lines, the line after them, and the text of a
        row that goes on in the next block.

    Raises:
        RowUnreadable: A row whose end cannot be found.
    """
    if line == 1:
        text = text.removeprefix("\ufeff")
    try:
        rows, cells, after = _one_a_line(text, line)
        rest = ""
    except (csv.Error, _Quoted):
        rows, cells, after, rest = _counted(text, line, last=last)
    if [] in cells:
        filled = list(map(bool, cells))
        rows, cells = list(compress(rows, filled)), list(compress(cells, filled))
    return rows, cells, after, rest


class _Quoted(Exception):
    """There are quotation marks, so a row may take several lines."""


def _one_a_line(text: str, line: int) -> tuple[Sequence[int], list[list[str]], int]:
    """Read lines each of which is a row, so that they need no counting one by one."""
    if '"' in text:
        raise _Quoted
    cells = list(csv.reader(io.StringIO(text, newline="")))
    return range(line, line + len(cells)), cells, line + len(cells)


def _counted(
    text: str, line: int, *, last: bool
) -> tuple[Sequence[int], list[list[str]], int, str]:
    """Read rows that may take several lines, or are wrong."""
    rows: list[int] = []
    cells: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    after = line
    try:
        for row in reader:
            rows.append(after)
            cells.append(row)
            after = line + reader.line_num
    except csv.Error as fault:
        said = str(fault)
        if said != _CUT or last:
            reason = next((ours for theirs, ours in _REASONS.items() if theirs in said), said)
            raise RowUnreadable(after, "", "", reason) from None
        begun = islice(io.StringIO(text, newline=""), after - line, None)
        return rows, cells, after, "".join(begun)
    return rows, cells, after, ""


def _header(path: Path, first: Chunk | None) -> Sequence[str]:
    """The column names, which stand on the first line."""
    if first is None:
        raise FileUnreadable(path, "is empty; it needs a header and rows")
    names = first.cells[0]
    if first.rows[0] != 1 or not any(names):
        raise FileUnreadable(path, "line 1: there is no header; name the columns there")
    if any("\ud800" <= each <= "\udfff" for each in "".join(names)):
        raise FileUnreadable(path, "line 1: is no UTF-8 text; save the file as CSV in UTF-8")
    return names
