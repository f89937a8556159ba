"""The rows that were left out, written to a file of their own, to be mended."""

import csv
from pathlib import Path

from shareback.engine.orders_file.faults import FileUnreadable
from shareback.engine.orders_file.shelf import Shelf
from shareback.engine.orders_file.source import Source


def refuse_unfit_target(target: Path, orders: Path) -> None:
    """Refuse, before any work, a file that could not be written or would be overwritten.

    Raises:
        FileUnreadable: The target is the orders file, or stands in no folder.
    """
    if target.exists() and orders.exists() and target.samefile(orders):
        raise FileUnreadable(target, "is the orders file; name another one for its bad rows")
    if target.is_dir() or not target.parent.is_dir():
        raise FileUnreadable(target, "cannot be written: name a file in a folder that exists")


def write_leftovers(target: Path, source: Source, shelf: Shelf) -> None:
    """Write the bad rows as they stand in the file, after their number and the reason.

    Args:
        target: A CSV file; an older one is replaced, and only as a whole.
        source: The orders file, opened anew; it is closed here.
        shelf: Holds which rows are bad.

    Raises:
        FileUnreadable: The target cannot be written.
    """
    part = target.with_name(target.name + ".part")
    try:
        # What was no UTF-8 is written back byte by byte.
        with part.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([source.unit, "reason", *source.names])
            bad = shelf.database.execute("SELECT row, said_of, reason FROM bad ORDER BY row")
            expected = bad.fetchone()
            for chunk in source.chunks(range(len(source.names))):
                for row, cells in zip(chunk.rows, chunk.cells, strict=True):
                    if expected and expected[0] == row:
                        _, column, reason = expected
                        told = f"{column}: {reason}" if column else reason
                        writer.writerow([row, told, *cells])
                        expected = bad.fetchone()
        part.replace(target)
    except OSError as fault:
        raise FileUnreadable(target, f"cannot be written: {fault.strerror}") from None
    finally:
        source.close()
        part.unlink(missing_ok=True)
