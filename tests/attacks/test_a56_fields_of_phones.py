"""A56 at the shop: what nobody asked for in a body is refused, and changes nothing."""

from typing import Any

from shareback.mall.accounts.models import User
from tests.backends.house import House
from tests.shop.access import MEMBER, STAFF, USER
from tests.shop.callers import Caller, Staffed
from tests.shop.test_addresses import HOME

BODIES: list[tuple[str, str, str, dict[str, Any]]] = [
    (USER, "patch", "/me/settings", {"name": "x"}),
    (USER, "post", "/auth/join", {}),
    (USER, "post", "/me/password", {"password": "wind over hills"}),
    (MEMBER, "post", "/me/sell", {"points": "1"}),
    (MEMBER, "post", "/me/convert", {"points": "1"}),
    (MEMBER, "post", "/addresses", HOME),
    (MEMBER, "post", "/basket/lines", {"good": 1, "quantity": 1}),
    (MEMBER, "post", "/checkout", {"cash": "1"}),
    (MEMBER, "post", "/checkout/preview", {}),
    (STAFF, "post", "/goods", {"title": "x", "price": "1", "stock": 1}),
    (STAFF, "post", "/charges", {"coins": "1"}),
    (STAFF, "post", "/exchange", {"coins": "1"}),
    (STAFF, "post", "/redeem", {"points": "1"}),
]
UNASKED: dict[str, Any] = {
    "points_held": "1000",
    "role": "owner",
    "programme": 1,
    "programme_id": 1,
    "member": "m-1",
    "member_id": "m-1",
    "merchant_id": "s-1",
    "is_staff": True,
    "is_superuser": True,
    "phone_verified": True,
    "number": 1,
    "at": 0,
    "concession_ppm": 0,
    "sold": 9,
}


def test_fields_that_nobody_asked_for_are_refused(house: House) -> None:
    li, winery = Caller.member(house, "李雷"), Staffed(house, house.partner)
    for access, method, path, body in BODIES:
        caller = winery if access == STAFF else li
        for name, value in UNASKED.items():
            response = caller.ask(method, path, {**body, name: value})
            assert response.status_code == 422, (path, name, response.content)
            places = {one["where"] for one in response.json()["errors"]}
            assert name in places, (path, name)
    assert li.user is not None
    kept = User.objects.get(pk=li.user.pk)
    assert (kept.name, kept.is_staff, kept.is_superuser) == ("李雷", False, False)
    assert house.account(li.membership).points == 0


def test_logging_in_takes_no_role(house: House) -> None:
    for path, body in (
        ("/auth/verify", {"phone": "13800138000", "code": "1", "is_staff": True}),
        ("/auth/password", {"login": "a", "password": "b", "role": "owner"}),
        ("/auth/code", {"phone": "13800138000", "name": "x"}),
    ):
        assert Caller(house).refused(path, body) == "invalid"
