"""Log-in codes: made, and sent by a sender that the operator chooses.

Which sender is the setting ``SHAREBACK_CODE_SENDER``. Where it is empty, a test issuer's codes are
printed on the server's terminal, and nobody else's are sent at all: a code in a log would open
accounts to whoever reads it.
"""

import sys
from typing import Protocol

from allauth.core.internal.cryptokit import generate_user_code
from django.conf import settings
from django.utils.module_loading import import_string

from shareback.mall.faults import CannotBe

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


def sender_of(*, is_test: bool) -> CodeSender:
    """Who sends codes for a shop.

    Args:
        is_test: Whether the programme's issuer is a test issuer.

    Raises:
        CannotBe: Nobody is named, and the shop is a real one.
    """
    named = settings.SHAREBACK_CODE_SENDER
    if named:
        sender: CodeSender = import_string(named)()
        return sender
    if is_test:
        return ConsoleSender()
    raise CannotBe("codes_unavailable")


def new_code(*, is_test: bool) -> str:
    """A code of six digits; the demo's own where it has one, which only a test issuer may."""
    if is_test and settings.SHAREBACK_DEMO_CODE:
        return str(settings.SHAREBACK_DEMO_CODE)
    return str(generate_user_code(length=DIGITS, numeric=True, dashed=False))
