"""The second factor: one-time codes of a telephone (TOTP), and recovery codes on paper.

They are kept as allauth keeps them (docs/decisions), so that the phone pages ask for them too; that
a code works once, on however many servers, is kept here.
"""

import hashlib
import secrets
import time
from datetime import timedelta
from typing import NamedTuple

import segno
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode

from shareback.console.models import FailedTry, SpentCode
from shareback.mall.accounts.models import User

PASSED = "console_second"
CODES_SHOWN = "console_codes_shown"
HOURS_12 = 12 * 3_600
STEP_S = 30
STEPS = (0, -1, 1)
"""A telephone's clock may be half a minute off."""

TRIES_MAX = 5
TRIES_FROM_AN_ADDRESS_MAX = 50
TRIES_WITHIN = timedelta(minutes=15)
ISSUER = "Shareback"


def has_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this session has given the second factor, for this user, within twelve hours."""
    passed = request.session.get(PASSED)
    if not isinstance(passed, dict) or passed.get("user") != user.pk:
        return False
    return bool(0 <= time.time() - passed.get("at", 0) < HOURS_12)


def pass_on(request: HttpRequest, user: User) -> None:
    """Remember in the session that the second factor was given."""
    request.session[PASSED] = {"user": user.pk, "at": int(time.time())}


def is_enrolled(user: User) -> bool:
    """Whether somebody has a telephone enrolled."""
    return kept(user, Authenticator.Type.TOTP) is not None


def kept(user: User, kind: str) -> Authenticator | None:
    """What allauth keeps of a user's second factor."""
    found: Authenticator | None = Authenticator.objects.filter(user_id=user.pk, type=kind).first()
    return found


def new_secret() -> str:
    """A secret for a telephone: 160 random bits in base 32."""
    return str(generate_totp_secret())


def qr_of(secret: str, name: str) -> str:
    """The QR code that a telephone reads to enrol, as the address of a picture."""
    label = f"{ISSUER}:{name}"
    told = urlencode({"secret": secret, "issuer": ISSUER})
    code = segno.make(f"otpauth://totp/{label}?{told}", error="m")
    return str(code.svg_data_uri(scale=5, border=2, dark="#14212b", light="#fff"))


def counter_of(secret: str, code: str, now: float) -> int | None:
    """The half minute to which a one-time code belongs; nothing where it is wrong (RFC 6238)."""
    code = "".join(code.split())
    for step in STEPS:
        counter = int(now) // STEP_S + step
        expected = format_hotp_value(hotp_value(secret, counter))
        if secrets.compare_digest(expected.encode(), code.encode()):
            return counter
    return None


def spend(user: User, counter: int) -> bool:
    """Use a one-time code up; False where somebody has used it before."""
    try:
        with transaction.atomic():
            SpentCode.objects.create(user_id=user.pk, counter=counter)
    except IntegrityError:
        return False
    old = int(time.time()) // STEP_S + min(STEPS) - 1
    SpentCode.objects.filter(user_id=user.pk, counter__lt=old).delete()
    return True


def enrol(user: User, secret: str, code: str) -> bool:
    """Enrol a telephone that shows the right code, and make recovery codes."""
    counter = counter_of(secret, code, time.time())
    if counter is None or not spend(user, counter):
        return False
    with transaction.atomic():
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
    return True


def is_right(user: User, code: str) -> bool:
    """Whether a one-time code or a recovery code of a user is right; it is used up."""
    totp = kept(user, Authenticator.Type.TOTP)
    if totp is None:
        return False
    counter = counter_of(decrypt(totp.data["secret"]), code, time.time())
    if counter is not None:
        return spend(user, counter)
    recovery = kept(user, Authenticator.Type.RECOVERY_CODES)
    return recovery is not None and bool(recovery.wrap().validate_code("".join(code.split())))


def recovery_codes(user: User) -> list[str]:
    """The recovery codes that are left."""
    recovery = kept(user, Authenticator.Type.RECOVERY_CODES)
    return [] if recovery is None else list(recovery.wrap().get_unused_codes())


def hashed(what: str) -> str:
    """Under which tries of an account or address are counted."""
    return hashlib.sha256(what.encode()).hexdigest()


class Try(NamedTuple):
    """A try that is counted: the rows that count it."""

    rows: tuple[int, ...]

    def succeeded(self) -> None:
        """It did not fail, so it does not count."""
        FailedTry.objects.filter(pk__in=self.rows).delete()


def begin_try(account: str, address: str) -> Try | None:
    """Count a try before it is made, so that of many at once no more are made than may fail.

    Args:
        account: Whose it is, however its name was written.
        address: From where it comes.

    Returns:
        The try; nothing where too many failed of late, of this account or from this address.
    """
    most = {
        hashed(f"account {account}"): TRIES_MAX,
        hashed(f"address {address}"): TRIES_FROM_AN_ADDRESS_MAX,
    }
    now = timezone.now()
    FailedTry.objects.filter(key__in=most, at__lt=now - 4 * TRIES_WITHIN).delete()
    made = Try(tuple(FailedTry.objects.create(key=key).pk for key in most))
    for key, count in most.items():
        since = FailedTry.objects.filter(key=key, at__gte=now - TRIES_WITHIN)
        if since[: count + 1].count() > count:
            made.succeeded()
            return None
    return made


def is_news(address: str) -> bool:
    """Whether an address is held up for the first time of late; who goes on trying is no news."""
    key = hashed(f"held up {address}")
    since = timezone.now() - TRIES_WITHIN
    if FailedTry.objects.filter(key=key, at__gte=since).exists():
        return False
    FailedTry.objects.filter(key=key).delete()
    FailedTry.objects.create(key=key)
    return True


def forgive(account: str) -> None:
    """Forget the failed tries of an account that has logged in."""
    FailedTry.objects.filter(key=hashed(f"account {account}")).delete()
