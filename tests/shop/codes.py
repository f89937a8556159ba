"""Codes that reach their phones: kept here, for the tests to read."""

from shareback.mall.accounts.phones import read_phone
from tests.shop.callers import Caller

SENT: list[tuple[str, str, str]] = []


class Kept:
    """Keeps the codes that it is to send."""

    def send(self, phone: str, code: str, language: str) -> None:
        """Keep a code."""
        SENT.append((phone, code, language))


def code_for(caller: Caller, phone: str) -> str:
    """Ask for a code, and read it on the phone."""
    assert caller.post("/auth/code", {"phone": phone}).status_code == 204
    sent = SENT[-1]
    assert sent[0] == read_phone(phone)
    return sent[1]
