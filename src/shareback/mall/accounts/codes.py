"""Log-in codes: made, and sent by a sender that the operator chooses.

Which sender is the setting ``SHAREBACK_CODE_SENDER``. Where it is empty, codes are printed on the
server's terminal as long as every programme of the house has a test issuer; else none are sent at
all: a code in a log would open accounts to whoever reads it. The demo's code holds no longer than
that either. An account and its session are the same in all shops of a house, so the easiest door
among them is the door of all.
"""

import sys
from typing import Protocol

from allauth.core.internal.cryptokit import generate_user_code
from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from shareback.journal.models import Terms
from shareback.mall.faults import CannotBe
from shareback.mall.terms import parse

DIGITS = 6


class CodeSender(Protocol):
    """Sends a code to a phone."""

    def send(self, phone: str, code: str, language: str) -> None:
        """Send it.

        Args:
            phone: As E.164 writes it.
            code: What the member has to type.
            language: "zh" or "en".

        Raises:
            CannotBe: It cannot be sent.
        """


class ConsoleSender:
    """Prints codes on the server's terminal: for the demo and for tests."""

    def send(self, phone: str, code: str, language: str) -> None:
        """Print it."""
        said = f"验证码 {code} → {phone}" if language == "zh" else f"code {code} for {phone}"
        print(f"shareback: {said}", file=sys.stderr, flush=True)  # noqa: T201 - its whole purpose


def is_test_house() -> bool:
    """Whether every programme of the house has a test issuer; one that has none yet has not."""
    rows = Terms.objects.filter(version=F("programme__terms"))
    issuers = [parse(text).issuer for text in rows.values_list("parameters", flat=True)]
    return bool(issuers) and all(issuer.test for issuer in issuers)


def sender() -> CodeSender:
    """Who sends codes.

    Raises:
        CannotBe: Nobody is named, and one of the house's programmes has a real issuer.
    """
    named = settings.SHAREBACK_CODE_SENDER
    if named:
        made: CodeSender = import_string(named)()
        return made
    if is_test_house():
        return ConsoleSender()
    raise CannotBe("codes_unavailable")


def new_code() -> str:
    """A code of six digits; the demo's own where it has one, in a house of test issuers alone."""
    if settings.SHAREBACK_DEMO_CODE and is_test_house():
        return str(settings.SHAREBACK_DEMO_CODE)
    return str(generate_user_code(length=DIGITS, numeric=True, dashed=False))
