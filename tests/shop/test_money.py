"""A member's money: what is held and told, sold, converted, and entered."""

import pytest

from shareback.engine import commands as cmd
from shareback.journal.models import Programme
from shareback.journal.models.programme import Halt
from shareback.mall.engines import engine_of, now_us
from tests.backends.house import YUAN, House, Opens
from tests.shop.callers import Caller, Staffed

POINT = 10**8


def earned(caller: Caller, yuan: int = 100, order: str = "o-1") -> None:
    """An order of the member's that has matured at once."""
    house = caller.house
    member_id = caller.membership.member_id
    command = cmd.PayOrder(
        now_us(), order, member_id, house.partner.merchant_id, yuan * YUAN, received=True
    )
    house.tell(command)


def test_points_and_what_is_told_of_them(li: Caller) -> None:
    earned(li)
    told = li.told("/me/points")
    assert told["points"] == "21"
    assert told["quota"] == {"granted": "200", "used": "0", "left": "200"}
    assert told["value"] == "30"
    assert told["price"] == "1.4286"
    assert told["curve"][-1][1] == "1.4286"
    assert told["can_sell"]
    assert told["fee"] == "10"
    said = " ".join(told["words"])
    for part in ("¥200.00", "ceiling", "¥30.00 in the reserve", "costs 10%"):
        assert part in said


def test_an_order_that_waits_is_told_in_yuan(new_house: Opens) -> None:
    house = new_house(maturity_days=7)
    li = Caller.member(house)
    member_id = li.membership.member_id
    order = cmd.PayOrder(now_us(), "o-1", member_id, house.partner.merchant_id, 100 * YUAN)
    house.tell(order)
    told = li.told("/me/points")
    assert told["points"] == "0"
    assert told["pending"] == [{"order": "o-1", "worth": "21", "matures_on": None}]
    assert told["pending_total"] == "21"
    house.tell(cmd.ReceiveOrder(now_us(), "o-1"))
    (waiting,) = li.told("/me/points")["pending"]
    assert waiting["matures_on"] is not None


def test_tiers_are_told_with_the_next(new_house: Opens) -> None:
    tiers = [{"name": "银卡", "threshold": "100", "multiplier": "1.2"}]
    li = Caller.member(new_house(tiers=tiers))
    earned(li)
    told = li.told("/me/points")
    tier = told["tier"]
    step = {"name": "银卡", "threshold": "100", "multiplier": "1.2", "partner": False}
    assert told["tiers"] == [step]
    assert tier == {"name": "", "multiplier": "1", "next": {"name": "银卡", "needs": "79"}}


def test_selling_pays_what_was_quoted(li: Caller) -> None:
    earned(li)
    quoted = li.told("/me/quote?points=10.5")
    sold = li.done("/me/sell", {"points": "10.5"})
    for name in ("points", "gross", "fee", "net"):
        assert sold[name] == quoted[name]
    assert (sold["gross"], sold["fee"], sold["net"]) == ("15", "1.5", "13.5")
    assert sold["quota_left"] == "185"
    assert sold["price"] == quoted["price"]
    assert li.told("/me/points")["cash"] == "13.5"


def test_a_sale_is_once_for_its_key(li: Caller) -> None:
    earned(li)
    first = li.post("/me/sell", {"points": "10"}, key="once")
    again = li.post("/me/sell", {"points": "10"}, key="once")
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert li.told("/me/points")["points"] == "11"
    other = li.post("/me/sell", {"points": "11"}, key="once")
    assert (other.status_code, other.json()["code"]) == (422, "key_taken")
    elsewhere = li.post("/me/convert", {"points": "10"}, key="once")
    assert elsewhere.json()["code"] == "key_taken"


def test_a_key_is_each_members_own(li: Caller) -> None:
    other = Caller.member(li.house)
    earned(li, order="o-1")
    earned(other, order="o-2")
    for caller in (li, other):
        assert caller.post("/me/sell", {"points": "5"}, key="once").status_code == 200


def test_what_was_refused_may_be_tried_again_with_its_key(li: Caller) -> None:
    refused = li.post("/me/sell", {"points": "5"}, key="once")
    assert (refused.status_code, refused.json()["code"]) == (409, "points_short")
    assert refused.json()["need"] == "5"
    earned(li)
    assert li.post("/me/sell", {"points": "5"}, key="once").status_code == 200


def test_a_write_without_a_key_is_refused(li: Caller) -> None:
    for path in ("/me/sell", "/me/convert"):
        response = li.post(path, {"points": "1"}, key="")
        assert (response.status_code, response.json()["code"]) == (400, "key_missing")


def test_converting_uses_quota(li: Caller) -> None:
    earned(li)
    assert li.done("/me/convert", {"points": "7"}) == {
        "points": "7",
        "coins": "10",
        "quota_left": "190",
    }
    assert li.told("/me/points")["coins"] == "10"


@pytest.mark.parametrize("profile", ["goods-only"])
def test_goods_only_sells_nothing(new_house: Opens, profile: str) -> None:
    li = Caller.member(new_house(profile=profile))
    earned(li)
    assert li.refused("/me/sell", {"points": "1"}) == "profile_forbids"
    told = li.told("/me/points")
    assert not told["can_sell"]
    assert any("goods or coins only" in said for said in told["words"])


def test_every_entry_has_a_title_and_a_reason(li: Caller) -> None:
    earned(li)
    li.done("/me/sell", {"points": "5"})
    li.done("/me/convert", {"points": "5"})
    charge = charge_of(li.house, "3")
    li.done(f"/me/charges/{charge}/pay")
    entries = li.told("/me/statement")["items"]
    assert [entry["kind"] for entry in entries] == [
        "coins_paid",
        "points_converted",
        "points_redeemed",
        "matured",
        "paid",
    ]
    assert all(entry["title"] and entry["why"] for entry in entries)
    assert entries[0]["why"] == "Paid to a merchant · 酒庄"
    assert entries[0]["order"] is None
    assert entries[-1]["order"] == "o-1"


def test_entries_go_page_by_page(li: Caller) -> None:
    for number in range(4):
        earned(li, order=f"o-{number}")
    found: list[int] = []
    path = "/me/statement?limit=3"
    page = li.told(path)
    while page["next"] is not None:
        found += [entry["entry"] for entry in page["items"]]
        page = li.told(f"{path}&before={page['next']}")
    found += [entry["entry"] for entry in page["items"]]
    assert found == list(range(7, -1, -1))


def test_entries_are_told_in_chinese(house: House) -> None:
    li = Caller.member(house, language="zh")
    earned(li)
    assert [one["title"] for one in li.told("/me/statement")["items"]] == ["订单成熟", "订单付款"]
    assert "额度" in li.told("/me/points")["words"][0]


def charge_of(house: House, coins: str) -> str:
    """A charge of the house's merchant; its token."""
    asked = Staffed(house, house.partner).done("/charges", {"coins": coins})
    return str(asked["token"])


def test_dividends_come_day_by_day(new_house: Opens) -> None:
    house = new_house(dividend_rate="0.3", maturity_days=0)
    li = Caller.member(house)
    earned(li)
    engine_of(house.programme).close(house.head().day + 2)
    page = li.told("/me/dividends")
    assert len(page["items"]) == 1
    (paid,) = page["items"]
    assert (paid["points_held"], page["next"]) == ("21", None)
    assert paid["amount"] == "14.999999" or paid["amount"] == "15"
    told = li.told("/me/points")["dividends"]
    assert told["total"] == paid["amount"]
    assert told["accrued"] == paid["amount"]
    assert told["today"] == "0"


def test_an_invitation_tells_what_came_of_it(new_house: Opens) -> None:
    house = new_house(referral_rate="0.1", maturity_days=0)
    li = Caller.member(house)
    earned(li)
    invite = li.told("/me/invite")
    assert invite["url"].endswith(f"/m/{house.shop.slug}/join/{invite['code']}")
    friend = Caller.member(house, "韩梅梅", invite=invite["code"])
    earned(friend, order="o-2")
    told = li.told("/me/invite")
    assert told["count"] == 1
    assert told["invited"][0]["name"] == "韩**梅"
    assert told["earned_points"] != "0"
    svg = li.get("/me/invite/qr.svg")
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert b"<script" not in svg.content
    house.check()


def halt(caller: Caller, why: Halt) -> None:
    """Let the comparison with the bank have found something, or nothing any more."""
    house = caller.house
    Programme.objects.filter(pk=house.programme).update(halted=why)


def test_what_is_halted_is_told_before_anybody_tries(li: Caller) -> None:
    earned(li)
    assert not li.told("/me/points")["halted"]
    for why in (Halt.BANK_SHORT, Halt.BANK_UNEXPLAINED):
        halt(li, why)
        told = li.told("/me/points")
        assert told["halted"]
        assert "Bank and books do not agree" in told["words"][0]
    halt(li, Halt.NONE)
    told = li.told("/me/points")
    assert not told["halted"]
    assert "Bank and books" not in " ".join(told["words"])
