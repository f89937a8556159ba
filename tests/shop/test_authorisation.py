"""Who may ask what: every operation of the shop × everybody who could ask it (A55)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from shareback.api.shop.api import shop_api
from shareback.api.shop.routers import SHOP
from shareback.engine.calendar import day_text
from shareback.mall import baskets, returns
from shareback.mall.accounts.models import User
from shareback.mall.merchants import add_picture
from shareback.mall.models import CoinCharge, GoodsVoucher, Purchase, Return
from shareback.mall.oscar.basket.models import Line
from shareback.mall.oscar.catalogue.models import Product
from shareback.web import urls
from tests.backends.house import House, Opens
from tests.shop.access import ANYBODY, MEMBER, OPERATIONS, STAFF, USER, Asked
from tests.shop.callers import Caller, Staffed, new_phone
from tests.shop.test_addresses import HOME
from tests.shop.test_merchant import png

DENIED = {"log_in": 401, "not_a_member": 403, "not_found": 404}
OPEN_ADDRESSES = {
    "m/<slug:slug>/",
    "m/<slug:slug>/<path:rest>",
    "media/<path:path>",
    # The cashier of the test gateway, under an address that only the payer was given; and notices
    # of gateways, which prove themselves by their signatures.
    "api/v1/payments/<slug:gateway>/notices",
    "cashier/<str:reference>",
    "pay/<uuid:number>",
}
"""Addresses of the mall that ask for no session."""

ELSEWHERE = ("console/",)
"""Those have a matrix of their own."""


NOBODYS = {"nothing", "month"}
"""Names in addresses that are no thing of anybody's."""


class Operation(NamedTuple):
    """An operation as it is routed.

    Attributes:
        name: Its `operation_id`.
        method: In small letters.
        path: Below the shop's own address.
    """

    name: str
    method: str
    path: str


def operations() -> list[Operation]:
    """All operations of the shop's API, from what Django Ninja routes."""
    found = []
    for prefix, router in shop_api._routers:
        below = prefix.removeprefix(SHOP)
        for path, view in router.path_operations.items():
            for operation in view.operations:
                found += [
                    Operation(str(operation.operation_id), method.lower(), below + path)
                    for method in operation.methods
                ]
    return found


def test_every_operation_is_declared_and_none_that_is_gone() -> None:
    routed = [operation.name for operation in operations()]
    assert len(routed) == len(set(routed))
    assert set(routed) == set(OPERATIONS)


def addresses(patterns: list[Any], above: str = "") -> Iterator[str]:
    """All addresses below some patterns."""
    for one in patterns:
        here = above + str(one.pattern)
        if isinstance(one, URLResolver):
            if not here.startswith(ELSEWHERE):
                yield from addresses(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here


def test_every_address_of_the_mall_is_one_of_its_api_or_declared_as_open() -> None:
    declared = {f"api/v1/shops/{path}" for path in ("", "openapi.json")}
    declared |= {
        "api/v1/shops" + re.sub(r"\{([^}]*)\}", r"<\1>", SHOP + operation.path)
        for operation in operations()
    }
    journals = set(addresses(urls.urlpatterns))
    ours = set(addresses(get_resolver().url_patterns)) - journals
    assert ours == declared | OPEN_ADDRESSES


class Places(NamedTuple):
    """A house with everything in it that an address can name."""

    house: House
    member: Caller
    staff: Staffed
    names: dict[str, Any]


@pytest.fixture
def places(house: House, media: Path) -> Places:
    """Everything that an address can name."""
    li, winery = Caller.member(house), Staffed(house, house.partner)
    home = li.done("/addresses", HOME)
    spare = li.done("/addresses", {**HOME, "name": "韩梅梅"})
    good = house.good(stock=50)
    membership = li.membership
    order = house.bought(membership, good)
    returns.ask(membership, order.number, {order.lines.get().pk: 1})
    dinner = house.bought(membership, house.good(kind="voucher"))
    purchase = house.buy(membership, good)
    for one in (good, house.good()):
        baskets.add(membership, one.pk, 1)
    lines = list(Line.objects.filter(basket__owner=li.user, basket__status="Open").order_by("pk"))
    add_picture(Product.objects.get(pk=good.pk), png())
    charge = winery.done("/charges", {"coins": "1"})
    names = {
        "good": good.pk,
        "merchant": house.partner.pk,
        "line": lines[0].pk,
        "spare_line": lines[1].pk,
        "purchase": purchase.pk,
        "order": dinner.number,
        "voucher": GoodsVoucher.objects.get(line__order=dinner).code,
        "address": home["id"],
        "spare_address": spare["id"],
        "token": charge["token"],
        "charge": charge["id"],
        "return": Return.objects.get(order=order).pk,
        "picture": good.images.get().pk,
        "nothing": "NOTHING",
        "month": day_text(house.head().day)[:7],
    }
    return Places(house, li, winery, names)


def address_of(operation: Operation, asked: Asked, names: dict[str, Any], merchant: int) -> str:
    """The address of an operation with its places filled in."""

    def filled(match: re.Match[str]) -> str:
        name = match.group(1).rpartition(":")[2]
        if name == "merchant":
            return str(merchant)
        return str(names[asked.path[name]])

    return re.sub(r"\{([^}]*)\}", filled, operation.path)


def sent(caller: Caller, operation: Operation, path: str, asked: Asked) -> tuple[int, str]:
    """Ask; the status and the code of the answer."""
    caller.base = f"/api/v1/shops/{caller.house.shop.slug}"
    body: Any = HOME if asked.body == "address" else asked.body or {}
    if asked.body == "picture":
        file = SimpleUploadedFile("a.png", png(), "image/png")
        response = caller.client.post(caller.base + path, {"picture": file})
    else:
        response = caller.ask(operation.method, path, None if operation.method == "get" else body)
    is_problem = "problem" in response.headers.get("Content-Type", "")
    return response.status_code, response.json()["code"] if is_problem else ""


def verdict(asked: Asked, who: str) -> str:
    """What an operation has to answer to somebody: the code of its denial, "" for none."""
    if asked.access == ANYBODY:
        return ""
    if who == "anonymous":
        return "log_in"
    if asked.access == USER:
        return ""
    if asked.access == STAFF:
        return "" if who == "merchant" else "not_found"
    if who not in ("member", "other_member"):
        return "not_a_member"
    return "not_found" if asked.owned and who == "other_member" else ""


def callers(places: Places, new_house: Opens) -> dict[str, Caller]:
    """Everybody who could ask; whoever has to be let in comes last."""
    house = places.house
    operator = User.objects.create(username=new_phone(), is_staff=True, is_superuser=True)
    stranger = Caller.member(new_house())
    noodles = Staffed(house, house.merchant("面馆"))
    return {
        "anonymous": Caller(house),
        "other_programme": Caller(house, stranger.user),
        "operator": Caller(house, operator),
        "other_merchant": Caller(house, noodles.user),
        "other_member": Caller.member(house),
        "merchant": Caller(house, places.staff.user),
        "member": places.member,
    }


def is_as_it_must_be(status: int, code: str, denial: str) -> bool:
    """Whether an answer is the denial that it must be, or none."""
    if denial == "not_found":
        # What is gone looks the same as what was never there.
        return status == 404
    if denial:
        return (status, code) == (DENIED[denial], denial)
    return status not in (401, 404) and status < 500 and code not in DENIED


def test_who_may_ask_what(places: Places, new_house: Opens) -> None:
    everybody = callers(places, new_house)
    wrong = []
    for operation in operations():
        asked = OPERATIONS[operation.name]
        path = address_of(operation, asked, places.names, places.house.partner.pk)
        for who, caller in everybody.items():
            fresh = Caller(caller.house, caller.user)
            status, code = sent(fresh, operation, path, asked)
            if not is_as_it_must_be(status, code, verdict(asked, who)):
                wrong.append((operation.name, who, status, code))
    assert wrong == []


def test_nobody_reaches_anothers_things_from_the_own_place(
    places: Places, new_house: Opens
) -> None:
    """Ids of another programme or merchant in the path of one's own: there is no such thing."""
    other = new_house()
    stranger = Caller.member(other)
    abroad = Staffed(other, other.partner)
    noodles = Staffed(places.house, places.house.merchant("面馆"))
    before = state_of(places)
    wrong = []
    for operation in operations():
        asked = OPERATIONS[operation.name]
        if not set(asked.path.values()) - NOBODYS:
            continue
        tries: list[tuple[Caller, int]] = [
            (abroad, other.partner.pk),
            (noodles, noodles_of(noodles)),
        ]
        if asked.access != STAFF:
            tries = [(stranger, 0)] if asked.access == MEMBER else [(Caller(other), 0)]
        for caller, merchant in tries:
            path = address_of(operation, asked, places.names, merchant)
            fresh = Caller(caller.house, caller.user)
            status, code = sent(fresh, operation, path, asked)
            if status != 404:
                wrong.append((operation.name, status, code))
    assert wrong == []
    assert state_of(places) == before


def noodles_of(caller: Staffed) -> int:
    """The number of the merchant that somebody serves."""
    assert caller.user is not None
    return int(caller.user.serves.get().partner_id)


def state_of(places: Places) -> list[Any]:
    """The states of everything that an address can name."""
    names = places.names
    return [
        CoinCharge.objects.get(pk=names["charge"]).state,
        GoodsVoucher.objects.get(code=names["voucher"]).state,
        Purchase.objects.get(pk=names["purchase"]).state,
        Return.objects.get(pk=names["return"]).state,
        Line.objects.filter(pk__in=[names["line"], names["spare_line"]]).count(),
        places.member.told("/addresses"),
        places.staff.told(f"/goods/{names['good']}"),
    ]
