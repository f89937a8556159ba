"""People at the console: with roles, and a session that both factors were given for."""

import base64
import hashlib
import hmac
import os
import re
import secrets
import struct
import time
from itertools import count
from typing import Any, Protocol

from django.http import HttpResponse
from django.test import Client

from shareback.console import people
from shareback.console.desk import CHOSEN, places_of
from shareback.console.models import Proposal
from shareback.console.roles import SHOWN_PROGRAMME
from shareback.console.second import PASSED
from shareback.mall.accounts.models import User
from tests.backends.house import House

PASSWORD = "a long enough passphrase"
BACKEND = "django.contrib.auth.backends.ModelBackend"
NAMES = count(1)


class Hires(Protocol):
    """Hires somebody with roles in a programme, at work already unless it is said otherwise."""

    def __call__(self, programme: int, *roles: str, at_work: bool = True) -> "Worker":
        """Hire them."""


class Worker:
    """Somebody with a browser, and roles at the console."""

    def __init__(self, language: str = "en", password: str | None = None) -> None:
        """A user without any role as yet; hashing a password takes its time."""
        name = f"worker-{os.getpid()}-{next(NAMES)}"
        self.user = User.objects.create_user(name, password=password)
        self.name = name
        self.client = Client(REMOTE_ADDR="192.0.2.7")
        self.client.cookies["shareback_language"] = language

    def granted(self, programme: int, *roles: str) -> "Worker":
        """With roles in a programme."""
        for role in roles:
            people.grant(self.user, programme, role, "cli:test")
        return self

    def at_work(self, programme: int = 0) -> "Worker":
        """With both factors given, turned to a programme if one is named."""
        self.client.force_login(self.user, backend=BACKEND)
        session = self.client.session
        session[PASSED] = {"user": self.user.pk, "at": int(time.time())}
        if programme:
            session[CHOSEN] = programme
        session.save()
        return self

    def get(self, path: str = "", **query: str) -> HttpResponse:
        """Look at a page."""
        answer: Any = self.client.get(f"/console/{path}", query)
        return answer  # type: ignore[no-any-return] # the client's answers are of a class of tests

    def post(self, path: str, **form: str) -> HttpResponse:
        """Send a form, as it stands on a page of the programme at which one is, with a new key."""
        filled = {SHOWN_PROGRAMME: self.shown(), "once": secrets.token_urlsafe(24), **form}
        answer: Any = self.client.post(f"/console/{path}", filled)
        return answer  # type: ignore[no-any-return] # as above

    def shown(self) -> str:
        """The programme that pages show."""
        found = [str(place.programme) for place in places_of(self.user)]
        chosen = str(self.client.session.get(CHOSEN))
        return chosen if chosen in found else next(iter(found), "")

    def text(self, path: str = "", **query: str) -> str:
        """What a page that opens says."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, (path, answer.status_code)
        # Templates are set on lines of their own; a browser does not show it.
        return re.sub(r"\s+(?=<)|(?<=>)\s+", "", answer.content.decode())


def code_at(secret: str, step: int = 0) -> str:
    """The code that a telephone shows now, or so many half minutes later (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


Team = tuple[Worker, Worker, Worker]
"""Somebody who proposes, and two who approve."""


def last(house: House) -> Proposal:
    """The proposal that was made last."""
    return Proposal.objects.filter(programme_id=house.programme).order_by("-pk")[0]


def step(worker: Worker, proposal: Proposal, name: str, **form: str) -> int:
    """Take a step at a proposal's page; the status of the answer."""
    return worker.post(f"proposals/{proposal.pk}/{name}/", **form).status_code
