"""A15 at the shop: amounts that are none are refused at the edge, with the field named."""

import pytest

from tests.backends.house import House
from tests.shop.callers import Caller, Staffed

NONE = [
    "",
    "0",
    "-1",
    "+1",
    "1e3",
    "NaN",
    "Infinity",
    "1,000",
    " 1",
    "0x10",
    "\uff11\uff12",
    "1.",
    ".5",
    "9" * 30,
    "0.000000001",
    "9223372036854775808",
]


@pytest.mark.parametrize("amount", [*NONE, 1, 1.5, True, None, ["1"]])
def test_amounts_that_are_none_are_refused_with_their_field(house: House, amount: object) -> None:
    li, winery = Caller.member(house), Staffed(house, house.partner)
    for caller, path, field in (
        (li, "/me/sell", "points"),
        (li, "/me/convert", "points"),
        (winery, "/charges", "coins"),
        (winery, "/exchange", "coins"),
        (winery, "/redeem", "points"),
        (winery, "/goods", "price"),
    ):
        response = caller.post(path, {field: amount, **rest_of(path)})
        assert response.status_code == 422, (path, amount)
        assert response.json()["errors"][0]["where"] == field, (path, amount)


def rest_of(path: str) -> dict[str, object]:
    """What else a body needs."""
    return {"title": "x", "stock": 1} if path == "/goods" else {}


def test_a_quote_of_no_number_is_refused(house: House) -> None:
    li = Caller.member(house)
    for amount in ("", "-1", "1e3", "NaN", "0.000000001", "9" * 30):
        assert li.get(f"/me/quote?points={amount}").status_code == 422, amount
