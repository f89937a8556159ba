"""Two approvers, neither of them who proposed it (A54): at the pages, and in the table itself."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shareback.console import people, proposals
from shareback.console.models import AuditEntry, Proposal
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.journal.models import Terms
from shareback.mall import orders, returns
from shareback.mall.engines import must, now_us
from shareback.mall.models import Membership, Return
from shareback.mall.oscar.order.models import Order
from shareback.rules.layout import Phase
from shareback.rules.programme import Programme as Parameters
from tests.backends.house import YUAN, House, Opens
from tests.console.desks import Hires, Worker

Team = tuple[Worker, Worker, Worker]


@pytest.fixture
def team(house: House, hire: Hires) -> Team:
    """Somebody of finance, who also approves, and two approvers."""
    return (
        hire(house.programme, "finance", "operator", "approver"),
        hire(house.programme, "approver"),
        hire(house.programme, "approver"),
    )


def last(house: House) -> Proposal:
    """The proposal that was made last."""
    return Proposal.objects.filter(programme_id=house.programme).order_by("-pk")[0]


def withdrawal(house: House, worker: Worker, money: str = "40") -> Proposal:
    """A proposal to take money out of the treasury, which has 100 yuan."""
    house.tell(cmd.FundTreasury(now_us(), 100 * YUAN))
    answer = worker.post("proposals/withdrawal/", money=money, reason="rent <b>")
    assert answer.status_code == 302, answer.content.decode()
    return last(house)


def step(worker: Worker, proposal: Proposal, name: str, **form: str) -> int:
    """Take a step at a proposal's page; the status of the answer."""
    return worker.post(f"proposals/{proposal.pk}/{name}/", **form).status_code


def test_the_second_yes_has_it_done(house: House, team: Team) -> None:
    finance, one, two = team
    found = withdrawal(house, finance)
    assert "rent &lt;b&gt;" in one.text(f"proposals/{found.pk}/")
    assert step(one, found, "approve") == 302
    assert house.head().free == 100 * YUAN
    assert step(two, found, "approve") == 302
    assert house.head().free == 60 * YUAN
    found.refresh_from_db()
    assert (found.state, found.first_approver, found.second_approver) == (
        "done",
        one.user,
        two.user,
    )
    assert step(two, found, "approve") == 422
    assert house.head().free == 60 * YUAN
    rows = AuditEntry.objects.filter(programme_id=house.programme, changed=True)
    told = rows.exclude(page="people")
    lines = told.order_by("pk").values_list("who", "detail")
    assert list(lines) == [
        (finance.name, f"proposal {found.pk}: withdrawal proposed"),
        (one.name, f"proposal {found.pk}: first approval"),
        (two.name, f"proposal {found.pk}: second approval, done: withdrawal"),
    ]
    house.check()


def test_nobody_approves_their_own_or_twice(house: House, team: Team) -> None:
    finance, one, _two = team
    found = withdrawal(house, finance)
    assert step(finance, found, "approve") == 422
    assert step(finance, found, "reject", answer="no") == 422
    assert step(one, found, "approve") == 302
    assert step(one, found, "approve") == 422
    found.refresh_from_db()
    assert (found.state, found.second_approver) == ("open", None)
    assert house.head().free == 100 * YUAN


@pytest.mark.parametrize(
    "approvers",
    [("proposer", None), ("one", "one"), ("one", "proposer"), (None, "one"), ("one", None)],
)
def test_the_table_itself_holds_it(
    house: House, team: Team, approvers: tuple[str | None, str | None]
) -> None:
    finance, one, _two = team
    found = withdrawal(house, finance)
    named = {"proposer": finance.user, "one": one.user, None: None}
    found.first_approver, found.second_approver = (named[name] for name in approvers)
    found.state = Proposal.State.DONE
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save()


def test_a_yes_counts_only_while_its_giver_is_an_approver(house: House, team: Team) -> None:
    finance, one, two = team
    found = withdrawal(house, finance)
    assert step(one, found, "approve") == 302
    people.take_back(one.user, house.programme, "approver", "cli:test")
    assert step(two, found, "approve") == 302
    found.refresh_from_db()
    assert (found.state, found.first_approver, found.second_approver) == ("open", two.user, None)
    with pytest.raises(proposals.CannotDecide, match="no_approver"):
        proposals.approve(house.programme, found.pk, one.user)


def test_a_refusal_of_the_engine_is_told_and_the_proposal_stays(house: House, team: Team) -> None:
    finance, one, two = team
    found = withdrawal(house, finance, "90")
    other = withdrawal(house, finance, "150")
    for worker in (one, two):
        assert step(worker, other, "approve") == 302
    assert step(one, found, "approve") == 302
    answer = two.post(f"proposals/{found.pk}/approve/")
    assert answer.status_code == 422
    assert "fund it first" in answer.content.decode()
    found.refresh_from_db()
    assert (found.state, found.refusal) == ("open", "treasury_short")
    assert (found.first_approver, found.second_approver) == (one.user, None)
    house.tell(cmd.FundTreasury(now_us(), 50 * YUAN))
    assert step(two, found, "approve") == 302
    found.refresh_from_db()
    assert (found.state, found.refusal, house.head().free) == ("done", "", 10 * YUAN)
    house.check()


@pytest.mark.parametrize("money", ["", "0", "-1", "1e3", "200", "abc", "9" * 30])
def test_what_cannot_be_done_is_not_put_to_anybody(house: House, team: Team, money: str) -> None:
    house.tell(cmd.FundTreasury(now_us(), 100 * YUAN))
    answer = team[0].post("proposals/withdrawal/", money=money, reason="rent")
    assert answer.status_code == 422
    assert not Proposal.objects.filter(programme_id=house.programme).exists()
    assert house.head().free == 100 * YUAN


def test_rejected_withdrawn_and_lapsed_ones_are_closed(house: House, team: Team) -> None:
    finance, one, two = team
    no, back, late = (withdrawal(house, finance) for _ in range(3))
    assert step(one, no, "reject") == 422
    assert step(one, no, "reject", answer="not now") == 302
    assert step(finance, back, "withdraw") == 302
    assert step(one, late, "approve") == 302
    Proposal.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "Lapsed" in two.text(f"proposals/{late.pk}/")
    assert late.pk not in {
        int(one) for one in re.findall(r"proposals/(\d+)/", two.text("proposals/", state="open"))
    }
    for found in (no, back, late):
        assert step(two, found, "approve") == 422
    states = Proposal.objects.filter(programme_id=house.programme).order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["rejected", "withdrawn", "expired"]
    assert "not now" in one.text(f"proposals/{no.pk}/")
    assert house.head().free == 300 * YUAN


def test_only_its_proposer_takes_a_proposal_back(house: House, team: Team, hire: Hires) -> None:
    found = withdrawal(house, team[0])
    assert step(hire(house.programme, "operator"), found, "withdraw") == 422
    assert step(team[1], found, "withdraw") == 403


def test_another_programmes_proposal_is_not_there(
    house: House, team: Team, new_house: Opens, hire: Hires
) -> None:
    found = withdrawal(house, team[0])
    elsewhere = hire(new_house().programme, "approver", "operator")
    assert elsewhere.get(f"proposals/{found.pk}/").status_code == 404
    for name in ("approve", "withdraw"):
        assert step(elsewhere, found, name) == 404
    assert step(elsewhere, found, "reject", answer="no") == 404


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


def late_return(house: House, member: Membership, order: Order) -> Return:
    """An accepted return of all of a matured order."""
    line = order.lines.get()
    asked = returns.ask(member, order.number, {line.pk: line.quantity}, "broken")
    return returns.accept(asked, house.user())


def delivered(house: House, member: Membership, pieces: int) -> Order:
    """An order that has matured at its receipt."""
    order = house.bought(member, house.good(), pieces)
    orders.ship(house.partner, order.number, "SF", "1")
    return orders.receive(member, order.number)


def test_a_large_late_refund_is_paid_by_two(new_house: Opens, hire: Hires) -> None:
    house = new_house(late_refund_limit="150")
    finance = hire(house.programme, "finance")
    one, two = (hire(house.programme, "approver") for _ in range(2))
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    member = house.member()
    order = delivered(house, member, 2)
    waiting = late_return(house, member, order)
    assert waiting.waits_for == "needs_two_approvers"
    assert order.number in one.text("returns/")
    assert one.post("returns/propose/", returned=str(waiting.pk)).status_code == 403
    assert finance.post("returns/propose/", returned=str(waiting.pk)).status_code == 302
    assert finance.post("returns/propose/", returned=str(waiting.pk)).status_code == 302
    assert Proposal.objects.filter(programme_id=house.programme).count() == 1
    found = last(house)
    assert step(one, found, "approve") == 302
    assert house.given_back(order.purchase) == 0
    assert step(two, found, "approve") == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approvals) == ("done", 2)
    assert house.given_back(order.purchase) == 200 * YUAN
    house.check()


def test_approvals_of_a_refund_stay_while_the_treasury_is_short(
    new_house: Opens, hire: Hires
) -> None:
    house = new_house(late_refund_limit="150")
    finance = hire(house.programme, "finance")
    one, two = (hire(house.programme, "approver") for _ in range(2))
    delivered(house, house.member(), 1)
    member = house.member()
    waiting = late_return(house, member, delivered(house, member, 2))
    finance.post("returns/propose/", returned=str(waiting.pk))
    found = last(house)
    step(one, found, "approve")
    answer = two.post(f"proposals/{found.pk}/approve/")
    assert answer.status_code == 302
    assert "cannot go back yet" in two.text(f"proposals/{found.pk}/")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approvals, waiting.waits_for) == (
        "accepted",
        2,
        "treasury_short",
    )
    finance.post("returns/again/", returned=str(waiting.pk))
    waiting.refresh_from_db()
    assert waiting.state == "accepted"
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    finance.post("returns/again/", returned=str(waiting.pk))
    waiting.refresh_from_db()
    assert waiting.state == "done"
    house.check()


def test_a_return_that_is_not_there_is_not_proposed(house: House, team: Team) -> None:
    for typed in ("", "1", "00000000-0000-4000-8000-000000000000"):
        assert team[0].post("returns/propose/", returned=typed).status_code == 404
        assert team[0].post("returns/again/", returned=typed).status_code == 404


def test_the_glance_tells_of_open_ones(house: House, team: Team) -> None:
    withdrawal(house, team[0])
    assert "1 proposals wait for approvers" in team[1].text()


def test_days_are_those_of_the_programme(house: House, team: Team) -> None:
    page = team[0].text("proposals/amendment/")
    assert f'value="{date.fromordinal(house.head().day + 1)}"' in page
    assert must(house.programme, [cmd.FundTreasury(now_us(), YUAN)])[0].code == 0
