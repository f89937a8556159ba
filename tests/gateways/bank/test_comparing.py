"""Bank and books: what agrees, what is on its way, what nobody can explain, and what follows."""

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.gateways.bank.comparing import compare, compare_if_due
from shareback.gateways.bank.explaining import NothingToExplain, explain_entry, explain_line
from shareback.gateways.bank.importing import Source, import_file
from shareback.gateways.bank.models import BankLine, Match, Reconciliation
from shareback.gateways.bank.shapes import StatementUnreadable
from shareback.gateways.bank.standing import missing_entries, standing
from shareback.journal.models.programme import Halt
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.small import AT, YUAN, do, opened, order
from tests.gateways.bank.banks import FIRST_DAY, Bank, halted

State = Reconciliation.State
HELD = 30 * YUAN
"""What an order of 100 yuan brings to the bank under the worked example's parameters."""


@pytest.fixture
def one(engine: Opens) -> Engine:
    """A programme whose first day brought two orders, and is over."""
    made = opened(engine)
    do(made, order("o1"), order("o2", "m2", 200))
    made.close(made.head()[Head.DAY])
    return made


def hows(one: Engine) -> list[str]:
    rows = Match.objects.using(one.alias).filter(programme_id=one.id)
    return list(rows.order_by("line", "number").values_list("how", flat=True))


def test_lines_are_matched_by_the_ids_that_they_name(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 2 * HELD, "payment of o2; thank you")
    bank.book(0, HELD, "o1")
    row = bank.compared(0, 0)
    assert (row.state, row.unexplained, row.open_lines) == (State.AGREED, 0, 0)
    assert (row.bank, row.books_bank) == (3 * HELD, one.head()[Head.BANK])
    assert hows(one) == ["reference", "reference"]


def test_an_id_with_another_amount_is_no_match(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 2 * HELD, "o2")
    bank.book(0, HELD - 10_000, "o1")
    row = bank.compared(0, 0)
    assert (row.state, row.open_lines, row.in_transit) == (State.UNEXPLAINED, 1, HELD)
    assert row.unexplained == HELD - 10_000


def test_an_amount_that_stands_alone_is_matched_without_an_id(one: Engine) -> None:
    bank = Bank(one)
    bank.book(2, HELD, "whatever")
    bank.book(1, 2 * HELD)
    assert bank.compared(0, 2).state == State.AGREED
    assert hows(one) == ["amount", "amount"]


def test_of_two_lines_for_one_order_one_is_too_many(one: Engine) -> None:
    bank = Bank(one)
    bank.book(1, HELD)
    bank.book(1, HELD)
    bank.book(1, 2 * HELD)
    row = bank.compared(0, 1)
    assert (row.open_lines, row.unexplained) == (1, HELD)


def test_a_gateways_line_is_the_sum_of_a_day(one: Engine) -> None:
    do(one, cmd.RefundOrder(AT + DAY, "o1", "r1", YUAN))
    one.close(one.head()[Head.DAY])
    bank = Bank(one)
    bank.book(1, 3 * HELD)
    assert bank.compared(0, 1).open_lines == 0
    assert "day" in hows(one)


def test_what_no_statement_shows_is_on_its_way_for_three_days(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, HELD, "o1")
    first = bank.compared(0, 0)
    assert (first.state, first.in_transit, first.missing) == (State.AGREED, 2 * HELD, 0)
    bank.book(2, 5, "rounding")
    bank.book(3, -5, "rounding")
    second = bank.compared(1, 2)
    assert (second.in_transit, second.missing) == (2 * HELD, 0)
    third = bank.compared(3, 3)
    assert (third.in_transit, third.missing, third.unexplained) == (0, 1, -2 * HELD)
    (entry,) = missing_entries(one.id, one.alias)
    assert "o2" in entry.references


def test_money_in_no_book_is_explained_by_recording_it(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    bank.book(0, 77 * YUAN, "a gift")
    row = bank.compared(0, 0)
    assert (row.unexplained, row.open_lines) == (77 * YUAN, 1)
    assert one.head()[Head.SUSPENSE] == 0
    do(one, cmd.RecordUnmatched(AT + 9 * DAY, 77 * YUAN))
    after = compare(one.id, AT + 9 * DAY, one.alias)
    assert after is not None
    assert (after.state, after.unexplained, after.open_lines) == (State.AGREED, 0, 0)
    assert one.head()[Head.SUSPENSE] == 77 * YUAN


def test_the_same_file_twice_changes_nothing_and_says_so(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    assert bank.give(0, 0) == (bank.name, 1, 1, 0, False, standing(one.id, one.alias).latest)
    rows = Reconciliation.objects.using(one.alias).filter(programme_id=one.id).count()
    again = bank.give(0, 0, AT + 5 * DAY)
    assert again == (bank.name, 0, 0, 0, True, None)
    assert Reconciliation.objects.using(one.alias).filter(programme_id=one.id).count() == rows


def test_statements_that_overlap_add_only_what_is_new(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, HELD, "o1")
    bank.book(1, 2 * HELD, "o2")
    assert bank.give(0, 0).lines == 1
    both = bank.give(0, 1)
    assert (both.lines, both.known) == (1, 1)
    assert both.compared is not None
    assert (both.compared.state, both.compared.gap) == (State.AGREED, 0)
    assert BankLine.objects.using(one.alias).filter(programme_id=one.id).count() == 2


def test_a_line_that_has_changed_is_refused_and_nothing_is_kept(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, HELD, "o1")
    bank.give(0, 0)
    bank.lines = []
    bank.book(0, 2 * HELD, "o2")
    bank.lines = [(0, 2 * HELD, "o2", 1)]
    with pytest.raises(StatementUnreadable, match=r"is known with the amount 30\.00"):
        bank.give(0, 0)
    assert BankLine.objects.using(one.alias).filter(programme_id=one.id).count() == 1


def test_a_gap_between_statements_is_an_alarm_until_it_is_filled(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, HELD, "o1")
    bank.book(1, 2 * HELD, "o2")
    bank.book(2, 5)
    bank.book(3, -5)
    bank.give(0, 0)
    gapped = bank.compared(2, 3)
    assert (gapped.gap, gapped.state) == (2 * HELD, State.UNEXPLAINED)
    filled = bank.compared(1, 1)
    assert filled.gap == 0
    assert filled.missing == 0


def test_a_statement_of_earlier_days_may_come_late(one: Engine) -> None:
    do(one, order("o3", yuan=300, at=AT + 9 * DAY))
    one.close(one.head()[Head.DAY])
    bank = Bank(one)
    bank.book(0, HELD, "o1")
    bank.book(1, 2 * HELD, "o2")
    bank.book(9, 3 * HELD, "o3")
    later = bank.compared(9, 9)
    assert later.state == State.AGREED
    both = bank.compared(0, 1)
    assert (both.state, both.unexplained, both.open_lines) == (State.UNEXPLAINED, 0, 0)
    assert (both.gap, both.days_missing) == (0, 7)
    assert hows(one) == ["reference"] * 3


def test_a_statement_of_a_day_that_is_still_open_is_compared_with_what_is_booked(
    one: Engine,
) -> None:
    today = one.head()[Head.DAY] - one.calendar.day_of(AT)
    do(one, order("o3", yuan=300, at=AT + today * DAY))
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    bank.book(today, 3 * HELD, "o3")
    assert bank.compared(0, today).state == State.AGREED
    do(one, order("o4", yuan=100, at=AT + today * DAY))
    one.close(one.head()[Head.DAY])
    bank.book(today + 1, HELD, "o4")
    row = bank.compared(today + 1, today + 1)
    assert (row.state, row.unexplained) == (State.AGREED, 0)


def test_quiet_days_at_the_ends_of_a_table_are_stated(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    bank.book(9, 5)
    bank.give(0, 0)
    stretch = (FIRST_DAY + 1, FIRST_DAY + 12)
    source = Source(bank.table(9, 9), "csv", {}, bank.name, "tester", AT + 12 * DAY, stretch)
    row = import_file(one.id, source, one.alias).compared
    assert row is not None
    assert (row.days_missing, row.day, row.bank) == (0, FIRST_DAY + 12, 3 * HELD + 5)
    outside = source._replace(
        stretch=(FIRST_DAY + 10, FIRST_DAY + 12), content=source.content + b"\n"
    )
    with pytest.raises(StatementUnreadable, match="a day outside the statement's days"):
        import_file(one.id, outside, one.alias)


def test_a_cent_is_borne_for_24_hours_and_no_longer(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    bank.book(0, 10_000, "?")
    row = bank.compared(0, 0, AT + DAY)
    assert (row.state, row.since, halted(one)) == (State.UNEXPLAINED, AT + DAY, Halt.NONE)
    assert not compare_if_due(one.id, AT + DAY + 1, one.alias)
    assert compare_if_due(one.id, AT + 2 * DAY - 1, one.alias)
    assert halted(one) == Halt.NONE
    assert compare_if_due(one.id, AT + 2 * DAY, one.alias)
    assert halted(one) == Halt.BANK_UNEXPLAINED

    (line,) = standing(one.id, one.alias).lines
    explain_line(one.id, line.number, "interest of the bank's", "ann", AT + 2 * DAY + 5, one.alias)
    assert halted(one) == Halt.NONE
    latest = standing(one.id, one.alias).latest
    assert latest is not None
    assert (latest.state, latest.unexplained, latest.since) == (State.AGREED, 0, None)
    kept = Match.objects.using(one.alias).get(programme_id=one.id, line=line.number)
    assert (kept.how, kept.by, kept.text) == ("hand", "ann", "interest of the bank's")
    assert not compare_if_due(one.id, AT + 9 * DAY, one.alias)


def test_two_cents_that_cancel_each_other_are_not_explained(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    bank.book(0, 10_000, "in")
    bank.book(0, -10_000, "out")
    row = bank.compared(0, 0, AT + DAY)
    assert (row.unexplained, row.open_lines, row.state) == (0, 2, State.UNEXPLAINED)
    compare(one.id, AT + 2 * DAY, one.alias)
    assert halted(one) == Halt.BANK_UNEXPLAINED


def test_an_entry_that_never_comes_is_explained_by_hand(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, HELD, "o1")
    bank.book(4, 3, "x")
    assert bank.compared(0, 4).missing == 1
    (entry,) = missing_entries(one.id, one.alias)
    row = explain_entry(one.id, entry.sequence, "paid in notes", "ann", AT + 6 * DAY, one.alias)
    assert row is not None
    assert (row.missing, row.unexplained) == (0, 3)


def test_an_explanation_needs_words_and_something_to_explain(one: Engine) -> None:
    bank = Bank(one)
    bank.book(0, 3 * HELD)
    bank.give(0, 0)
    with pytest.raises(NothingToExplain, match="no line 1 waits"):
        explain_line(one.id, 1, "x", "ann", AT, one.alias)
    with pytest.raises(NothingToExplain, match="in words"):
        explain_line(one.id, 1, "  ", "ann", AT, one.alias)
    with pytest.raises(NothingToExplain, match="no entry 7 waits"):
        explain_entry(one.id, 7, "x", "ann", AT, one.alias)


def test_a_transfer_between_own_accounts_is_no_surplus(one: Engine) -> None:
    till, safe = Bank(one, name="till"), Bank(one, name="safe")
    till.book(0, 3 * HELD)
    till.book(0, -HELD, "to the safe")
    safe.book(0, HELD, "from the till")
    till.give(0, 0)
    row = safe.compared(0, 0)
    assert (row.bank, row.state, row.open_lines) == (3 * HELD, State.AGREED, 0)


def test_where_no_statement_was_imported_nothing_is_compared(one: Engine) -> None:
    assert compare(one.id, AT, one.alias) is None
    assert standing(one.id, one.alias) == (None, [])
    assert not compare_if_due(one.id, AT, one.alias)
