"""Two approvers, neither of them who proposed it (A54): at the pages, and in the table itself."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shareback.console import people, proposals
from shareback.console.models import AuditEntry, Proposal
from shareback.engine import commands as cmd
from shareback.mall import orders, returns
from shareback.mall.engines import now_us
from shareback.mall.models import Membership, Return
from shareback.mall.oscar.order.models import Order
from tests.backends.house import YUAN, House, Opens
from tests.console.desks import Hires, Team, Worker, last, step


def withdrawal(house: House, worker: Worker, money: str = "40") -> Proposal:
    """A proposal to take money out of the treasury, which has 100 yuan."""
    house.tell(cmd.FundTreasury(now_us(), 100 * YUAN))
    answer = worker.post("proposals/withdrawal/", money=money, reason="rent <b>")
    assert answer.status_code == 302, answer.content.decode()
    return last(house)


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
