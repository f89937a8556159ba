"""A15 at the shop: an id with more digits than any database counts is the id of nothing."""

from collections.abc import Iterator

import pytest

from shareback.api.shop.api import shop_api
from tests.backends.house import House
from tests.shop.callers import Caller, Staffed

HUGE = "9" * 20
LARGEST = str(2**63)
WRITTEN_OTHERWISE = ("-1", "+1", "1e3", "1.0", "\uff11")


def numbered() -> Iterator[tuple[str, str]]:
    """Each method and address of the shop's API in which a number stands, under the shop's own.

    What else stands in it is filled already.
    """
    document = shop_api.get_openapi_schema(path_prefix="")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            here = path.partition("{slug}")[2]
            for one in operation["parameters"]:
                if one["in"] == "path" and one["schema"].get("type") != "integer":
                    here = here.replace(f"{{{one['name']}}}", "x")
            if "{" in here:
                yield method, here


def filled(path: str, number: str, merchant: object) -> str:
    """An address with its numbers filled."""
    parts = path.replace("{merchant}", str(merchant)).split("/")
    return "/".join(number if part.startswith("{") else part for part in parts)


def test_there_are_such_addresses() -> None:
    methods, paths = zip(*numbered(), strict=True)
    assert set(methods) == {"get", "post", "put", "patch", "delete"}
    assert {"/merchant/{merchant}", "/goods/{number}", "/addresses/{number}"} <= set(paths)


@pytest.mark.parametrize("number", [HUGE, LARGEST])
def test_an_id_that_cannot_be_counted_is_the_id_of_nothing(house: House, number: str) -> None:
    """Whoever asks, and wherever the number stands."""
    member, staff = Caller.member(house), Staffed(house, house.partner)
    staff.base = member.base
    answers = {}
    for caller in (member, staff):
        for method, path in numbered():
            for merchant in (number, house.partner.pk):
                here = filled(path, number, merchant)
                if number in here:
                    response = caller.ask(method, here, None if method == "get" else {})
                    answers[method, here] = response.status_code, response.json()["code"]
    assert {what: told for what, told in answers.items() if told != (404, "not_found")} == {}


def test_an_id_is_written_in_plain_digits(house: House) -> None:
    member = Caller.member(house)
    good = house.good()
    assert member.get(f"/goods/{good.pk}").status_code == 200
    for written in (*WRITTEN_OTHERWISE, f"{good.pk}.0", f"-{good.pk}"):
        assert member.get(f"/goods/{written}").status_code == 404, written


@pytest.mark.parametrize("number", [HUGE, LARGEST, "0", "-1"])
def test_a_filter_by_an_id_that_cannot_be_counted_finds_nothing(house: House, number: str) -> None:
    member = Caller.member(house)
    house.good()
    assert member.get(f"/goods?category={number}").status_code == 404
    assert member.told(f"/goods?merchant={number}")["items"] == []


@pytest.mark.parametrize("name", ["category", "merchant"])
def test_a_filter_by_no_number_is_refused(house: House, name: str) -> None:
    member = Caller.member(house)
    for written in ("1.5", "NaN", "x"):
        response = member.get(f"/goods?{name}={written}")
        assert response.status_code == 422, written
        assert response.json()["errors"][0]["where"] == name
