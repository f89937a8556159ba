"""The bank at the console: what it leaves open, who explains it, and what follows for payouts."""

from datetime import UTC, datetime

import pytest

from shareback.console.models import AuditEntry
from shareback.gateways.bank.comparing import compare
from shareback.gateways.bank.importing import Source, import_file
from shareback.gateways.bank.models import Match
from shareback.gateways.bank.standing import standing
from shareback.journal.models import Programme
from shareback.mall.chores import round_of
from shareback.mall.engines import now_us
from tests.backends.house import House
from tests.console.desks import Hires, Worker

DAY_US = 86_400_000_000


@pytest.fixture
def finance(house: House, hire: Hires) -> Worker:
    """Somebody of finance."""
    return hire(house.programme, "finance")


def cent(house: House, days_ago: int = 0, money: str = "0.01") -> int:
    """A statement with one line that no book explains; its number."""
    at = now_us() - days_ago * DAY_US
    day = datetime.fromtimestamp(at / 10**6, UTC).date().isoformat()
    table = f"date,amount,balance,text\n{day},{money},{money},<b>who?</b>\n".encode()
    import_file(house.programme, Source(table, "csv", {}, "main", "cli:test", at))
    (line,) = standing(house.programme).lines
    return line.number


def test_where_no_statement_was_imported_the_page_says_so(house: House, finance: Worker) -> None:
    assert "No statement of the bank" in finance.text("bank/")
    assert "Bank and books" not in finance.text()


def test_an_unexplained_cent_is_an_alert_and_a_line(house: House, finance: Worker) -> None:
    number = cent(house)
    assert "leave 1 things unexplained, ¥0.01 in all" in finance.text()
    page = finance.text("bank/")
    assert "&lt;b&gt;who?&lt;/b&gt;" in page
    assert f"/console/bank/lines/{number}/" in page
    assert "Something is unexplained" in page


def test_an_explanation_is_kept_and_stands_in_the_trail(house: House, finance: Worker) -> None:
    number = cent(house)
    assert finance.post(f"bank/lines/{number}/", words="").status_code == 422
    assert finance.post(f"bank/lines/{number}/", words="interest").status_code == 302
    kept = Match.objects.get(programme_id=house.programme, line=number)
    assert (kept.by, kept.text) == (finance.name, "interest")
    rows = AuditEntry.objects.filter(programme_id=house.programme, changed=True)
    assert f"explain_line {number}: interest" in rows.values_list("detail", flat=True)
    assert "They agree" in finance.text("bank/")
    assert finance.post(f"bank/lines/{number}/", words="again").status_code == 404


def test_a_halt_is_told_first_and_the_jobs_bring_it_about(house: House, finance: Worker) -> None:
    cent(house, days_ago=2)
    round_of(house.programme, lasting=False)
    assert Programme.objects.get(pk=house.programme).halted == 2
    assert "unexplained for 24 hours: nothing is paid out" in finance.text()


def test_statements_that_end_days_ago_are_an_alert(house: House, finance: Worker) -> None:
    cent(house, days_ago=9)
    compare(house.programme, now_us())
    assert "The bank&#x27;s statements end on" in finance.text()


def test_others_look_and_explain_nothing(house: House, operator: Worker, hire: Hires) -> None:
    number = cent(house)
    assert f"bank/lines/{number}/" not in operator.text("bank/")
    assert operator.post(f"bank/lines/{number}/", words="x").status_code == 403
    assert hire(house.programme, "support").get("bank/").status_code == 403


def test_another_programmes_line_is_nobodys(house: House, hire: Hires, finance: Worker) -> None:
    number = cent(house)
    stranger = hire(House().programme, "finance")
    assert stranger.post(f"bank/lines/{number}/", words="x").status_code == 404
    assert stranger.get("bank/entries/5/").status_code == 404
