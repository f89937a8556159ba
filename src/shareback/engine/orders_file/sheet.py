"""A chunk of rows read field by field, with what is wrong in each row alone."""

from collections.abc import Iterator, Sequence
from itertools import compress, repeat
from zoneinfo import ZoneInfo

from shareback.engine.orders_file import cells
from shareback.engine.orders_file.faults import Fault
from shareback.engine.orders_file.layout import REQUIRED, Layout
from shareback.engine.orders_file.moments import day_of, instant_of, moment
from shareback.engine.orders_file.source import Chunk

Line = tuple[int, str, str, str, str, int, int, int | None, int | None, int | None, int | None]
"""A row as it is staged: row, order, member, merchant, referrer, paid (a moment), amount, profit,
received (a moment, None at payment), refunded (a moment), refund."""

_IDS = ("order_id", "member_id", "merchant_id", "referrer_id")
_INSTANTS = ("paid_at", "received_at", "refunded_at")
_AMOUNTS = ("amount", "profit", "refund_amount")

_Numbers = list[int | None]


class RowReader:
    """Reads rows; what one row alone can have wrong is found here."""

    def __init__(self, layout: Layout, zone: ZoneInfo) -> None:
        """Begin with nothing read; ``zone`` is the programme's."""
        self._layout = layout
        self._amounts = cells.Amounts()
        self._instants = cells.Instants(zone)

    def read(self, chunk: Chunk) -> tuple[Iterator[Line], list[Fault]]:
        """Read a chunk.

        Returns:
            The rows that are right as far as one can tell from each alone, and the faults of
            the others, one a row, both in the file's order.
        """
        sheet = _Sheet(self._layout)
        sheet.take(chunk)
        for field in _IDS:
            sheet.check_ids(field)
        for field in _AMOUNTS:
            sheet.take_amounts(field, self._amounts)
        for field in _INSTANTS:
            sheet.take_instants(field, self._instants)
        sheet.check_amounts()
        sheet.check_referrers()
        sheet.check_receipts()
        sheet.check_refunds()
        return sheet.lines(), sheet.found()


class _Sheet:
    """The columns of one chunk on their way to staged lines."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._rows: Sequence[int] = ()
        self._texts: dict[str, Sequence[str]] = {}
        self._amounts: dict[str, _Numbers] = {}
        self._moments: dict[str, _Numbers] = {}
        self._faults: dict[int, Fault] = {}
        self._torn: list[Fault] = []

    def take(self, chunk: Chunk) -> None:
        """Take the rows that have a cell for each column, all of them text."""
        rows, lines = chunk.rows, chunk.cells
        width = len(self._layout.names)
        if set(map(len, lines)) != {width} or chunk.damaged:
            whole = [self._is_whole(row, line) for row, line in zip(rows, lines, strict=True)]
            rows, lines = list(compress(rows, whole)), list(compress(lines, whole))
        columns = list(zip(*lines, strict=True)) or [()] * width
        self._rows = rows
        self._texts = {field: columns[place] for field, place in self._layout.places.items()}

    def _is_whole(self, row: int, line: Sequence[str]) -> bool:
        width = len(self._layout.names)
        if len(line) != width:
            reason = f"has {len(line)} cells where the header has {width}; the file may be cut"
            self._torn.append(Fault(row, None, "", "", reason))
            return False
        for name, text in zip(self._layout.names, line, strict=True):
            if not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text):
                raw = text.encode(errors="surrogateescape").decode(errors="backslashreplace")
                reason = "is no UTF-8 text; save the file as CSV in UTF-8"
                self._torn.append(Fault(row, None, name, raw, reason))
                return False
        return True

    def check_ids(self, field: str) -> None:
        """Refuse ids that are missing where one is needed, over-long, or no plain text."""
        texts = self._texts.get(field, ())
        if field in REQUIRED and not all(texts):
            for index, text in enumerate(texts):
                if not text:
                    self._fault(index, field, "is missing")
        if not cells.ids_fit(texts):
            for index, text in enumerate(texts):
                if reason := cells.why_no_id(text):
                    self._fault(index, field, reason)

    def take_amounts(self, field: str, amounts: cells.Amounts) -> None:
        """Read a column of amounts."""
        if field not in self._texts:
            return
        texts = self._texts[field]
        read = self._amounts[field] = amounts.read(texts)
        if cells.UNREADABLE in read:
            for index, amount in enumerate(read):
                if amount == cells.UNREADABLE:
                    self._fault(index, field, cells.why_no_amount(texts[index]))
        self._refuse_missing(field, read)

    def take_instants(self, field: str, instants: cells.Instants) -> None:
        """Read a column of instants."""
        if field not in self._texts:
            return
        texts = self._texts[field]
        read = self._moments[field] = instants.read(texts)
        if cells.UNREADABLE in read:
            for index, at in enumerate(read):
                if at == cells.UNREADABLE:
                    self._fault(index, field, cells.why_no_instant(texts[index]))
        self._refuse_missing(field, read)

    def _refuse_missing(self, field: str, read: _Numbers) -> None:
        if field in REQUIRED and None in read:
            for index, value in enumerate(read):
                if value is None:
                    self._fault(index, field, "is missing")

    def check_amounts(self) -> None:
        """Refuse orders of nothing, and profits above the amount."""
        amounts = self._amounts["amount"]
        if 0 in amounts:
            for index, amount in enumerate(amounts):
                if amount == 0:
                    self._fault(index, "amount", "is nothing; leave out orders without payment")
        for index, profit in enumerate(self._amounts.get("profit", ())):
            if profit is not None and profit > (amounts[index] or 0):
                self._fault(index, "profit", f"is above the amount, {self._text(index, 'amount')}")

    def check_referrers(self) -> None:
        """Refuse members who refer themselves."""
        members = self._texts["member_id"]
        for index, referrer in enumerate(self._texts.get("referrer_id", ())):
            if referrer and referrer == members[index]:
                self._fault(index, "referrer_id", "is the member; nobody refers themselves")

    def check_receipts(self) -> None:
        """Refuse receipts before payment; one at payment needs no moment of its own."""
        received = self._moments.get("received_at", [])
        paid = self._moments["paid_at"]
        for index, at in enumerate(received):
            if at is None:
                continue
            begins = paid[index] or 0
            if at < begins:
                at = received[index] = self._not_before(index, "received_at", at)  # noqa: PLW2901
            if at == begins:
                received[index] = None

    def check_refunds(self) -> None:
        """Refuse refunds before payment, of nothing, above the amount, or told by half."""
        refunded, money = self._moments.get("refunded_at"), self._amounts.get("refund_amount")
        if refunded is None and money is None:
            return
        none: _Numbers = [None] * len(self._rows)
        for index, (at, amount) in enumerate(zip(refunded or none, money or none, strict=True)):
            if at is not None or amount is not None:
                self._check_refund(index, at, amount)

    def _not_before(self, index: int, field: str, at: int) -> int:
        """Refuse what comes before the payment.

        Where clocks go back over midnight, a later instant may bear an earlier date: it is
        counted as of the payment's date.
        """
        paid = self._moments["paid_at"][index] or 0
        if instant_of(at) < instant_of(paid):
            reason = f"is before the payment, {self._text(index, 'paid_at')}"
            self._fault(index, field, f"{reason} (a date without a time means 00:00)")
        return moment(day_of(paid), instant_of(at))

    def _check_refund(self, index: int, refunded: int | None, money: int | None) -> None:
        if refunded is None:
            self._fault(index, "refunded_at", "is missing, though there is a refund_amount")
        elif money is None:
            self._fault(index, "refund_amount", "is missing, though there is a refunded_at")
        elif money == 0:
            self._fault(index, "refund_amount", "is nothing; leave both refund cells empty")
        elif money > (self._amounts["amount"][index] or 0):
            paid = self._text(index, "amount")
            self._fault(index, "refund_amount", f"is above what was paid, {paid}")
        elif refunded < (self._moments["paid_at"][index] or 0):
            at = self._not_before(index, "refunded_at", refunded)
            self._moments["refunded_at"][index] = at

    def lines(self) -> Iterator[Line]:
        """The rows without a fault, as they are staged."""
        empty, nothing = repeat(""), repeat(None)
        columns = zip(
            self._rows,
            self._texts["order_id"],
            self._texts["member_id"],
            self._texts.get("merchant_id", empty),
            self._texts.get("referrer_id", empty),
            self._moments["paid_at"],
            self._amounts["amount"],
            self._amounts.get("profit", nothing),
            self._moments.get("received_at", nothing),
            self._moments.get("refunded_at", nothing),
            self._amounts.get("refund_amount", nothing),
            strict=False,
        )
        if not self._faults:
            return columns
        fine = [index not in self._faults for index in range(len(self._rows))]
        return compress(columns, fine)

    def found(self) -> list[Fault]:
        """The faults, one a row, in the file's order."""
        return sorted([*self._torn, *self._faults.values()])

    def _text(self, index: int, field: str) -> str:
        return self._texts[field][index]

    def _fault(self, index: int, field: str, reason: str) -> None:
        """Note the first fault of a row."""
        if index in self._faults:
            return
        order = self._texts["order_id"][index]
        readable = bool(order) and not cells.why_no_id(order)
        self._faults[index] = Fault(
            self._rows[index],
            order if readable else None,
            self._layout.name_of(field),
            self._texts[field][index] if field in self._texts else "",
            reason,
        )
