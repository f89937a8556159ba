"""What a person says of a line of the bank's that no book explains, or the other way round."""

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max

from shareback.gateways.bank.comparing import compare, latest_of
from shareback.gateways.bank.kept import lock_accounts, open_moved
from shareback.gateways.bank.matching import kinds_mask
from shareback.gateways.bank.models import BankLine, Match, Reconciliation
from shareback.journal.models import Programme

TEXT_MAX = 500


class NothingToExplain(Exception):
    """No such line or entry waits for an explanation; its text is one line for people."""


def explain_line(
    programme: int, number: int, text: str, by: str, at: int, alias: str = DEFAULT_DB_ALIAS
) -> Reconciliation | None:
    """Explain a line by hand, and compare again.

    Args:
        programme: The programme's number.
        number: The line's.
        text: What it is, in words; not empty.
        by: Who says so.
        at: When, µs UTC.
        alias: Which of Django's databases holds it.

    Raises:
        NothingToExplain: There is no such open line, or no words.
    """
    words = worded(text)
    with transaction.atomic(using=alias):
        lock_accounts(programme, alias)
        lines = BankLine.objects.using(alias).filter(programme_id=programme, number=number)
        line = lines.filter(state=BankLine.State.OPEN).first()
        if line is None:
            raise NothingToExplain(f"no line {number} waits; `shareback bank status` lists them")
        row = Match(line=number, line_day=line.day, first=-1, last=-1, day=line.day, kinds=0)
        keep(programme, row, line.amount, (words, by, at), alias)
        lines.update(state=BankLine.State.EXPLAINED)
        return compare(programme, at, alias)


def explain_entry(
    programme: int, sequence: int, text: str, by: str, at: int, alias: str = DEFAULT_DB_ALIAS
) -> Reconciliation | None:
    """Explain by hand why an entry of the journal never comes to the bank, and compare again.

    Raises:
        NothingToExplain: No such entry waits, or there are no words.
    """
    words = worded(text)
    with transaction.atomic(using=alias):
        lock_accounts(programme, alias)
        last = latest_of(programme, alias)
        head = Programme.objects.using(alias).defer("key").get(pk=programme)
        days = (last.open_from if last else head.day, head.day)
        waiting = open_moved(programme, days, head.sequence, alias)
        entry = next((one for one in waiting if one.sequence == sequence), None)
        if entry is None:
            raise NothingToExplain(f"no entry {sequence} waits; `shareback bank status` lists them")
        row = Match(line=0, line_day=entry.day, first=sequence, last=sequence, day=entry.day)
        row.kinds = kinds_mask([entry.kind])
        keep(programme, row, entry.amount_uyuan, (words, by, at), alias)
        return compare(programme, at, alias)


def keep(programme: int, row: Match, amount: int, told: tuple[str, str, int], alias: str) -> None:
    """Write an explanation: what was said, by whom, and when."""
    rows = Match.objects.using(alias).filter(programme_id=programme)
    row.programme_id = programme
    row.number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    row.amount, row.how = amount, Match.How.HAND
    row.text, row.by, row.at = told[0], told[1][:150], told[2]
    row.save(using=alias, force_insert=True)


def worded(text: str) -> str:
    """The words of an explanation.

    Raises:
        NothingToExplain: There are none.
    """
    words = " ".join(text.split())[:TEXT_MAX]
    if not words:
        raise NothingToExplain("say in words what it is")
    return words
