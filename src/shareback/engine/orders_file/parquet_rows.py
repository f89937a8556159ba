"""Rows of a Parquet file, read piece by piece and handed on as text."""

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shareback.engine.orders_file.faults import FileUnreadable, RowUnreadable
from shareback.engine.orders_file.layout import Layout
from shareback.engine.orders_file.source import CELL_CHARACTERS_MAX, Chunk

MAGIC = b"PAR1"
"""What every Parquet file begins with."""

_ROWS_AT_ONCE = 8_192
_PLACES_TAKEN = 6
_BUFFER_BYTES = 1 << 20
_INSTANTS = frozenset({"paid_at", "received_at", "refunded_at"})
_AMOUNTS = frozenset({"amount", "profit", "refund_amount"})


class ParquetRows:
    """An open Parquet file; a row's number counts its rows of data from 1."""

    unit = "row"

    def __init__(self, path: Path) -> None:
        """Open the file and read its schema.

        Raises:
            OSError: The file cannot be opened.
            FileUnreadable: It is no whole Parquet file.
        """
        self._path = path
        try:
            # Without pre-buffering a row group is read as it is used, not all at once.
            self._file = pq.ParquetFile(path, buffer_size=_BUFFER_BYTES, pre_buffer=False)
        except pa.ArrowException as fault:
            raise self._broken(fault) from None
        self._schema = self._file.schema_arrow
        self.names: Sequence[str] = self._schema.names
        self.size: int = self._file.metadata.num_rows
        self.done = 0

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def refuse_unfit_columns(self, layout: Layout) -> None:
        """Refuse columns whose type cannot hold their field exactly.

        Raises:
            FileUnreadable: Such as an amount in a column of floating point numbers.
        """
        for field, place in layout.places.items():
            reason = _unfit(field, self._schema.types[place])
            if reason:
                raise FileUnreadable(self._path, f"column {layout.names[place]!r} {reason}")

    def chunks(self, wanted: Container[int]) -> Iterator[Chunk]:
        """Read the rows once, the wanted columns of them; the others' cells are "".

        Raises:
            FileUnreadable: The file is damaged.
            RowUnreadable: A cell is no UTF-8.
        """
        places = [place for place in range(len(self.names)) if place in wanted]
        names = [self.names[place] for place in places]
        try:
            for batch in self._file.iter_batches(_ROWS_AT_ONCE, columns=names, use_threads=False):
                first = self.done + 1
                self.done += batch.num_rows
                cells: list[Sequence[str] | repeat[str]] = [repeat("")] * len(self.names)
                for place in places:
                    name = self.names[place]
                    cells[place] = _texts(batch.column(batch.schema.names.index(name)), name, first)
                rows = range(first, self.done + 1)
                yield Chunk(rows, list(zip(*cells, strict=False)))
        except (pa.ArrowException, OSError) as fault:
            raise self._broken(fault) from None

    def _broken(self, fault: Exception) -> FileUnreadable:
        said = " ".join(str(fault).split())
        return FileUnreadable(self._path, f"is no whole Parquet file; export it again ({said})")


def _unfit(field: str, kind: Any) -> str:  # noqa: ANN401 - pyarrow ships no types
    """Why a column of this type cannot hold the field, or ""."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)
    if field in _AMOUNTS:
        fit = text or pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        wanted = "amounts are exact: make it decimal, integer or text"
    elif field in _INSTANTS:
        fit = text or pa.types.is_timestamp(kind) or pa.types.is_date(kind)
        wanted = "make it timestamp, date or text"
    else:
        fit = text or pa.types.is_integer(kind)
        wanted = "make it text or integer"
    return "" if fit else f"({field}) is of type {kind}; {wanted}"


def _texts(column: Any, name: str, first: int) -> list[str]:  # noqa: ANN401 - as above
    """A column's cells as text, "" for an absent one."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = _instants(column)
    elif pa.types.is_decimal(kind) and kind.scale > _PLACES_TAKEN:
        return ["" if each is None else _plain(f"{each:f}") for each in column.to_pylist()]
    elif not pa.types.is_string(kind):
        try:
            column = column.cast(pa.string())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            # A column of another kind that nobody takes, such as a list.
            return [str(each) for each in column.to_pylist()]
    try:
        texts: list[str] = column.fill_null("").to_pylist()
    except UnicodeDecodeError:
        raise _no_utf8(column, name, first) from None
    for row, text in enumerate(texts, first):
        if len(text) > CELL_CHARACTERS_MAX:
            reason = f"has more than {CELL_CHARACTERS_MAX:,} characters; shorten it"
            raise RowUnreadable(row, name, text, reason, unit="row")
    return texts


def _instants(column: Any) -> Any:  # noqa: ANN401 - as above
    """Timestamps as text in UTC, or of the local time where they have no zone."""
    zoned = column.type.tz is not None
    # Either way the numbers count from 1970; so no table of zones is asked.
    bare = column.cast(pa.int64()).cast(pa.timestamp(column.type.unit))
    # Where there are fractions of a second, they are written out.
    with suppress(pa.ArrowInvalid):
        bare = bare.cast(pa.timestamp("s"))
    texts = bare.cast(pa.string())
    return pc.binary_join_element_wise(texts, "Z", "") if zoned else texts


def _plain(text: str) -> str:
    """A decimal's text without the zeros that only its column's scale asks for."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _no_utf8(column: Any, name: str, first: int) -> RowUnreadable:  # noqa: ANN401 - as above
    """Find the row whose text is no UTF-8."""
    for row, cell in enumerate(column.cast(pa.binary()), first):
        try:
            (cell.as_py() or b"").decode()
        except UnicodeDecodeError:
            text = cell.as_py().decode(errors="backslashreplace")
            return RowUnreadable(row, name, text, "is no UTF-8; export the file again", unit="row")
    return RowUnreadable(first, name, "", "is no UTF-8; export the file again", unit="row")
