"""The programme's statements of a month: figures of the closes, for those who may see the books."""

import re

import pytest

from shareback.console import papers
from shareback.console.pages import months
from shareback.console.papers import NoClose, operator_paper
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.engine.opening import load_terms
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.statements.monthly import closes_of, span_of
from shareback.engine.turnover import turnover
from shareback.gateways.bank.models import Reconciliation
from shareback.gateways.papers.setting import FontsMissing, PressBusy
from shareback.journal.models import Checkpoint, Cosignature, Day, Witness
from shareback.mall.engines import now_us
from shareback.rules.layout import EffectKind
from shareback.units.shown import Amounts
from tests.backends.house import DAY_US, YUAN, House, Opens
from tests.console.desks import Hires
from tests.gateways.pages_of import said_in

SHOWN = Amounts()
MONTH_US = 31 * DAY_US


@pytest.fixture
def lived(new_house: Opens) -> House:
    """A house with a month that is over, and one that goes on."""
    house = new_house()
    at = now_us()
    house.tell(
        cmd.JoinMember(at, "li"),
        cmd.FundTreasury(at, 500 * YUAN),
        cmd.PayOrder(at, "o1", "li", "", 100 * YUAN, received=True),
        cmd.PayOrder(at, "o2", "li", "", 60 * YUAN),
        cmd.RefundOrder(at, "o2", "r1", 20 * YUAN),
        cmd.RedeemPoints(at, "li", 5 * 10**8),
        cmd.JoinMember(at + MONTH_US, "wang"),
        cmd.JoinMember(at + MONTH_US + DAY_US, "zhang"),
    )
    draw_up(house.programme)
    return house


def first_month(house: House) -> str:
    """The month that is over."""
    first = Day.objects.filter(programme_id=house.programme).order_by("day").first()
    assert first is not None
    return day_text(first.day)[:7]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_paper_has_every_account_and_what_moved(lived: House, hire: Hires, language: str) -> None:
    worker = hire(lived.programme, "auditor")
    worker.client.cookies["shareback_language"] = language
    month = first_month(lived)
    answer = worker.get(f"months/{month}/statement.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    said = said_in(answer.content)
    head = lived.head()
    last = closes_of(head, span_of(head, month)).last
    assert last is not None
    for name in papers.MONEY:
        assert SHOWN.money(int(getattr(last, name))) in said
    for name in papers.POINTS:
        assert SHOWN.points(int(getattr(last, name))) in said
    words = {
        "zh": ("运营月结单", "储备", "订单成熟", "积分回购", "尚未用银行对账单核对"),
        "en": ("Operator's monthly statement", "Reserve", "Points redeemed", "No witness"),
    }
    for word in words[language]:
        assert word in said
    checkpoint = Checkpoint.objects.get(programme_id=lived.programme, day=last.day)
    assert f"/log/{lived.programme}/checkpoint/{checkpoint.size}" in said
    assert worker.get(f"months/{month}/statement.pdf").content == answer.content


def test_what_moved_is_what_the_closes_differ_by(lived: House) -> None:
    head = lived.head()
    closes = closes_of(head, span_of(head, first_month(lived)))
    assert closes.before is None
    assert closes.last is not None
    found = turnover(None, closes.last)
    assert (found.paid.times, found.paid.money) == (closes.last.orders, 160 * YUAN)
    assert (found.matured.times, found.matured.money) == (closes.last.orders_matured, 100 * YUAN)
    assert (found.refunded.times, found.refunded.gross) == (1, 20 * YUAN)
    sold = found.movements[EffectKind.POINTS_REDEEMED]
    assert (sold.times, sold.points) == (1, 5 * 10**8)
    assert sold.gross == closes.last.redeemed
    assert found.fees == sold.fee == sold.gross - sold.money > 0
    following = turnover(closes.first, closes.last)
    assert following.paid.times == 0
    assert following.movements == {}


def test_the_last_comparison_with_the_bank_and_halts_stand_there(lived: House) -> None:
    head = lived.head()
    month = first_month(lived)
    day = span_of(head, month).last
    figures = {
        "books_bank": 7 * YUAN,
        "books_reserve": 6 * YUAN,
        "bank": 5 * YUAN,
        "in_transit": 0,
        "unexplained": -2 * YUAN,
        "open_lines": 0,
        "missing": 0,
        "open_from": day,
        "at": now_us(),
    }
    states = Reconciliation.State
    for number, (on, state) in enumerate([(day - 1, states.SHORT), (day, states.AGREED)], 1):
        Reconciliation.objects.create(
            programme_id=lived.programme, number=number, day=on, state=state, **figures
        )
    (section,) = [
        one
        for one in operator_paper(head, span_of(head, month), "en").sections
        if one.heading == "The reserve against the bank"
    ]
    assert "They agree" in section.lead
    assert ("Unexplained", "−¥2.00") in section.rows
    assert section.sentences == [
        f"Compared 2 times for days of this month; payouts rested as of: {day_text(day - 1)}."
    ]


def test_amendments_in_force_and_witnesses_stand_there(lived: House) -> None:
    at = now_us() + MONTH_US + 2 * DAY_US
    from_day = lived.head().day + 2
    terms = load_terms(lived.programme)[0].programme.model_copy(update={"redemption_fee": 50_000})
    lived.tell(cmd.AmendProgramme(at, from_day, 2, terms))
    lived.tell(cmd.JoinMember(at + 3 * DAY_US, "chen"))
    draw_up(lived.programme)
    Witness.objects.create(
        programme_id=lived.programme, name="example.org/w", url="https://w", public=bytes(32)
    )
    head = lived.head()
    month = day_text(head.day)[:7]
    last = Checkpoint.objects.filter(programme_id=lived.programme).order_by("day").last()
    assert last is not None
    Cosignature.objects.create(
        programme_id=lived.programme, day=last.day, witness="example.org/w", line="— x y\n"
    )
    told = {one.heading: one for one in operator_paper(head, span_of(head, month), "en").sections}
    (changed,) = told["Amendments"].rows
    assert changed[0] == day_text(from_day)
    assert changed[2:] == ["10%", "5%"]
    ((name, count),) = told["Witnesses"].rows
    assert name == "example.org/w"
    assert re.fullmatch(r"1 of \d+", str(count))
    before = operator_paper(head, span_of(head, first_month(lived)), "en")
    assert [one.rows for one in before.sections if one.heading == "Amendments"] == [()]


def test_the_page_lists_every_month_and_leads_to_those_with_a_close(
    lived: House, hire: Hires
) -> None:
    worker = hire(lived.programme, "finance")
    page = worker.text("months/")
    assert page.count("statement.pdf") == 2
    assert "up to the last close" in page
    assert 'href="/console/months/"' in worker.text("days/")


def test_a_month_without_a_close_is_told_and_has_no_paper(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator")
    month = day_text(house.head().day)[:7]
    assert "no close yet" in worker.text("months/")
    for text in (month, "1999-01", "2026-13", "x"):
        assert worker.get(f"months/{text}/statement.pdf").status_code == 404
    with pytest.raises(NoClose, match="has closed yet"):
        operator_paper(house.head(), span_of(house.head(), month), "en")


@pytest.mark.parametrize(("role", "status"), [("support", 403), ("approver", 200)])
def test_only_those_who_may_see_the_books_have_them(
    lived: House, hire: Hires, role: str, status: int
) -> None:
    worker = hire(lived.programme, role)
    assert worker.get("months/").status_code == status
    assert worker.get(f"months/{first_month(lived)}/statement.pdf").status_code == status


@pytest.mark.parametrize("fault", [PressBusy(), FontsMissing()])
def test_what_keeps_the_press_from_setting_is_told(
    lived: House, hire: Hires, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def refuse(_draw: object) -> bytes:
        raise fault

    monkeypatch.setattr(months, "printed", refuse)
    worker = hire(lived.programme, "operator")
    answer = worker.get(f"months/{first_month(lived)}/statement.pdf")
    assert answer.status_code == 422
    assert "tatements" in answer.content.decode()
