"""Statements as a plain table in CSV, whose columns may be called anything."""

from collections.abc import Mapping

from shareback.gateways.bank.cells import amount_of, day_of
from shareback.gateways.bank.shapes import Line, Statement, StatementUnreadable
from shareback.gateways.bank.sheet import (
    NO_LINES,
    Booked,
    Row,
    cell_of,
    clipped,
    places_of,
    rows_of,
    statement_of,
    text_of,
)

FIELDS = ("date", "amount", "in", "out", "balance", "reference", "text", "id")
"""What a mapping may name: date and balance, and amount (with its sign) or in and out."""

OPTIONAL = ("reference", "text", "id")


def read(content: bytes, mapping: Mapping[str, str]) -> tuple[Statement, ...]:
    """Read a table.

    Args:
        content: The file.
        mapping: The file's own names of columns, by our fields; what is not named is called as
            the field.

    Raises:
        StatementUnreadable: It is no such table.
    """
    rows = rows_of(text_of(content))
    header = next(rows, None)
    if header is None:
        raise StatementUnreadable(0, "", NO_LINES)
    names = named(header, mapping)
    places = places_of(header, list(names.values()))
    at = {field: places[name] for field, name in names.items()}
    return (statement_of("", [booked(row, at, names) for row in rows]),)


def named(header: Row, mapping: Mapping[str, str]) -> dict[str, str]:
    """The file's names of the columns that are to be read, by our fields."""
    names = {field: mapping.get(field, field) for field in FIELDS}
    apart = "in" in mapping or "out" in mapping or names["amount"] not in header.cells
    wanted = ["date", "balance", *(("in", "out") if apart else ("amount",))]
    wanted += [one for one in OPTIONAL if one in mapping or names[one] in header.cells]
    return {field: names[field] for field in wanted}


def booked(row: Row, at: Mapping[str, int], names: Mapping[str, str]) -> Booked:
    """A line and its balance."""

    def cell(field: str) -> str:
        return cell_of(row, at, field)

    def money(field: str) -> int:
        return amount_of(cell(field), row.line, names[field])

    if "amount" in at:
        amount = money("amount")
    else:
        came, went = (money(one) if cell(one) else 0 for one in ("in", "out"))
        if came * went != 0 or came == went or came < 0:
            raise StatementUnreadable(
                row.line, names["in"], f"is to hold an amount, or {names['out']}; one of the two"
            )
        # Some banks write what goes with a sign, some without.
        amount = came - abs(went)
    reference, text = clipped(cell("reference"), cell("text"))
    day = day_of(cell("date"), row.line, names["date"])
    line = Line(cell("id"), day, amount, reference, text, row.line)
    return Booked(line, money("balance"))
