"""A53: money borrowed for the day of a report: every day is compared, on the bank's statement."""

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.gateways.bank.comparing import compare
from shareback.gateways.bank.explaining import explain_line
from shareback.gateways.bank.models import Reconciliation
from shareback.gateways.bank.standing import standing
from shareback.journal.models.programme import Halt
from shareback.rules.codes import Code
from tests.backends.journals import DAY, Opens
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order
from tests.gateways.bank.banks import Bank, halted

State = Reconciliation.State
SELL = cmd.RedeemPoints(AT + 20 * DAY, "m1", POINT)


@pytest.fixture
def one(engine: Opens) -> Engine:
    """A programme whose reserve is 3,000 yuan, and a month of closes."""
    made = opened(engine)
    do(made, order("o1", yuan=10_000))
    made.close(made.calendar.day_of(AT) + 19)
    return made


def looted(one: Engine) -> Bank:
    """A bank whose money leaves on the third day, and is back on the tenth alone."""
    bank = Bank(one)
    bank.book(0, 3_000 * YUAN, "o1")
    bank.book(2, -2_999 * YUAN, "investment")
    bank.book(9, 2_999 * YUAN, "loan for the day")
    bank.book(10, -2_999 * YUAN, "loan back")
    return bank


def test_the_day_on_which_it_leaves_stops_payouts_at_once(one: Engine) -> None:
    bank = looted(one)
    assert bank.compared(0, 1).state == State.AGREED
    assert bank.compared(2, 2).state == State.SHORT
    assert halted(one) == Halt.BANK_SHORT
    assert code_of(one, SELL) is Code.BANK_SHORT


def test_a_statement_that_ends_on_the_day_it_is_back_shows_the_days_before(one: Engine) -> None:
    row = looted(one).compared(0, 9)
    assert row.bank == 3_000 * YUAN
    assert (row.unexplained, row.open_lines, row.state) == (0, 2, State.UNEXPLAINED)
    rows = Reconciliation.objects.using(one.alias).filter(programme_id=one.id)
    states = list(rows.order_by("day").values_list("state", flat=True))
    assert states == [State.AGREED] * 2 + [State.SHORT] * 7 + [State.UNEXPLAINED]


def test_a_day_later_payouts_stop_though_the_balance_is_right(one: Engine) -> None:
    looted(one).give(0, 9)
    assert halted(one) == Halt.NONE
    compare(one.id, AT + 11 * DAY, one.alias)
    assert halted(one) == Halt.BANK_UNEXPLAINED
    assert code_of(one, SELL) is Code.BANK_UNEXPLAINED


def test_money_that_is_away_between_two_ends_of_a_day_leaves_lines_nobody_explains(
    one: Engine,
) -> None:
    """The balance at the end of each day is right; the lines of the day in between are not."""
    bank = Bank(one)
    bank.book(0, 3_000 * YUAN, "o1")
    bank.book(4, -2_999 * YUAN, "investment")
    bank.book(4, 2_999 * YUAN, "back")
    row = bank.compared(0, 9)
    assert row.bank == 3_000 * YUAN
    assert (row.unexplained, row.open_lines, row.state) == (0, 2, State.UNEXPLAINED)
    compare(one.id, AT + 11 * DAY, one.alias)
    assert halted(one) == Halt.BANK_UNEXPLAINED
    assert code_of(one, SELL) is Code.BANK_UNEXPLAINED


def test_statements_of_the_good_days_alone_leave_a_gap(one: Engine) -> None:
    bank = looted(one)
    bank.give(0, 1)
    row = bank.compared(9, 9)
    assert row.gap == 2_999 * YUAN
    assert row.state == State.UNEXPLAINED
    compare(one.id, AT + 11 * DAY, one.alias)
    assert halted(one) == Halt.BANK_UNEXPLAINED


def test_days_without_a_statement_are_no_quiet_days(one: Engine) -> None:
    bank = looted(one)
    bank.give(0, 1)
    bank.book(11, 2_999 * YUAN, "loan again")
    bank.book(12, YUAN, "o9")
    row = bank.compared(12, 12)
    assert row.days_missing == 11
    assert row.state == State.UNEXPLAINED


def test_no_words_make_good_what_is_not_there(one: Engine) -> None:
    looted(one).give(0, 2)
    (line,) = standing(one.id, one.alias).lines
    row = explain_line(one.id, line.number, "an investment", "ann", AT + 3 * DAY, one.alias)
    assert row is not None
    assert (row.open_lines, row.unexplained, row.state) == (0, 0, State.SHORT)
    assert halted(one) == Halt.BANK_SHORT


def test_the_same_money_paid_in_and_explained_lets_payouts_go_on(one: Engine) -> None:
    looted(one).give(0, 9)
    compare(one.id, AT + 11 * DAY, one.alias)
    for line in standing(one.id, one.alias).lines:
        explain_line(one.id, line.number, "lent out and back", "ann", AT + 11 * DAY, one.alias)
    assert halted(one) == Halt.NONE
    assert code_of(one, SELL) is Code.ACCEPTED
