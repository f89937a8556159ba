"""Amendments and the end of a programme: previewed, announced, and kept from undoing others."""

from datetime import date

import pytest

from shareback.console.models import Proposal
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.journal.models import Terms
from shareback.mall.engines import must, now_us
from shareback.rules.layout import Phase
from shareback.rules.programme import Programme as Parameters
from tests.backends.house import YUAN, House
from tests.console.desks import Team, last, step


def to_come(house: House, days: int = 1) -> str:
    """A day to come, as a form has it."""
    return day_text(house.head().day + days)


def amendment(house: House, **changed: str) -> dict[str, str]:
    """The form of an amendment of the worked example's parameters."""
    form = {
        "backing_rate": "30", "award_rate": "70", "referral_rate": "0", "margin_rate": "50",
        "dividend_rate": "0", "quota_multiple": "2", "redemption_fee": "10",
        "goods_redemption_fee": "0", "maturity_days": "0", "late_refund_limit": "1000",
        "supply_cap": "100000000", "award_mode": "value", "award_points": "0", "award_spend": "0",
        "backing_by_category": "", "profile": "profit-share", "from_day": to_come(house),
    }  # fmt: skip
    return form | changed


def test_an_amendment_is_previewed_by_the_rules(house: House, team: Team) -> None:
    house.bought(house.member(), house.good())
    page = team[0].text("proposals/amendment/", **amendment(house, backing_rate="20"))
    assert "Backing rate" in page
    for shown in ("30%", "20%", "¥21.00", "¥14.00", "15%", "10%", "1 orders, ¥100.00 in cash"):
        assert shown in page, shown
    assert not Proposal.objects.filter(programme_id=house.programme).exists()


def test_an_amendment_comes_into_force_after_two_yeses(house: House, team: Team) -> None:
    finance, one, two = team
    form = amendment(house, backing_rate="20", reason="fewer sales")
    assert finance.post("proposals/amendment/", **form).status_code == 302
    found = last(house)
    assert Terms.objects.filter(programme_id=house.programme).count() == 1
    assert "20%" in one.text(f"proposals/{found.pk}/")
    assert step(one, found, "approve") == 302
    assert step(two, found, "approve") == 302
    terms = Terms.objects.get(programme_id=house.programme, version=1)
    assert terms.from_day == house.head().day + 1
    assert '"backing_rate":"0.2"' in terms.parameters
    # What it was drawn up on still stands beside it.
    assert "30%" in one.text(f"proposals/{found.pk}/")
    house.check()


def test_rates_of_categories_and_the_profile_are_amended(house: House, team: Team) -> None:
    finance, one, two = team
    rates = "绿色 = 45%\nfresh food=40.5"
    form = amendment(house, backing_by_category=rates, profile="goods-only", reason="green goods")
    assert "绿色 45% · fresh food 40.5%" in finance.text("proposals/amendment/", **form)
    assert finance.post("proposals/amendment/", **form).status_code == 302
    found = last(house)
    assert step(one, found, "approve") == 302
    assert step(two, found, "approve") == 302
    terms = Terms.objects.get(programme_id=house.programme, version=1)
    after = Parameters.model_validate_json(terms.parameters)
    assert after.backing_by_category == {"绿色": 450_000, "fresh food": 405_000}
    assert after.profile == "goods-only"
    house.check()


def test_an_amendment_does_not_undo_one_that_came_before(house: House, team: Team) -> None:
    finance, one, two = team
    for rate in ("20", "25"):
        form = amendment(house, backing_rate=rate, reason="sales")
        assert finance.post("proposals/amendment/", **form).status_code == 302
    first, second = Proposal.objects.filter(programme_id=house.programme).order_by("pk")
    for found in (first, second):
        assert step(one, found, "approve") == 302
    assert step(two, first, "approve") == 302
    assert step(two, second, "approve") == 422
    second.refresh_from_db()
    assert second.state == "open"
    assert Terms.objects.filter(programme_id=house.programme).count() == 2
    late = amendment(house, backing_rate="25", reason="sales")
    assert finance.post("proposals/amendment/", **late).status_code == 422


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"award_rate": "95", "referral_rate": "10"}, "awards would exceed the contribution"),
        ({"backing_rate": "60"}, "more would be paid out than sales earn"),
        ({"quota_multiple": "0.3"}, "an award could exit at once"),
        ({"backing_rate": "x"}, "A number, with at most"),
        ({"redemption_fee": "60"}, "out of its range"),
        ({"award_mode": "per_spend"}, "needs points and a spend"),
        ({"backing_by_category": "green"}, "This line cannot be read: green"),
        ({"backing_by_category": "a=40\na=41"}, "each name once"),
        ({"backing_by_category": "a=x"}, "A number, with at most"),
        ({"backing_by_category": "a=60"}, "more would be paid out than sales earn"),
        ({"profile": "sandbox"}, "no such choice"),
        ({"profile": "goods-only", "dividend_rate": "10"}, "pays no dividends"),
        ({}, "No parameter changes"),
        ({"backing_rate": "20", "from_day": "2020-01-01"}, "or later"),
        ({"backing_rate": "20", "from_day": "soon"}, "Choose a day"),
    ],
)
def test_what_breaks_a_promise_is_told_and_not_proposed(
    house: House, team: Team, changed: dict[str, str], said: str
) -> None:
    form = amendment(house, **changed)
    assert said in team[0].text("proposals/amendment/", **form)
    answer = team[0].post("proposals/amendment/", **form, reason="sales")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Proposal.objects.filter(programme_id=house.programme).exists()


def test_a_cap_that_would_rise_is_refused_by_the_engine(house: House, team: Team) -> None:
    form = amendment(house, supply_cap="200000000", reason="more")
    answer = team[0].post("proposals/amendment/", **form)
    assert answer.status_code == 422
    assert "something changes that stays" in answer.content.decode()
    assert Terms.objects.filter(programme_id=house.programme).count() == 1
    house.check()


def test_the_end_is_announced_by_two(house: House, team: Team) -> None:
    finance, one, two = team
    form = {"end_day": to_come(house, 40), "reason": "the lease ends"}
    assert finance.post("proposals/end/", **form).status_code == 302
    found = last(house)
    assert house.head().phase == Phase.RUNNING
    assert step(one, found, "approve") == 302
    assert step(two, found, "approve") == 302
    head = house.head()
    assert (head.phase, head.end_day) == (Phase.ANNOUNCED, head.day + 40)
    assert finance.post("proposals/end/", **form).status_code == 422
    house.check()


def test_days_are_those_of_the_programme(house: House, team: Team) -> None:
    page = team[0].text("proposals/amendment/")
    assert f'value="{date.fromordinal(house.head().day + 1)}"' in page
    assert must(house.programme, [cmd.FundTreasury(now_us(), YUAN)])[0].code == 0
