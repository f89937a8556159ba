"""A16 at the shop: many phones of one member sell the same points; what is held is sold, once."""

from decimal import Decimal

from django.db import connections

from tests.attacks.at_once import together
from tests.backends.house import House
from tests.shop.callers import Caller

PHONES = 40


def test_of_many_sales_of_the_same_points_just_what_is_held_is_sold(house: House) -> None:
    li, wang = Caller.member(house), Caller.member(house)
    house.endow(li.membership, points_yuan=105)
    house.endow(wang.membership, points_yuan=50)
    held = Decimal(li.told("/me/points")["points"])
    piece = held / 15

    def sells(place: int) -> tuple[int, dict[str, str]]:
        try:
            phone = Caller(house, li.user)
            answer = phone.post("/me/sell", {"points": f"{piece}"}, key=f"phone-{place}")
            return answer.status_code, answer.json()
        finally:
            connections["default"].close()

    answers = together([lambda place=place: sells(place) for place in range(PHONES)])  # type: ignore[misc]
    sold = [document for status, document in answers if status == 200]
    refused = {document["code"] for status, document in answers if status != 200}
    assert {status for status, _document in answers} == {200, 409}
    assert refused <= {"points_short", "quota_used_up", "nothing_to_pay"}
    assert sum(Decimal(document["points"]) for document in sold) == held
    told = li.told("/me/points")
    assert told["points"] == "0"
    assert Decimal(told["cash"]) == sum(Decimal(document["net"]) for document in sold)
    house.check()


def test_of_many_phones_with_one_key_one_sells(house: House) -> None:
    li = Caller.member(house)
    house.endow(li.membership, points_yuan=100)

    def sells() -> tuple[int, bytes]:
        try:
            answer = Caller(house, li.user).post("/me/sell", {"points": "10"}, key="once")
            return answer.status_code, answer.content
        finally:
            connections["default"].close()

    answers = set(together([sells] * PHONES))
    assert len(answers) == 1
    assert answers.pop()[0] == 200
    assert li.told("/me/points")["points"] == "90"
    house.check()
