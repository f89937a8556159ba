"""Orders told in several rows: alike in everything but their refunds, or refused."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from shareback.engine.orders_file.faults import Fault
from shareback.engine.orders_file.layout import Layout
from shareback.engine.orders_file.moments import EPOCH, instant_of
from shareback.engine.orders_file.shelf import NEVER, Shelf
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import format_exact

_AGREEING = (
    "member_id",
    "paid_at",
    "amount",
    "received_at",
    "profit",
    "merchant_id",
    "referrer_id",
)
_COLUMNS = {"paid_at": "paid", "received_at": "received"}
_ROWS = f"""
    SELECT order_id, line.row, refund, {", ".join(_COLUMNS.get(each, each) for each in _AGREEING)}
    FROM repeated CROSS JOIN line USING (order_id) ORDER BY order_id, line.row
"""  # noqa: S608 - names of our own
_PLACES = """
    CREATE TEMP TABLE placed (
        row INTEGER PRIMARY KEY, later INTEGER NOT NULL, refund_index INTEGER NOT NULL
    );
    INSERT INTO placed
        SELECT line.row,
            row_number() OVER (PARTITION BY order_id ORDER BY line.row) > 1,
            row_number() OVER (PARTITION BY order_id ORDER BY refunded, line.row) - 1
        FROM repeated CROSS JOIN line USING (order_id);
    UPDATE line SET
        later = (SELECT later FROM placed WHERE placed.row = line.row),
        refund_index = (SELECT refund_index FROM placed WHERE placed.row = line.row)
        WHERE row IN (SELECT row FROM placed);
    DROP TABLE placed;
"""
# An order refunded in full before its receipt is closed: no receipt is left to happen.
_CLOSED = f"""
    UPDATE line SET received = {NEVER} WHERE refund = amount AND refunded < received;
    UPDATE line SET received = {NEVER} WHERE order_id IN (
        SELECT order_id FROM repeated CROSS JOIN line USING (order_id) GROUP BY order_id
        HAVING sum(refund) = min(amount) AND max(refunded) < min(received)
    );
"""  # noqa: S608 - a number of our own


class Repeats:
    """Checks the rows that repeat an order, and puts them in their places."""

    def __init__(self, shelf: Shelf, layout: Layout, zone: ZoneInfo, unit: str) -> None:
        """Look at staged rows; the layout and unit are for the words of faults."""
        self._shelf = shelf
        self._layout = layout
        self._zone = zone
        self._unit = unit

    def find(self) -> None:
        """Find the orders that have several rows."""
        self._shelf.database.executescript(
            """
            CREATE INDEX line_order ON line (order_id);
            CREATE TEMP TABLE repeated AS
                SELECT order_id FROM line GROUP BY order_id HAVING count(*) > 1
                ORDER BY order_id;
            """
        )

    def faults(self) -> Iterator[Fault]:
        """What is wrong with them, one fault an order."""
        for _, rows in groupby(self._shelf.database.execute(_ROWS), key=itemgetter(0)):
            fault = self._fault(rows)
            if fault:
                yield fault

    def settle(self) -> None:
        """Let the first row of an order speak for it, and number its refunds."""
        self._shelf.database.executescript(_PLACES)
        self._shelf.database.executescript(_CLOSED)

    def _fault(self, rows: Iterator[tuple[Any, ...]]) -> Fault | None:
        """The first fault of an order's rows."""
        order, first, refund, *told = next(rows)
        name = self._layout.name_of
        amount, refunded = told[_AGREEING.index("amount")], refund
        for _, row, money, *again in rows:
            if refund is None or money is None:
                reason = (
                    f"repeats {self._unit} {first}; remove it, or give each row of the order a "
                    "refund of its own"
                )
                return Fault(row, order, name("order_id"), order, reason)
            for field, then, now in zip(_AGREEING, told, again, strict=True):
                if then != now:
                    reason = f"differs from {self._unit} {first} of the same order"
                    return Fault(row, order, name(field), self._text(field, now), reason)
            refunded += money
            if refunded > amount:
                total, paid = self._text("amount", refunded), self._text("amount", amount)
                reason = f"brings the order's refunds to {total}, above the {paid} paid"
                return Fault(row, order, name("refund_amount"), self._text("amount", money), reason)
        return None

    def _text(self, field: str, value: str | int | None) -> str:
        """A staged value as people write it."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if field.endswith("_at"):
            at = EPOCH + timedelta(microseconds=instant_of(value))
            return at.astimezone(self._zone).isoformat()
        return format_exact(value, UYUAN_PER_YUAN)
