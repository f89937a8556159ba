"""Books as a workbook: every text is text, whatever it looks like (A61)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from shareback.audit.replaying import Chunk
from shareback.books.accounts import PLACES, commodity
from shareback.engine.calendar import EPOCH, MICROSECOND
from shareback.engine.exporting_rows import Cell, amount_of, lines_of

ROWS_OF_A_SHEET = 1_048_576
"""A sheet holds no more; the heading is one of them."""

EXACT_DIGITS = 15
"""A spreadsheet counts in doubles: a number of more digits would be another one there."""

FIRST_YEAR = 1901
"""Spreadsheets know no days before it that all of them agree on."""

ENTRIES = ("sequence", "day", "at", "kind", "account", "amount", "commodity")
NARROW, WIDE = 10, 34
WIDTHS = {
    "at": 23,
    "account": WIDE,
    "kind": 24,
    "amount": 22,
    "pseudonym": 20,
    "log_root": 68,
    "tier": 16,
}
"""How wide the columns are, in letters; the others have room for an amount."""

ROOM_OF_AN_AMOUNT = 18
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "use_zip64": True,
}


class Workbook:
    """A workbook that is being written, row by row."""

    def __init__(
        self, path: Path, scratch: str, headings: Mapping[str, str], rows_max: int
    ) -> None:
        """Begin the file.

        Args:
            path: The file.
            scratch: A folder for what is written meanwhile.
            headings: What sheets and columns are called, where not as here.
            rows_max: How many rows a sheet holds, the heading included.
        """
        self.book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": scratch})
        self.headings = headings
        self.rows_max = rows_max
        self.heading = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.text = self.book.add_format({"num_format": "@"})
        self.right = self.book.add_format({"num_format": "@", "align": "right"})
        self.count = self.book.add_format({"num_format": "0"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.month = self.book.add_format({"num_format": "yyyy-mm"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        self.amounts: dict[int, Any] = {}

    def called(self, name: str) -> str:
        """What a sheet or a column is called."""
        return self.headings.get(name, name)

    def amount_format(self, places: int) -> Any:  # noqa: ANN401 - xlsxwriter's own
        """How amounts of so many decimal places look."""
        if places not in self.amounts:
            self.amounts[places] = self.book.add_format({"num_format": f"#,##0.{'0' * places}"})
        return self.amounts[places]


class Sheet:
    """A table of the workbook, which goes on in another sheet where one is full."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[str]) -> None:
        """Begin the table."""
        self.book = book
        self.name = name
        self.columns = columns
        self.sheets = 0
        self.begin()

    def begin(self) -> None:
        """Begin a sheet, with its heading."""
        self.sheets += 1
        name = self.book.called(self.name)
        title = name if self.sheets == 1 else f"{name} {self.sheets}"
        self.sheet = self.book.book.add_worksheet(title)
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, WIDTHS.get(column, ROOM_OF_AN_AMOUNT))
            self.sheet.write_string(0, place, self.book.called(column), self.book.heading)
        self.row = 1

    def add(self, cells: Iterable[Cell]) -> None:
        """Write a row."""
        if self.row == self.book.rows_max:
            self.begin()
        for place, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            self.write(place, column, cell)
        self.row += 1

    def write(self, place: int, column: str, cell: Cell) -> None:
        """Write a cell as what it is: a number only where a spreadsheet's is the same one."""
        book = self.book
        match cell:
            case None:
                return
            case str():
                self.sheet.write_string(self.row, place, cell, book.text)
            case date() if cell.year < FIRST_YEAR:
                self.sheet.write_string(self.row, place, cell.isoformat(), book.right)
            case datetime():
                self.sheet.write_datetime(self.row, place, cell, book.moment)
            case date():
                look = book.month if column == "joined" else book.day
                self.sheet.write_datetime(self.row, place, cell, look)
            case int() | Decimal():
                self.write_number(place, Decimal(cell))

    def write_number(self, place: int, number: Decimal) -> None:
        """Write an amount or a count; as text where it has too many digits."""
        _sign, digits, exponent = number.as_tuple()
        places = -int(exponent)
        if len(digits) > EXACT_DIGITS:
            self.sheet.write_string(self.row, place, f"{number:f}", self.book.right)
        else:
            look = self.book.amount_format(places) if places else self.book.count
            self.sheet.write_number(self.row, place, number, look)


@contextmanager
def workbook(
    path: Path, headings: Mapping[str, str], rows_max: int = ROWS_OF_A_SHEET
) -> Iterator[Workbook]:
    """A workbook to write to; the file is there when the block has ended well, and not before."""
    with TemporaryDirectory(prefix="shareback-") as scratch:
        book = Workbook(path, scratch, headings, rows_max)
        try:
            yield book
            book.book.close()
        finally:
            # A workbook that is not finished keeps them open.
            for sheet in book.book.worksheets():
                sheet.row_data_fh.close()


def write_entries(sheet: Sheet, chunk: Chunk, currency: str) -> None:
    """Write the postings of a chunk; moments are UTC, to the millisecond."""
    for line in lines_of(chunk):
        account, units = line.posting
        moment = (EPOCH + line.at * MICROSECOND).replace(tzinfo=None)
        sheet.add(
            [
                line.sequence,
                date.fromordinal(line.day),
                moment,
                line.kind.name,
                account.name,
                amount_of(units, PLACES[account.unit]),
                commodity(account.unit, currency),
            ]
        )
