"""A15 at the shop: a cursor of figures that are none, and a text that no database can keep."""

import base64
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pydantic import ValidationError

from shareback.api.shop.api import shop_api
from shareback.api.shop.schemas import Taken
from tests.backends.house import House
from tests.shop.callers import Caller, Staffed

NUL = "a\0b"
FIGURES = ["NaN", "sNaN", "Infinity", "1e400", "1E2", "-1", "+1", " 1", "1_0", "\uff11", "\0"]
TOO_LARGE = ["9" * 13, "9" * 18, "9" * 19, "9" * 60]
MOMENTS = [
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-01-01T00:00:00",
    "2026-02-30T00:00:00+00:00",
    "1e400",
    "",
]
NOBODY = "00000000-0000-0000-0000-000000000000"


def cursor(*parts: str) -> str:
    """A cursor that was never given out."""
    return base64.urlsafe_b64encode("\t".join(parts).encode()).decode().rstrip("=")


def told(caller: Caller, path: str, parts: tuple[str, ...]) -> int:
    """What a list answers to a cursor."""
    mark = "&" if "?" in path else "?"
    return int(caller.get(f"{path}{mark}after={cursor(*parts)}").status_code)


@pytest.mark.parametrize("figure", [*FIGURES, *TOO_LARGE[2:]])
def test_a_cursor_of_figures_that_are_none_is_refused(house: House, figure: str) -> None:
    li, winery = Caller.member(house), Staffed(house, house.partner)
    house.good()
    for caller, path, parts in (
        (li, "/goods?sort=new", (figure,)),
        (li, "/goods?sort=popular", (figure, "1")),
        (li, "/goods?sort=popular", ("1", figure)),
        (li, "/goods?sort=price_asc", (figure, "1")),
        (li, "/goods?sort=price_desc", ("1", figure)),
        (li, "/orders", (figure,)),
        (winery, "/goods", (figure,)),
        (winery, "/orders", (figure,)),
    ):
        assert told(caller, path, parts) == 422, (path, parts)


@pytest.mark.parametrize("figure", ["0", "12", *TOO_LARGE[:2]])
@pytest.mark.parametrize("sort", ["price_asc", "price_desc"])
def test_a_price_beyond_every_column_is_no_fault_of_ours(
    house: House, figure: str, sort: str
) -> None:
    house.good()
    expected = 422 if len(figure) > 10 else 200
    assert told(Caller(house), f"/goods?sort={sort}", (figure, "1")) == expected


@pytest.mark.parametrize("figure", ["0", *TOO_LARGE[:2]])
def test_a_number_beyond_all_rows_lists_what_there_is(house: House, figure: str) -> None:
    house.good()
    for sort, parts in (("new", (figure,)), ("popular", (figure, figure))):
        assert told(Caller(house), f"/goods?sort={sort}", parts) == 200


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_cursor_of_no_moment_is_refused(house: House, moment: str) -> None:
    winery = Staffed(house, house.partner)
    for path in ("/charges", "/returns"):
        assert told(winery, path, (moment, NOBODY)) == 422, path


def taken() -> Iterator[type[Taken]]:
    """Every document that a request may bring."""
    waiting = Taken.__subclasses__()
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        yield one


def test_no_field_of_any_request_takes_a_text_with_nul() -> None:
    # Its schema names all of them, so that all are loaded.
    assert shop_api.get_openapi_schema(path_prefix="")
    fields = [(one, name) for one in taken() for name in one.model_fields]
    assert len(fields) > 40
    for one, name in fields:
        for value in (NUL, [NUL]):
            with pytest.raises(ValidationError) as refusal:
                one.model_validate({name: value})
            named = [fault for fault in refusal.value.errors() if fault["loc"][0] == name]
            assert "NUL" in named[0]["msg"], (one, name)


def test_what_a_request_brings_is_such_a_document() -> None:
    document = shop_api.get_openapi_schema(path_prefix="")
    names = {one.__name__ for one in taken()}
    for operations in document["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            if "$ref" in schema:
                assert schema["$ref"].rpartition("/")[2] in names, operation["operationId"]


def test_nul_is_refused_wherever_a_text_comes_in(house: House) -> None:
    li, winery = Caller.member(house), Staffed(house, house.partner)
    answers = {
        path: caller.post(path, body)
        for caller, path, body in (
            (li, "/auth/password", {"login": NUL, "password": "x"}),
            (li, "/auth/code", {"phone": "138\0" + "00138000"}),
            (winery, "/goods", {"title": NUL, "price": "1", "stock": 1}),
        )
    }
    answers["query"] = li.get("/goods?q=a%00b")
    assert {path: one.status_code for path, one in answers.items()} == dict.fromkeys(answers, 422)
    for path in ("/orders/a%00b", "/charges/a%00b"):
        assert li.get(path).status_code == 404, path
    assert li.ask("delete", "/basket/coupons/a%00b").status_code == 404
    assert winery.get("/vouchers/a%00b").status_code == 404
    for path in ("/cashier/a%00b", "/m/a%00b/", "/media/a%00b"):
        assert Client().get(path).status_code == 404, path


def test_nul_in_a_cookie_is_refused(house: House) -> None:
    base = urlsplit(Caller(house).base).path
    response = Client(headers={"Cookie": 'sessionid="abcdefgh\\000ijk"'}).get(f"{base}/session")
    assert response.status_code == 422
