"""A member's statement on paper: the phone's own figures and words, for its owner alone."""

from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from shareback.api.shop import papers
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.engine.proving.checkpoints import draw_up
from shareback.gateways.papers import setting
from shareback.gateways.papers.setting import FontsMissing, PressBusy, PressFailed
from shareback.journal.models import Checkpoint
from tests.backends.house import YUAN, House
from tests.gateways.pages_of import said_in, title_and_language
from tests.shop.callers import Caller
from tests.shop.test_money import charge_of, earned

PLACES = {"points": 4, "cash": 2, "coins": 2, "quota": 2}
"""Decimals of each figure, as people read it."""


def month_of(house: House) -> str:
    """The house's month."""
    return day_text(house.head().day)[:7]


def printed(caller: Caller, month: str = "") -> bytes:
    """A month's paper."""
    answer = caller.get(f"/me/statements/{month or month_of(caller.house)}/statement.pdf")
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return bytes(answer.content)


def busy_member(house: House, language: str = "en") -> Caller:
    """A member to whom something of each sort has happened."""
    caller = Caller.member(house, language=language)
    earned(caller, 1_000, f"o-{caller.membership.number}")
    caller.done("/me/sell", {"points": "15.5"})
    caller.done("/me/convert", {"points": "5"})
    caller.done(f"/me/charges/{charge_of(house, '3')}/pay")
    return caller


def figures_of(entry: dict[str, Any]) -> list[str]:
    """An entry's amounts, as the phone has them, in the form of the paper."""
    return [
        f"{'−' if entry[name].startswith('-') else '+'}{cut(entry[name], places)}"
        for name, places in PLACES.items()
        if entry[name] != "0"
    ]


def cut(amount: str, places: int) -> str:
    """An amount without its sign, with so many decimals."""
    return str(abs(Decimal(amount)).quantize(Decimal(1).scaleb(-places), ROUND_DOWN))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_paper_has_the_words_and_figures_of_the_phones_statement(
    house: House, language: str
) -> None:
    li = busy_member(house, language)
    said = said_in(printed(li)).replace("\n", " ")
    plain = said.replace("¥", "").replace(",", "")
    for entry in li.told("/me/statement")["items"]:
        assert entry["title"] in said
        for figure in figures_of(entry):
            assert figure in plain
    holds = li.told("/me/points")
    for name in ("points", "cash", "coins"):
        assert cut(holds[name], PLACES[name]) in plain
    for amount in (holds["value"], *holds["quota"].values()):
        assert cut(amount, 2) in plain
    assert ("会员月结单" if language == "zh" else "Member’s monthly statement") in said
    assert "上限，没有人欠您" in said if language == "zh" else "nobody owes them to you" in said


def test_its_title_and_language_are_told(house: House) -> None:
    for language, heading in (("zh", "会员月结单"), ("en", "Member’s monthly statement")):
        title, told = title_and_language(printed(Caller.member(house, language=language)))
        assert title.startswith(heading)
        assert told.startswith(language)


def test_the_phone_is_masked_and_no_name_stands_there(house: House) -> None:
    li = Caller.member(house, name="李雷")
    assert li.user is not None
    assert li.user.phone is not None
    said = said_in(printed(li))
    assert f"****{li.user.phone[-4:]}" in said
    assert li.user.phone not in said
    assert "李雷" not in said


def test_a_month_that_goes_on_says_so(li: Caller) -> None:
    earned(li)
    (only,) = li.told("/me/statements")["items"]
    assert only == {"month": month_of(li.house), "entries": 2, "so_far": True}
    assert "So far, up to" in said_in(printed(li))


def test_a_month_that_is_over_stands_still(house: House) -> None:
    li = busy_member(house)
    month = month_of(house)
    following = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC).timestamp()
    at = int((following + 40 * 86_400) * 1_000_000)
    house.tell(cmd.FundTreasury(at, YUAN))
    draw_up(house.programme)
    first = printed(li, month)
    house.tell(cmd.WithdrawCash(at, li.membership.member_id, YUAN))
    assert printed(li, month) == first
    said = said_in(first)
    assert "So far" not in said
    last = Checkpoint.objects.filter(
        programme_id=house.programme, day__lt=house.head().day
    ).order_by("day")
    of_month = [row for row in last if day_text(row.day).startswith(month)][-1]
    assert f"/log/{house.programme}/checkpoint/{of_month.size}" in said
    for line in of_month.note.splitlines()[2:4]:
        assert line.removeprefix("liabilities ") in said
    later = said_in(printed(li))
    assert "−¥1.00" in later
    assert "Cash withdrawn" in later


def test_a_shops_name_with_markup_is_set_as_text(house: House) -> None:
    name = '#panic("x") [a] $y$ *b* @c'
    house.partner.name = house.partner.name_en = name
    house.partner.save()
    said = said_in(printed(busy_member(house))).replace("\n", "").replace(" ", "")
    assert name.replace(" ", "") in said


def test_each_member_gets_the_own_statement_and_no_other(house: House) -> None:
    li, han = busy_member(house), Caller.member(house)
    assert f"Member {li.membership.number} " in said_in(printed(li))
    assert f"o-{li.membership.number}" not in said_in(printed(han))
    path = f"/me/statements/{month_of(house)}/statement.pdf"
    assert Caller(house).refused(path, method="get") == "log_in"


@pytest.mark.parametrize(
    "month", ["1999-01", "2999-01", "2026-13", "2026-1", "2026-001", "abc", "\uff12026-03"]
)
def test_a_month_that_is_none_of_the_programmes_is_refused_with_which_there_are(
    li: Caller, month: str
) -> None:
    answer = li.get(f"/me/statements/{month}/statement.pdf")
    assert answer.status_code == 422
    if len(month) == len("2026-01"):
        here = month_of(li.house)
        assert f"is no month from {here} to {here}" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (PressBusy(), 503, "busy"),
        (FontsMissing(), 503, "statements_unavailable"),
        (PressFailed("no memory"), 503, "statements_unavailable"),
    ],
)
def test_what_keeps_the_press_from_setting_is_told(
    li: Caller, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, code: str
) -> None:
    def refuse(_draw: object) -> bytes:
        raise fault

    monkeypatch.setattr(papers, "printed", refuse)
    answer = li.get(f"/me/statements/{month_of(li.house)}/statement.pdf")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) == (code == "busy")


def test_a_month_with_too_many_entries_is_refused(
    li: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    earned(li)
    monkeypatch.setattr(setting, "ROWS_MAX", 1)
    path = f"/me/statements/{month_of(li.house)}/statement.pdf"
    assert li.refused(path, method="get") == "statement_too_long"
