"""The rows that were left out, written to a file of their own, to be mended."""

import csv
import re
from pathlib import Path

from shareback.engine.orders_file.faults import FileUnreadable
from shareback.engine.orders_file.shelf import Shelf
from shareback.engine.orders_file.source import Source

# What a spreadsheet takes for a formula; a plain negative number is none.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?", re.ASCII)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe.

    Source:
        Attack A61.
    """
    if _FORMULA.match(cell) and not _NEGATIVE.fullmatch(cell):
        return f"'{cell}"
    return cell


def refuse_unfit_target(target: Path, orders: Path) -> None:
    """Refuse, before any work, a file that could not be written or would be overwritten.

    Raises:
        FileUnreadable: The target is the orders file, or stands in no folder.
    """
    if target.exists() and orders.exists() and target.samefile(orders):
        raise FileUnreadable(target, "is the orders file; name another one for its bad rows")
    if target.is_dir() or not target.parent.is_dir():
        raise FileUnreadable(target, "cannot be written: name a file in a folder that exists")


class Leftovers:
    """A file of bad rows, which takes its name only when the run is found right."""

    def __init__(self, target: Path) -> None:
        """Stand for a CSV file; an older one is replaced, and only as a whole."""
        self._target = target
        self._part = target.with_name(target.name + ".part")

    def write(self, source: Source, shelf: Shelf) -> None:
        """Write the bad rows as they stand in the file, after their number and the reason.

        Args:
            source: The orders file, opened anew; it is closed here.
            shelf: Holds which rows are bad.

        Raises:
            FileUnreadable: The target cannot be written.
        """
        try:
            # What was no UTF-8 is written back byte by byte.
            with self._part.open(
                "w", encoding="utf-8", errors="surrogateescape", newline=""
            ) as file:
                writer = csv.writer(file)
                writer.writerow(map(harmless, [source.unit, "reason", *source.names]))
                bad = shelf.database.execute("SELECT row, said_of, reason FROM bad ORDER BY row")
                expected = bad.fetchone()
                for chunk in source.chunks(range(len(source.names))):
                    for row, cells in zip(chunk.rows, chunk.cells, strict=True):
                        if expected and expected[0] == row:
                            _, column, reason = expected
                            told = f"{column}: {reason}" if column else reason
                            writer.writerow([row, *map(harmless, [told, *cells])])
                            expected = bad.fetchone()
        except OSError as fault:
            raise self._unwritable(fault) from None
        finally:
            source.close()

    def keep(self) -> None:
        """Let the file take its name.

        Raises:
            FileUnreadable: It cannot.
        """
        try:
            self._part.replace(self._target)
        except OSError as fault:
            raise self._unwritable(fault) from None

    def drop(self) -> None:
        """Take away what was not kept."""
        self._part.unlink(missing_ok=True)

    def _unwritable(self, fault: OSError) -> FileUnreadable:
        return FileUnreadable(self._target, f"cannot be written: {fault.strerror}")
