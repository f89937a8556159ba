"""The ledger is what Beancount takes, and Beancount finds what does not balance."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from shareback.books.accounts import CHART, NOTHING
from shareback.books.beancount import NARRATIONS, BookDay, Title, Turnover, ledger, quoted
from shareback.books.entries import Unbalanced
from shareback.rules.kinds import Kind
from tests.books.test_entries import accounts

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
OPENED = date(2026, 1, 30).toordinal()
TITLE = Title('酒 "mall" \\ one\nline', "Test issuer", "CNY", OPENED, 9, "ab" * 32)
PAID = Turnover(Kind.PAY_ORDER, 2, accounts(order_escrow=45, bank=45))
MATURED = Turnover(
    Kind.CLOSE_DAY,
    1,
    tuple(
        new - old
        for new, old in zip(
            accounts(reserve=30, pot=15, points_members=21, issued=21),
            accounts(order_escrow=45),
            strict=True,
        )
    ),
)
JOINED = Turnover(Kind.JOIN_MEMBER, 3, NOTHING)
FIRST = BookDay(OPENED, [JOINED, PAID], accounts(order_escrow=45, bank=45))
LAST = accounts(reserve=30, pot=15, bank=45, points_members=21, issued=21)


def date_of(day: int) -> str:
    return date.fromordinal(day).isoformat()


def lines(*days: BookDay) -> list[str]:
    return list(ledger(TITLE, days, date_of))


def two_days() -> str:
    return "\n".join([*lines(FIRST, BookDay(OPENED + 1, [MATURED], LAST)), ""])


def bean_check(path: Path, text: str) -> tuple[int, str]:
    path.write_text(text, encoding="utf-8")
    run = subprocess.run(
        [BEAN_CHECK, "--no-cache", path], capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def test_begins_with_options_commodities_and_accounts() -> None:
    text = lines()
    assert text[3] == 'option "title" "酒 \\"mall\\" \\\\ one line"'
    assert text[4] == 'option "operating_currency" "CNY"'
    assert text[6:9] == [f"2026-01-30 commodity {name}" for name in ("CNY", "POINT", "COIN")]
    assert text[10:] == [
        f"2026-01-30 open {each.name} {('CNY', 'POINT', 'COIN')[each.unit]}" for each in CHART
    ]


def test_says_which_events_it_holds() -> None:
    assert lines()[1] == f";; Events 0 to 8 of the log; its root is {'ab' * 32}."


def test_gathers_the_events_of_a_kind_into_one_transaction() -> None:
    text = lines(FIRST)
    place = text.index('2026-01-30 * "Orders paid, 2 events"')
    assert text[place + 1 : place + 3] == [
        "  Liabilities:OrderEscrow -0.000045 CNY",
        "  Assets:Bank 0.000045 CNY",
    ]


def test_a_single_event_is_counted_as_one() -> None:
    text = lines(BookDay(OPENED, [MATURED], LAST))
    assert f'2026-01-30 * "{NARRATIONS[Kind.CLOSE_DAY]}, 1 event"' in text


def test_leaves_out_what_moved_nothing() -> None:
    assert not any("Members joined" in line for line in lines(FIRST))


def test_asserts_every_account_on_the_day_after_a_close_across_a_month() -> None:
    days = lines(FIRST, BookDay(OPENED + 1, [], LAST))
    for day in ("2026-01-31", "2026-02-01"):
        balances = [line for line in days if line.startswith(f"{day} balance")]
        assert [line.split()[2] for line in balances] == [account.name for account in CHART]
    assert "2026-02-01 balance Liabilities:Reserve -0.000030 ~ 0 CNY" in days
    assert "2026-02-01 balance Equity:Points:Issued 0.00000021 ~ 0 POINT" in days


def test_every_kind_of_event_has_words() -> None:
    assert set(NARRATIONS) == set(Kind)
    assert all(quoted(words) == f'"{words}"' for words in NARRATIONS.values())


def test_raises_where_a_days_events_do_not_balance() -> None:
    lost = Turnover(Kind.WITHDRAW_CASH, 1, accounts(bank=1))
    with pytest.raises(Unbalanced, match="WITHDRAW_CASH does not balance"):
        lines(BookDay(OPENED, [lost], LAST))


@pytest.mark.parametrize("text", ['"', "\\", '\\"', "a\nb", "a\r\tb", "\u2028", "￥\x00", ";; x"])
def test_no_name_breaks_out_of_its_string(tmp_path: Path, text: str) -> None:
    title = TITLE._replace(programme=text, issuer=text)
    written = "\n".join([*ledger(title, [FIRST], date_of), ""])
    assert bean_check(tmp_path / "a.beancount", written) == (0, "")


def test_bean_check_accepts_the_ledger(tmp_path: Path) -> None:
    assert bean_check(tmp_path / "a.beancount", two_days()) == (0, "")


@pytest.mark.parametrize(
    ("written", "edited", "complaint"),
    [
        ("OrderEscrow -0.000045 CNY", "OrderEscrow -0.000046 CNY", "Transaction does not balance"),
        ("Issued 0.00000021 POINT", "Issued 0.00000022 POINT", "Transaction does not balance"),
        ("Bank 0.000045 ~ 0 CNY", "Bank 0.000046 ~ 0 CNY", "Balance failed for 'Assets:Bank'"),
        ("Reserve -0.000030 ~ 0 CNY", "Reserve -0.000031 ~ 0 CNY", "Balance failed"),
        ("Members -0.00000021 ~ 0 POINT", "Members -0.00000022 ~ 0 POINT", "Balance failed"),
    ],
)
def test_bean_check_finds_the_last_decimal_place(
    tmp_path: Path, written: str, edited: str, complaint: str
) -> None:
    assert two_days().count(written) >= 1

    code, output = bean_check(tmp_path / "a.beancount", two_days().replace(written, edited, 1))

    assert code != 0
    assert complaint in output
