"""Alipay's bill of an account (账务明细): a table between remarks, which end in its sums."""

import re
from collections.abc import Mapping

from shareback.gateways.bank.cells import amount_of, day_of
from shareback.gateways.bank.shapes import Line, Statement, StatementUnreadable, shown_uyuan
from shareback.gateways.bank.sheet import (
    Booked,
    Row,
    cell_of,
    clipped,
    places_of,
    rows_of,
    statement_of,
    text_of,
)

ID, BUSINESS, ORDER, AT = "账务流水号", "业务流水号", "商户订单号", "发生时间"
CAME, WENT, BALANCE = "收入金额（+元）", "支出金额（-元）", "账户余额（元）"
NEEDED = (ID, BUSINESS, ORDER, AT, CAME, WENT, BALANCE)
TOLD = ("商品名称", "业务类型", "备注")
ACCOUNT = re.compile(r"账号[：:]\[?(\w+)\]?")
STRETCH = re.compile(r"起始日期[：:]\[([^\]]+)\].*终止日期[：:]\[([^\]]+)\]")
SUM = re.compile(r"(支出|收入)合计[：:]([0-9]+)笔[，,]共([+-]?[0-9.]+)元", re.ASCII)


def read(content: bytes, mapping: Mapping[str, str]) -> tuple[Statement, ...]:  # noqa: ARG001
    """Read a bill.

    Args:
        content: The file, in GBK or UTF-8.
        mapping: Of no use here: the columns are Alipay's own.

    Raises:
        StatementUnreadable: It is no such bill, it is cut, or its sums do not agree.
    """
    text = text_of(content)
    remarks = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.lstrip().startswith("#")
    ]
    table = "\n".join("" if line.lstrip().startswith("#") else line for line in text.splitlines())
    rows = rows_of(table)
    header = next(rows, None)
    if header is None:
        raise StatementUnreadable(0, ID, "is missing: this is no bill of Alipay")
    places = places_of(header, NEEDED)
    places |= {name: header.cells.index(name) for name in TOLD if name in header.cells}
    lines = [booked(row, places) for row in rows]
    check_sums(remarks, [one.line for one in lines])
    return (statement_of(account_of(remarks), lines, stretch_of(remarks)),)


def booked(row: Row, places: Mapping[str, int]) -> Booked:
    """A line and its balance."""

    def money(name: str) -> int:
        cell = cell_of(row, places, name)
        return amount_of(cell, row.line, name) if cell else 0

    came, went = money(CAME), abs(money(WENT))
    if (came == 0) == (went == 0):
        raise StatementUnreadable(
            row.line, CAME, f"is to hold an amount, or {WENT}; one of the two"
        )
    told = [cell_of(row, places, name) for name in (BUSINESS, *TOLD)]
    reference, text = clipped(cell_of(row, places, ORDER), " ".join(filter(None, told)))
    day = day_of(cell_of(row, places, AT), row.line, AT)
    line = Line(cell_of(row, places, ID), day, came - went, reference, text, row.line)
    return Booked(line, amount_of(cell_of(row, places, BALANCE), row.line, BALANCE))


def account_of(remarks: list[tuple[int, str]]) -> str:
    """The account that the remarks name, or ""."""
    found = [match for _number, line in remarks if (match := ACCOUNT.search(line))]
    return found[0].group(1) if found else ""


def stretch_of(remarks: list[tuple[int, str]]) -> tuple[int, int] | None:
    """The days that the remarks name; an end at midnight belongs to the day before."""
    for number, line in remarks:
        match = STRETCH.search(line)
        if match:
            first, end = (day_of(text, number, "") for text in match.groups())
            at_midnight = match.group(2).rstrip().endswith("00:00:00") and end > first
            return first, end - at_midnight
    return None


def check_sums(remarks: list[tuple[int, str]], lines: list[Line]) -> None:
    """See that the sums at the end are there, and agree with the lines.

    Raises:
        StatementUnreadable: The file is cut, or a line is missing.
    """
    sums = {
        match.group(1): (number, match) for number, line in remarks if (match := SUM.search(line))
    }
    for name, sign in (("支出", -1), ("收入", 1)):
        if name not in sums:
            raise StatementUnreadable(
                0, f"{name}合计", "is missing: the file is cut; export it again"
            )
        number, match = sums[name]
        amounts = [line.amount_uyuan for line in lines if line.amount_uyuan * sign > 0]
        stated = abs(amount_of(match.group(3), number, f"{name}合计"))
        if int(match.group(2)) != len(amounts) or stated != abs(sum(amounts)):
            there = f"{len(amounts)} lines of {shown_uyuan(abs(sum(amounts)))} are there"
            raise StatementUnreadable(
                number, f"{name}合计", f"does not agree: {there}; export it again"
            )
