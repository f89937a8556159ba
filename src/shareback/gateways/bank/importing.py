"""Statements into the tables: each once, with the lines that are new in it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max

from shareback.gateways.bank.comparing import compare
from shareback.gateways.bank.kept import lock_accounts
from shareback.gateways.bank.models import BankAccount, BankLine, BankStatement, Reconciliation
from shareback.gateways.bank.reading import read_statements
from shareback.gateways.bank.shapes import (
    Line,
    Statement,
    StatementUnreadable,
    checked,
    shown_uyuan,
)

AT_ONCE = 10_000
"""Ids asked for in one statement: SQLite binds no more than 32,766 values."""


class Imported(NamedTuple):
    """What an import came to.

    Attributes:
        account: The account that the statements are of.
        statements: How many statements were new.
        lines: How many lines were new.
        known: How many lines were there before.
        repeated: Whether the whole file had been imported before; then nothing was changed.
        compared: The comparison that followed.
    """

    account: str
    statements: int
    lines: int
    known: int
    repeated: bool
    compared: Reconciliation | None


class Source(NamedTuple):
    """Where statements come from.

    Attributes:
        content: The file.
        form: A key of `reading.FORMATS`.
        mapping: For ``csv``, the file's names of columns.
        account: What the operator calls the account; "" for the file's own name of it.
        by: Who imports it.
        at: When, µs UTC.
        stretch: First and last local day, where the file cannot tell quiet days at its ends;
            0 for what it tells itself.
    """

    content: bytes
    form: str
    mapping: Mapping[str, str]
    account: str
    by: str
    at: int
    stretch: tuple[int, int] = (0, 0)


def import_file(programme: int, source: Source, alias: str = DEFAULT_DB_ALIAS) -> Imported:
    """Keep a file's statements, match their lines, and compare the bank with the books.

    All of it is one transaction: what is unfit leaves nothing behind.

    Raises:
        StatementUnreadable: The file cannot be read, or contradicts what was imported before.
    """
    statements = stretched(
        read_statements(source.content, source.form, source.mapping), source.stretch
    )
    accounts = {one.account for one in statements}
    if not source.account and len(accounts) > 1:
        raise StatementUnreadable(0, "", "holds several accounts; export one at a time")
    account = (source.account or accounts.pop() or source.form)[:100]
    digest = hashlib.sha256(source.content).hexdigest()
    with transaction.atomic(using=alias):
        BankAccount.objects.using(alias).get_or_create(programme_id=programme, name=account)
        lock_accounts(programme, alias)
        rows = BankStatement.objects.using(alias).filter(programme_id=programme)
        before = rows.filter(digest=digest).first()
        if before is not None:
            return Imported(before.account, 0, 0, 0, repeated=True, compared=None)
        keeper = Keeper(programme, account, source, alias)
        for part, statement in enumerate(statements):
            keeper.keep(statement, digest, part)
        compared = compare(programme, source.at, alias)
    return Imported(account, len(statements), keeper.new, keeper.known, False, compared)  # noqa: FBT003 - the tuple's own order


def stretched(statements: tuple[Statement, ...], stretch: tuple[int, int]) -> tuple[Statement, ...]:
    """Statements with the first and last day that somebody states.

    Raises:
        StatementUnreadable: They are several, or a line is of another day.
    """
    first, last = stretch
    if not first and not last:
        return statements
    if len(statements) > 1:
        raise StatementUnreadable(0, "", "holds several statements, which tell their days")
    (one,) = statements
    return (checked(one._replace(from_day=first or one.from_day, to_day=last or one.to_day)),)


class Keeper:
    """Writes the statements of one file, inside a transaction that holds the accounts' lock."""

    def __init__(self, programme: int, account: str, source: Source, alias: str) -> None:
        """Number on from what is there."""
        self.programme, self.account, self.alias = programme, account, alias
        self.source = source
        self.new = self.known = 0
        self.next_statement = self.next_of(BankStatement)
        self.next_line = self.next_of(BankLine)

    def next_of(self, model: type[BankStatement | BankLine]) -> int:
        """The next number of a table."""
        rows = model.objects.using(self.alias).filter(programme_id=self.programme)
        return (rows.aggregate(last=Max("number"))["last"] or 0) + 1

    def keep(self, statement: Statement, digest: str, part: int) -> None:
        """Write a statement, and those of its lines that are new.

        Raises:
            StatementUnreadable: A line is known with another day or amount.
        """
        known = self.known_lines([line.line_id for line in statement.lines])
        fresh = [line for line in statement.lines if self.is_new(line, known)]
        self.known += len(statement.lines) - len(fresh)
        self.new += len(fresh)
        BankStatement.objects.using(self.alias).create(
            programme_id=self.programme,
            number=self.next_statement,
            account=self.account,
            from_day=statement.from_day,
            to_day=statement.to_day,
            opening=statement.opening_uyuan,
            closing=statement.closing_uyuan,
            digest=digest,
            part=part,
            imported_by=self.source.by[:150],
            imported_at=self.source.at,
        )
        BankLine.objects.using(self.alias).bulk_create(self.rows(fresh), batch_size=1_000)
        self.next_statement += 1
        self.next_line += len(fresh)

    def known_lines(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Day and amount of the lines that are there already."""
        rows = BankLine.objects.using(self.alias).filter(
            programme_id=self.programme, account=self.account
        )
        found: dict[str, tuple[int, int]] = {}
        for first in range(0, len(ids), AT_ONCE):
            part = rows.filter(line_id__in=[one[:100] for one in ids[first : first + AT_ONCE]])
            found |= {
                name: (day, amount)
                for name, day, amount in part.values_list("line_id", "day", "amount")
            }
        return found

    def is_new(self, line: Line, known: Mapping[str, tuple[int, int]]) -> bool:
        """Whether a line is not there yet."""
        before = known.get(line.line_id[:100])
        if before is not None and before != (line.day, line.amount_uyuan):
            raise StatementUnreadable(
                line.row,
                "",
                f"is known with the amount {shown_uyuan(before[1])} and another day, or of another"
                " account: name this one with --account",
                line.line_id,
            )
        return before is None

    def rows(self, lines: Sequence[Line]) -> list[BankLine]:
        """New lines as rows."""
        return [
            BankLine(
                programme_id=self.programme,
                number=number,
                account=self.account,
                line_id=line.line_id[:100],
                day=line.day,
                amount=line.amount_uyuan,
                reference=line.reference,
                text=line.text,
                statement=self.next_statement,
                seen_at=self.source.at,
            )
            for number, line in enumerate(lines, self.next_line)
        ]
