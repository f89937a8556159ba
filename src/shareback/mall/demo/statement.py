"""A bank statement for the demo, in camt.053: what the journal moved of late, and a cent more.

The demo's bank settles each day in one line, as gateways do. One cent came with no order, so that
whoever looks sees the alarm; it becomes a halt only after 24 hours (R10).
"""

import time
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from shareback.engine.opening import load_terms
from shareback.gateways.bank.importing import Imported, Source, import_file
from shareback.gateways.bank.shapes import shown_uyuan
from shareback.journal.models import Day

DAYS = 14
"""So many closed days are in it."""

ACCOUNT = "6217000000000000000"
CENT_UYUAN = 10_000
BY = "demo"

BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount}<Dt><Dt>{day}</Dt></Dt></Bal>"
)
ENTRY = (
    "<Ntry>{amount}<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
    "<AcctSvcrRef>{number}</AcctSvcrRef><AddtlNtryInf>{text}</AddtlNtryInf></Ntry>"
)
FILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>DEMO</MsgId><CreDtTm>{day}T23:59:59</CreDtTm></GrpHdr>"
    "<Stmt><Id>DEMO</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
    "{balances}{entries}</Stmt></BkToCstmrStmt></Document>\n"
)


class Settled(NamedTuple):
    """A line of the demo's bank: its day, its money and its words."""

    day: int
    amount_uyuan: int
    text: str


def import_statement(programme: int) -> Imported | None:
    """Make the statement of the last closed days, and import it; None before any day has closed."""
    rows = Day.objects.filter(programme_id=programme).order_by("-day")
    days = list(rows.values_list("day", "bank")[: DAYS + 1])[::-1]
    if len(days) < 2:  # noqa: PLR2004 - the first gives the opening balance alone
        return None
    currency = load_terms(programme)[0].programme.currency
    content = statement(days, currency).encode()
    source = Source(content, "camt053", {}, "", BY, time.time_ns() // 1_000)
    return import_file(programme, source)


def statement(days: Sequence[tuple[int, int]], currency: str) -> str:
    """The statement.

    Args:
        days: Local days in order, with what the bank held at each one's end; the first only gives
            the opening balance.
        currency: Three capital letters.
    """
    lines = [
        Settled(day, bank - before, "settlement of the day")
        for (_, before), (day, bank) in pairwise(days)
        if bank != before
    ]
    last, closing = days[-1]
    lines.append(Settled(last, CENT_UYUAN, "transfer without a reference"))
    money = [
        ("OPBD", days[1][0], days[0][1]),
        ("CLBD", last, closing + CENT_UYUAN),
    ]
    balances = "".join(
        BALANCE.format(code=code, amount=amount(held, currency), day=text(day))
        for code, day, held in money
    )
    entries = "".join(
        ENTRY.format(
            amount=amount(line.amount_uyuan, currency),
            day=text(line.day),
            number=f"D{line.day}-{place}",
            text=escape(line.text),
        )
        for place, line in enumerate(lines, 1)
    )
    named = {"account": ACCOUNT, "currency": currency, "day": text(last)}
    return FILE.format(balances=balances, entries=entries, **named)


def amount(uyuan: int, currency: str) -> str:
    """An amount, and which way it goes."""
    way = "DBIT" if uyuan < 0 else "CRDT"
    shown = shown_uyuan(abs(uyuan))
    return f'<Amt Ccy="{currency}">{shown}</Amt><CdtDbtInd>{way}</CdtDbtInd>'


def text(day: int) -> str:
    """A local day as the standard writes it."""
    return date.fromordinal(day).isoformat()
