"""A10: nothing is owed against a quota; the books know no such account, coverage is shown."""

from pathlib import Path

from shareback.books.accounts import CHART
from shareback.engine.exporting import write_books
from shareback.engine.reporting import Sums, coverage_text, summary
from shareback.rules.layout import Head
from tests.backends.journals import Opens
from tests.engine.small import AT, YUAN, do, opened, order

QUOTA = {Head.QUOTA_GRANTED, Head.QUOTA_PENDING, Head.QUOTA_OPEN}


def test_the_books_have_no_account_for_quota() -> None:
    assert not QUOTA & {account.column for account in CHART}
    assert not [account.name for account in CHART if "quota" in account.name.lower()]


def test_an_order_makes_no_liability_beyond_the_money_received(
    engine: Opens, tmp_path: Path
) -> None:
    one = opened(engine, maturity_days=3)
    do(one, order("o1", yuan=10_000))
    one.close(one.calendar.day_of(AT) + 3)
    head = one.head()
    assert head[Head.QUOTA_OPEN] == 20_000 * YUAN
    assert sum(head[: Head.BANK]) == head[Head.BANK] == 3_000 * YUAN

    path = write_books(
        one.programme.name, "beancount", tmp_path, one.alias, lambda _done, _total: None
    )
    assert "20000" not in path.read_text(encoding="utf-8")


def test_the_summary_shows_how_little_of_the_ceiling_is_covered(engine: Opens) -> None:
    one = opened(engine)
    do(one, order("o1", yuan=10_000))
    head = one.head()
    left = head[Head.QUOTA_OPEN]
    told = summary(one, Sums(0, 0, left), 0, 0.0)
    assert told["coverage"] == coverage_text(head, left) == "0.15"
    assert told["quota_open"] == "20000"
