"""Statements of ISO 20022, camt.053.001.02 and .08."""

from collections.abc import Mapping

from shareback.gateways.bank.cells import amount_of, day_of
from shareback.gateways.bank.elements import Element, tree_of
from shareback.gateways.bank.shapes import Line, Statement, StatementUnreadable, checked, with_ids
from shareback.gateways.bank.sheet import clipped

SIGN = {"CRDT": 1, "DBIT": -1}
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
BOOKED = "BOOK"
NO_STATEMENT = "is missing: this is no bank statement in camt.053"


def read(content: bytes, mapping: Mapping[str, str]) -> tuple[Statement, ...]:  # noqa: ARG001
    """Read a file of one or more statements.

    Args:
        content: The file.
        mapping: Of no use here: the elements are the standard's.

    Raises:
        StatementUnreadable: It is no such file, or its figures do not agree.
    """
    root = tree_of(content)
    found = list(root.all("BkToCstmrStmt", "Stmt"))
    if root.name != "Document" or not found:
        raise StatementUnreadable(root.line, "BkToCstmrStmt/Stmt", NO_STATEMENT)
    return tuple(statement_of(one) for one in found)


def statement_of(found: Element) -> Statement:
    """One statement."""
    opening, first = balance_of(found, OPENING)
    closing, last = balance_of(found, CLOSING)
    currency = found.get("Acct", "Ccy") or currency_of(found.need("Bal", "Amt"))
    entries = [one for one in found.all("Ntry") if status_of(one) == BOOKED]
    for entry in entries:
        amount = entry.need("Amt")
        if currency_of(amount) != currency:
            raise StatementUnreadable(
                amount.line, "Ccy", f"is not {currency}, the account's", currency_of(amount)
            )
    lines = with_ids([line_of(entry) for entry in entries])
    stated = found.first("FrToDt")
    if stated is not None:
        first, last = (stretch_day(stated, one) for one in ("FrDtTm", "ToDtTm"))
    else:
        first = min(first, *(line.day for line in lines), last)
    account = found.get("Acct", "Id", "IBAN") or found.get("Acct", "Id", "Othr", "Id")
    return checked(Statement(account, first, last, opening, closing, lines))


def balance_of(found: Element, codes: tuple[str, ...]) -> tuple[int, int]:
    """A balance of one of some kinds, in µ¥, and its day."""
    for code in codes:
        for one in found.all("Bal"):
            if one.get("Tp", "CdOrPrtry", "Cd") == code:
                # The balance of the day before is that at whose end it was struck.
                return signed(one), date_of(one.need("Dt")) + (code == "PRCD")
    raise StatementUnreadable(found.line, f"Bal {'/'.join(codes)}", "is missing; export it again")


def line_of(entry: Element) -> Line:
    """An entry of a statement."""
    number = entry.get("AcctSvcrRef") or entry.get("NtryRef")
    details = list(entry.all("NtryDtls", "TxDtls"))
    references = [entry.get("NtryRef")]
    references += [one.get("Refs", "EndToEndId") for one in details]
    texts = [told.text.strip() for one in details for told in one.all("RmtInf", "Ustrd")]
    texts += [entry.get("AddtlNtryInf")]
    named = [one for one in references if one and one not in ("NOTPROVIDED", number)]
    reference, text = clipped(" ".join(named), " ".join(filter(None, texts)))
    day = date_of(entry.first("BookgDt") or entry.need("ValDt"))
    return Line(number, day, signed(entry), reference, text, entry.line)


def signed(one: Element) -> int:
    """The amount of a balance or an entry, below 0 where it is a debit."""
    amount, way = one.need("Amt"), one.need("CdtDbtInd")
    sign = SIGN.get(way.text.strip())
    if sign is None:
        raise StatementUnreadable(way.line, way.name, "is neither CRDT nor DBIT", way.text)
    units = amount_of(amount.text, amount.line, amount.name)
    if units < 0:
        raise StatementUnreadable(amount.line, amount.name, "has a sign; CdtDbtInd tells it")
    return sign * units


def currency_of(amount: Element) -> str:
    """The currency that an amount names."""
    return amount.attributes.get("Ccy", "")


def status_of(entry: Element) -> str:
    """Whether an entry is booked: a text in version 02, a code below it in version 08."""
    return entry.get("Sts", "Cd") or entry.get("Sts")


def date_of(one: Element) -> int:
    """The day that an element holds, as a date or as a moment."""
    found = one.first("Dt") or one.need("DtTm")
    return day_of(found.text, found.line, found.name)


def stretch_day(stated: Element, name: str) -> int:
    """The first or last day that a statement names."""
    found = stated.need(name)
    return day_of(found.text, found.line, found.name)
