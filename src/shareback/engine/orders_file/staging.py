"""From a file to orders that are ready to be imported."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from shareback.engine.orders_file.actions import Action, ActionRow, named
from shareback.engine.orders_file.csv_rows import CsvRows
from shareback.engine.orders_file.faults import Fault, FileUnreadable, RowUnreadable
from shareback.engine.orders_file.layout import Layout, lay_out
from shareback.engine.orders_file.leftovers import Leftovers, refuse_unfit_target
from shareback.engine.orders_file.moments import day_of, first_of, instant_of, sql_day, sql_instant
from shareback.engine.orders_file.parquet_rows import MAGIC, ParquetRows
from shareback.engine.orders_file.referrals import Referrals
from shareback.engine.orders_file.repeats import Repeats
from shareback.engine.orders_file.sheet import RowReader
from shareback.engine.orders_file.shelf import Shelf

_ACTIONS_AT_ONCE = 8_192
_ACTIONS = f"""
    SELECT kind, {sql_instant("moment")}, {sql_day("moment")}, row, order_id, member_id,
        merchant_id, referrer_id, money, profit, at_once, refund_index
    FROM (
        SELECT 0 AS kind, paid AS moment, row, order_id, member_id, merchant_id, referrer_id,
            amount AS money, profit, received IS NULL AS at_once, 0 AS refund_index
            FROM line WHERE NOT later AND paid >= :since
        UNION ALL SELECT 1, received, row, order_id, member_id, merchant_id, '', 0, NULL, 0, 0
            FROM line WHERE NOT later AND received >= :since
        UNION ALL SELECT 2, refunded, row, order_id, member_id, merchant_id, '', refund, NULL, 0,
            refund_index
            FROM line WHERE refunded >= :since
    )
    ORDER BY moment, row, kind
"""  # noqa: S608 - names and numbers of our own
_FIGURES = """
    SELECT count(*), count(*) - sum(later), count(DISTINCT nullif(merchant_id, '')), min(paid),
        max(max(paid), coalesce(max(received), 0), coalesce(max(refunded), 0))
    FROM line
"""
_OUTGROWN = """
    SELECT row, amount FROM (
        SELECT row, amount, paid, total(amount) OVER (ORDER BY paid, row) AS so_far
        FROM line WHERE NOT later
    ) WHERE so_far >= :most ORDER BY paid, row LIMIT 1
"""
_ACTIONS_COUNTED = """
    SELECT count(*) FILTER (WHERE NOT later) + count(received) FILTER (WHERE NOT later)
        + count(refunded)
    FROM line
"""
_ORDERS = "SELECT row, order_id FROM line WHERE NOT later ORDER BY row"
# The referrer stands on the member's first order only (`Referrals.settle`).
_REFERRALS = "SELECT row, member_id, referrer_id FROM line WHERE referrer_id <> '' ORDER BY row"


class StagedOrders:
    """Orders that were read and found right as a whole, waiting in a temporary database.

    Attributes:
        orders: How many orders there are.
        rows: How many rows of the file tell them.
        actions: How many payments, receipts and refunds they are.
        skipped: How many rows were left out as bad.
        members: How many members bought.
        merchants: How many merchants are named.
        first_at: When the first payment was, in µs since 1970 in UTC.
        first_day: Its local day, as an ordinal.
        last_day: The local day of the last payment, receipt or refund.
        digest: SHA-256 of the file's bytes, the mapping and the zone, in hex.
        ignored_columns: The file's columns that hold no field.
        unit: How the file's rows are counted: ``"line"`` or ``"row"``.
    """

    def __init__(
        self, shelf: Shelf, digest: str, layout: Layout, unit: str, leftovers: Leftovers | None
    ) -> None:
        """Count what lies on the shelf, which now belongs to this object."""
        self._shelf = shelf
        self._layout = layout
        self._leftovers = leftovers
        self.unit = unit
        self.digest = digest
        self.ignored_columns = layout.ignored
        self.rows, self.orders, self.merchants, first, last = shelf.numbers(_FIGURES)
        (self.members,) = shelf.numbers("SELECT count(DISTINCT member_id) FROM line")
        (self.skipped,) = shelf.numbers("SELECT count(*) FROM bad")
        (self.actions,) = shelf.numbers(_ACTIONS_COUNTED)
        self.first_at = instant_of(first)
        self.first_day, self.last_day = day_of(first), day_of(last)

    def batches(self, size: int, from_day: int = 0) -> Iterator[list[ActionRow]]:
        """What happens, in order of local day, time, row and kind, as plain tuples.

        Args:
            size: The most actions in a list, > 0.
            from_day: Leave out what happens on earlier days.

        Yields:
            Lists of one day's actions; a day may take several, and none is empty.
        """
        cursor = self._shelf.database.execute(_ACTIONS, {"since": first_of(from_day)})
        while actions := cursor.fetchmany(size):
            if actions[0][2] == actions[-1][2]:
                yield actions
            else:
                for _, day in groupby(actions, key=lambda action: action[2]):
                    yield list(day)

    def days(self, from_day: int = 0) -> Iterator[tuple[int, Iterator[Action]]]:
        """What happens day by day, without days on which nothing does.

        Args:
            from_day: Leave out earlier days.

        Yields:
            A day's ordinal and its actions, which are read while they are iterated: take them
            before the next day.
        """
        batches = self.batches(_ACTIONS_AT_ONCE, from_day)
        for day, parts in groupby(batches, key=lambda batch: batch[0][2]):
            yield day, (named(action) for part in parts for action in part)

    def orders_told(self, size: int) -> Iterator[list[tuple[int, str]]]:
        """The row and id of each order, in the file's order, at most ``size`` at a time."""
        cursor = self._shelf.database.execute(_ORDERS)
        while orders := cursor.fetchmany(size):
            yield orders

    def referrals_told(self, size: int) -> Iterator[list[tuple[int, str, str]]]:
        """The row, member and referrer of each referral, in the file's order, likewise."""
        cursor = self._shelf.database.execute(_REFERRALS)
        while referrals := cursor.fetchmany(size):
            yield referrals

    def fault(self, row: int, field: str, text: str, reason: str) -> RowUnreadable:
        """What is wrong with a row that was found right alone, named as the file names it."""
        column = self._layout.name_of(field)
        return RowUnreadable(row, column, text, reason, unit=self.unit)

    def keep_leftovers(self) -> None:
        """Let the file of bad rows take its name; without this it is gone when this is closed.

        Raises:
            FileUnreadable: It cannot.
        """
        if self._leftovers is not None:
            self._leftovers.keep()

    def outgrown(self, most_uyuan: int) -> tuple[int, int] | None:
        """The first row, by time, with which all orders together come to as much as that.

        Args:
            most_uyuan: A sum that is far above all that is traded; compared in doubles.

        Returns:
            The row and its amount in µ¥, or None.
        """
        found: tuple[int, int] | None
        (total,) = self._shelf.numbers("SELECT total(amount) FROM line WHERE NOT later")
        if total < most_uyuan:
            return None
        found = self._shelf.database.execute(_OUTGROWN, {"most": float(most_uyuan)}).fetchone()
        return found

    def close(self) -> None:
        """Give the temporary space back."""
        self._shelf.close()
        if self._leftovers is not None:
            self._leftovers.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def stage(
    path: Path,
    *,
    mapping: Mapping[str, str],
    zone: ZoneInfo,
    folder: Path,
    skip_bad: Path | None,
    progress: Callable[[int, int], None],
) -> StagedOrders:
    """Read an orders file and check all of it, so that importing it cannot fail halfway.

    Args:
        path: A CSV file in UTF-8, or a Parquet file, told apart by what they begin with.
        mapping: Field to the file's name for its column, where they differ; with a mapping
            other columns are ignored.
        zone: The programme's: of times without a zone, and of days.
        folder: Where the temporary database goes; it is gone when closed, or killed.
        skip_bad: Where bad rows go, with the reason, once `StagedOrders.keep_leftovers` is
            called; None refuses the file instead.
        progress: Told how much has been read, and of how much, in bytes or rows.

    Returns:
        The orders; close them after use.

    Raises:
        FileUnreadable: The file as a whole is no orders file.
        RowUnreadable: A row cannot be taken, and ``skip_bad`` is None or the rows after it
            cannot be told apart.
        OSError: ``folder`` does not take a temporary database.
        sqlite3.OperationalError: It does not take so large a one.
    """
    leftovers = None
    if skip_bad is not None:
        refuse_unfit_target(skip_bad, path)
        leftovers = Leftovers(skip_bad)
    digest = _digest(path, mapping, zone)
    source = _opened(path)
    try:
        where = "line 1: " if source.unit == "line" else ""
        layout = lay_out(path, source.names, mapping, where)
        if isinstance(source, ParquetRows):
            source.refuse_unfit_columns(layout)
        shelf = Shelf(folder)
        try:
            staging = _Staging(path, source, layout, zone, shelf, strict=skip_bad is None)
            staging.read(progress)
            staging.check()
            staged = StagedOrders(shelf, digest, layout, source.unit, leftovers)
            if leftovers is not None:
                leftovers.write(_opened(path), shelf)
        except BaseException:
            shelf.close()
            if leftovers is not None:
                leftovers.drop()
            raise
    finally:
        source.close()
    return staged


def _digest(path: Path, mapping: Mapping[str, str], zone: ZoneInfo) -> str:
    try:
        if not path.is_file():
            raise FileUnreadable(path, "is no file" if path.exists() else "does not exist")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as fault:
        raise FileUnreadable(path, f"cannot be read: {fault.strerror}") from None
    digest.update(json.dumps([sorted(mapping.items()), str(zone)]).encode())
    return digest.hexdigest()


def _opened(path: Path) -> CsvRows | ParquetRows:
    try:
        with path.open("rb") as file:
            parquet = file.read(len(MAGIC)) == MAGIC or path.suffix.lower() == ".parquet"
        return ParquetRows(path) if parquet else CsvRows(path)
    except OSError as fault:
        reason = fault.strerror or " ".join(str(fault).split())
        raise FileUnreadable(path, f"cannot be read: {reason}") from None


class _Staging:
    """One file on its way to the shelf."""

    def __init__(
        self,
        path: Path,
        source: CsvRows | ParquetRows,
        layout: Layout,
        zone: ZoneInfo,
        shelf: Shelf,
        *,
        strict: bool,
    ) -> None:
        self._path = path
        self._source = source
        self._layout = layout
        self._shelf = shelf
        self._strict = strict
        self._rows = RowReader(layout, zone)
        self._repeats = Repeats(shelf, layout, zone, source.unit)
        self._referrals = Referrals(shelf, layout, source.unit)

    def read(self, progress: Callable[[int, int], None]) -> None:
        """Read and stage every row that is right alone."""
        wanted = frozenset(self._layout.places.values())
        self._shelf.database.execute("BEGIN")
        for chunk in self._source.chunks(wanted):
            lines, faults = self._rows.read(chunk)
            self._leave_out(iter(faults))
            self._shelf.add(lines)
            progress(self._source.done, self._source.size)
        self._shelf.database.execute("COMMIT")
        progress(self._source.size, self._source.size)

    def check(self) -> None:
        """Check what only all rows together can have wrong, and settle the order of things."""
        self._refuse_nothing()
        self._repeats.find()
        self._shelf.drop_bad_orders(self._source.unit)
        self._leave_out(self._repeats.faults())
        self._shelf.drop_bad_orders(self._source.unit)
        self._repeats.settle()
        if self._referrals.are_named():
            self._check_referrals()
        self._refuse_nothing()

    def _check_referrals(self) -> None:
        self._referrals.find_firsts()
        if self._leave_out(self._referrals.faults(), only_see=not self._strict):
            self._leave_out(self._referrals.faults_in_turn())
            self._shelf.drop_bad_orders(self._source.unit)
            self._referrals.find_firsts()
        self._referrals.settle()

    def _leave_out(self, faults: Iterator[Fault], *, only_see: bool = False) -> bool:
        """Raise the first fault, or note all; answers whether there was one."""
        first = next(faults, None)
        if first is None:
            return False
        if self._strict:
            raise first.raised(self._source.unit)
        if not only_see:
            self._shelf.add_bad([first])
            self._shelf.add_bad(faults)
        return True

    def _refuse_nothing(self) -> None:
        if any(self._shelf.numbers("SELECT EXISTS (SELECT * FROM line)")):
            return
        bad = self._shelf.database.execute("SELECT * FROM bad ORDER BY row").fetchone()
        if bad is None:
            raise FileUnreadable(self._path, "has a header but no rows; there is nothing to import")
        first = Fault(*bad).raised(self._source.unit)
        raise FileUnreadable(self._path, f"has no row that can be taken; the first is {first}")
