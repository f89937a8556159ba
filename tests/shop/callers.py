"""People who ask the shop's API: with a session, as their phones do."""

import os
from itertools import count
from typing import Any, Self

from django.test import Client
from django.test.client import ClientHandler

from shareback.mall import members, opening
from shareback.mall.accounts.models import User
from shareback.mall.models import Membership, MerchantStaff
from shareback.mall.oscar.partner.models import Partner
from tests.backends.house import House

KEYS = count(1)
PHONES = count(1)
SITE = ClientHandler(enforce_csrf_checks=False)
"""One for all: each would look through all static files at its first request."""


def new_phone() -> str:
    """A phone that nobody has."""
    return f"+86139{os.getpid() % 1_000:03}{next(PHONES):05}"


class Caller:
    """Somebody with a browser."""

    def __init__(self, house: House, user: User | None = None, language: str = "en") -> None:
        """Log in, if there is somebody to log in."""
        self.house = house
        self.user = user
        self.base = f"/api/v1/shops/{house.shop.slug}"
        self.client = Client(headers={"Accept-Language": language})
        self.client.handler = SITE
        if user is not None:
            self.client.force_login(user)

    @classmethod
    def member(cls, house: House, name: str = "", invite: str = "", language: str = "en") -> Self:
        """A member of the house's programme."""
        phone = new_phone()
        user = User.objects.create(username=phone, phone=phone, phone_verified=True, name=name)
        members.join(house.shop, user, invite)
        return cls(house, user, language)

    @property
    def membership(self) -> Membership:
        """The caller's account in the house's programme."""
        return Membership.objects.get(user=self.user, programme_id=self.house.programme)

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Ask something; ``key`` is one of its own unless it is named, "" for none."""
        headers = {} if key == "" else {"Idempotency-Key": key or f"key-{next(KEYS)}"}
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        call = getattr(self.client, method)
        return call(self.base + path, headers=headers, **more)

    def get(self, path: str) -> Any:
        """Read something."""
        return self.ask("get", path)

    def told(self, path: str) -> Any:
        """Read something that must be there."""
        response = self.get(path)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Write something."""
        return self.ask("post", path, body or {}, key)

    def done(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Write something that must be accepted."""
        response = self.post(path, body, key)
        assert response.status_code in (200, 201), response.content.decode()
        return response.json()

    def refused(self, path: str, body: Any = None, method: str = "post") -> str:
        """Write something that must be refused; with which code."""
        response = self.ask(method, path, {} if body is None else body)
        assert response.status_code >= 400, response.content.decode()
        return str(response.json()["code"])


class Staffed(Caller):
    """Somebody who serves a merchant."""

    def __init__(
        self,
        house: House,
        partner: Partner,
        role: str = MerchantStaff.Role.OWNER,
        language: str = "en",
    ) -> None:
        """Appoint somebody new."""
        phone = new_phone()
        user = User.objects.create(username=phone, phone=phone, phone_verified=True)
        opening.appoint(partner, user, role)
        super().__init__(house, user, language)
        self.base += f"/merchant/{partner.pk}"
