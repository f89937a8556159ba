"""The proof of an account over the API: it holds with its keys, and checks are counted."""

import json
from typing import Any

import pytest

from shareback.engine import commands as cmd
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.proving.keys import add_key, retire_keys
from shareback.journal.models import BalanceCheck, Cosignature, Member, Witness
from shareback.journal.models import Checkpoint as Kept
from shareback.mall.engines import engine_of, now_us
from shareback.mall.local import day_of
from shareback.mall.models import Membership
from shareback.proofs.documents import Proved, check_document, read_proof
from shareback.proofs.notes import read_note, verifier_from_text
from shareback.proofs.sum_tree import AccountKind
from tests.backends.house import House
from tests.proofs.trees import WITNESS
from tests.shop.callers import Caller, Staffed

DAY_US = 86_400_000_000


def close(house: House, later_days: int = 0) -> int:
    """Let something happen, close the day, draw up what is owed, and tell which day it was.

    Args:
        house: Where.
        later_days: How many days after this machine's today.
    """
    at = now_us() + later_days * DAY_US
    joined = Membership.objects.filter(programme_id=house.programme).first()
    if joined is not None:
        fund = cmd.FundTreasury(at, 1_000_000)
        house.tell(fund, cmd.AwardFunded(at, joined.member_id, 1_000_000, 1_000_000))
    day = int(house.head().day)
    engine_of(house.programme).close(day)
    draw_up(house.programme)
    return day


def verified(told: dict[str, Any]) -> Proved:
    """What the answer itself proves, with the keys beside it."""
    return check_document(json.dumps(told), [verifier_from_text(one) for one in told["keys"]])


def test_a_members_proof_holds_and_says_what_they_hold(house: House, li: Caller) -> None:
    house.endow(li.membership, points_yuan=50, coins=3)
    day = close(house)
    told = li.told("/me/proof")
    assert len(verified(told).by) == 1
    account = read_proof(json.dumps(told)).account
    row = Member.objects.get(programme_id=house.programme, number=li.membership.number)
    assert (account.kind, account.number) == (AccountKind.MEMBER, row.number)
    assert account.sums.points == row.points > 0
    assert (account.sums.coins, account.sums.cash) == (row.coins, row.cash)
    assert (told["day"], told["checked"]) == (day, 0)
    assert told["date"] == day_of(house.programme).isoformat()


def test_a_merchants_proof_holds_too(house: House, winery: Staffed) -> None:
    close(house)
    told = winery.told("/proof")
    verified(told)
    account = read_proof(json.dumps(told)).account
    assert (account.kind, account.number) == (AccountKind.MERCHANT, house.partner.number)
    assert winery.done("/proof/checked", {"day": told["day"], "holds": True}) == {"checked": 1}


def test_nobody_is_proved_before_the_first_close_or_who_came_after_it(
    house: House, li: Caller, winery: Staffed
) -> None:
    assert li.get("/me/proof").json()["code"] == "not_drawn_up"
    assert winery.get("/proof").json()["code"] == "not_drawn_up"
    assert li.refused("/me/proof/checked", {"day": 1, "holds": True}) == "not_drawn_up"
    day = close(house)
    young = Caller.member(house)
    response = young.get("/me/proof")
    assert (response.status_code, response.json()["code"]) == (409, "not_drawn_up")
    assert young.refused("/me/proof/checked", {"day": day, "holds": True}) == "not_drawn_up"
    assert not BalanceCheck.objects.filter(programme_id=house.programme).exists()


def test_a_check_that_held_counts_once_for_an_account_and_a_day(house: House, li: Caller) -> None:
    wang = Caller.member(house)
    day = close(house)
    for _time in range(2):
        assert li.done("/me/proof/checked", {"day": day, "holds": True}) == {"checked": 1}
    assert wang.done("/me/proof/checked", {"day": day, "holds": True}) == {"checked": 2}
    assert li.told("/me/proof")["checked"] == 2
    close(house, 1)
    assert li.told("/me/proof")["checked"] == 0


def test_a_check_that_did_not_hold_is_told_in_the_log_and_not_counted(
    house: House, li: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    day = close(house)
    assert li.done("/me/proof/checked", {"day": day, "holds": False}) == {"checked": 0}
    (said,) = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert f"member {li.membership.number} does not find the account" in said
    assert str(day) in said


@pytest.mark.parametrize(
    "body",
    [{}, {"day": "1", "holds": True}, {"day": -1, "holds": True}, {"day": 1, "holds": "yes"}],
)
def test_a_check_is_told_in_its_form(house: House, li: Caller, body: dict[str, Any]) -> None:
    assert li.refused("/me/proof/checked", body) == "invalid"


def test_keys_of_witnesses_and_new_keys_are_told(house: House, li: Caller) -> None:
    close(house)
    before = li.told("/me/proof")["keys"]
    new = add_key(house.programme)
    close(house, 1)
    told = li.told("/me/proof")
    assert told["keys"][1:] == before
    assert len(verified(told).by) == 2
    retire_keys(house.programme, new.number)
    day = close(house, 2)
    verifier = WITNESS.verifier
    Witness.objects.create(
        programme_id=house.programme, name=verifier.name, url="", public=verifier.key
    )
    text = read_note(Kept.objects.get(programme_id=house.programme, day=day).note).text
    Cosignature.objects.create(
        programme_id=house.programme, day=day, witness=verifier.name, line=WITNESS.line(text)
    )
    told = li.told("/me/proof")
    assert told["keys"][-1] == verifier.to_text()
    assert [one.name for one in verified(told).by][1:] == [verifier.name]
