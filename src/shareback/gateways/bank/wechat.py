"""WeChat Pay's bill of an account's money (资金账单): a table, and a row of sums under it."""

from collections.abc import Mapping

from shareback.gateways.bank.cells import amount_of, day_of
from shareback.gateways.bank.shapes import Line, Statement, StatementUnreadable, shown_uyuan
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

AT, BUSINESS, ID, WAY = "记账时间", "微信支付业务单号", "资金流水单号", "收支类型"
AMOUNT, BALANCE = "收支金额(元)", "账户结余(元)"
NEEDED = (AT, BUSINESS, ID, WAY, AMOUNT, BALANCE)
TOLD = ("业务名称", "业务类型", "备注")
VOUCHER = "业务凭证号"
SIGN = {"收入": 1, "支出": -1}
LINES, CAME_LINES, CAME = "资金流水总笔数", "收入笔数", "收入金额"
WENT_LINES, WENT = "支出笔数", "支出金额"
SUMS = (LINES, CAME_LINES, CAME, WENT_LINES, WENT)


def read(content: bytes, mapping: Mapping[str, str]) -> tuple[Statement, ...]:  # noqa: ARG001
    """Read a bill.

    Args:
        content: The file.
        mapping: Of no use here: the columns are WeChat Pay's own.

    Raises:
        StatementUnreadable: It is no such bill, it is cut, or its sums do not agree.
    """
    # A mark before each value keeps spreadsheets from rounding it.
    rows = [Row(line, [bare(cell) for cell in cells]) for line, cells in rows_of(text_of(content))]
    if not rows:
        raise StatementUnreadable(0, "", NO_LINES)
    header, *rest = rows
    places = places_of(header, NEEDED)
    places |= {name: header.cells.index(name) for name in (*TOLD, VOUCHER) if name in header.cells}
    end = next((at for at, row in enumerate(rest) if row.cells[0].startswith(LINES)), None)
    if end is None or len(rest) != end + 2:
        raise StatementUnreadable(0, LINES, "is missing: the file is cut; export it again")
    lines = [booked(row, places) for row in rest[:end]]
    check_sums(rest[end], rest[end + 1], [one.line for one in lines])
    return (statement_of("", lines),)


def bare(cell: str) -> str:
    """A cell without the mark before it."""
    return cell.removeprefix("`").strip()


def booked(row: Row, places: Mapping[str, int]) -> Booked:
    """A line and its balance."""

    def cell(name: str) -> str:
        return cell_of(row, places, name)

    sign = SIGN.get(cell(WAY))
    if sign is None:
        raise StatementUnreadable(row.line, WAY, "is neither 收入 nor 支出", cell(WAY))
    amount = amount_of(cell(AMOUNT), row.line, AMOUNT)
    if amount < 0:
        raise StatementUnreadable(row.line, AMOUNT, f"has a sign; {WAY} tells it", cell(AMOUNT))
    told = " ".join(filter(None, [cell(BUSINESS), *(cell(name) for name in TOLD)]))
    reference, text = clipped(cell(VOUCHER), told)
    day = day_of(cell(AT), row.line, AT)
    line = Line(cell(ID), day, sign * amount, reference, text, row.line)
    return Booked(line, amount_of(cell(BALANCE), row.line, BALANCE))


def check_sums(header: Row, sums: Row, lines: list[Line]) -> None:
    """See that the sums under the table agree with its lines.

    Raises:
        StatementUnreadable: They do not.
    """
    plain = Row(header.line, [cell.removesuffix("(元)") for cell in header.cells])
    places = places_of(plain, SUMS)
    came = [line.amount_uyuan for line in lines if line.amount_uyuan > 0]
    went = [-line.amount_uyuan for line in lines if line.amount_uyuan < 0]
    there = {LINES: len(lines), CAME_LINES: len(came), WENT_LINES: len(went)}
    for name, count in there.items():
        if cell_of(sums, places, name) != str(count):
            raise StatementUnreadable(
                sums.line, name, f"does not agree: {count} are there; export it again"
            )
    for name, total in ((CAME, sum(came)), (WENT, sum(went))):
        if amount_of(cell_of(sums, places, name), sums.line, name) != total:
            raise StatementUnreadable(
                sums.line,
                name,
                f"does not agree: the lines come to {shown_uyuan(total)}; export it again",
            )
