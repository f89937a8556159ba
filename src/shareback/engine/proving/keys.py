"""The keys that sign a programme's checkpoints; one is made when it is first needed."""

import os
import secrets
from urllib.parse import quote

from django.db import DEFAULT_DB_ALIAS, transaction

from shareback.journal.models import LogKey, Programme
from shareback.proofs.notes import KEY_BYTES, Purpose, Verifier, is_name, public_key, sign

ORIGIN_SETTING = "SHAREBACK_ORIGIN"
ORIGIN_HOME = "localhost"
"""Where a log is said to be that nobody has given an address."""


class OriginUnfit(ValueError):
    """A name that no log can have."""


def origin_of(name: str) -> str:
    """What the log of a new programme is called: the site's address and the programme's name.

    Raises:
        OriginUnfit: The address that was set is none.
    """
    site = os.environ.get(ORIGIN_SETTING, ORIGIN_HOME).strip("/")
    origin = f"{site}/{quote(name, safe='')}"
    if "://" in origin or not is_name(origin):
        raise OriginUnfit(
            f"{ORIGIN_SETTING}={site!r}: an address without https://, such as example.com"
        )
    return origin


def current_keys(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[LogKey]:
    """The keys that sign now, the newest first, locked until the transaction ends."""
    rows = LogKey.objects.using(alias).select_for_update().filter(programme_id=programme)
    return list(rows.filter(retired_day=None).order_by("-number"))


def signing_keys(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[LogKey]:
    """As `current_keys`; a first one is made where there is none."""
    with transaction.atomic(using=alias):
        return current_keys(programme, alias) or [add_key(programme, alias)]


def add_key(programme: int, alias: str = DEFAULT_DB_ALIAS, origin: str | None = None) -> LogKey:
    """Make a key that signs from now on, beside those that sign already.

    Args:
        programme: The programme's number.
        alias: Which of Django's databases holds it.
        origin: What the log is called from now on; as before where nothing is said.

    Raises:
        OriginUnfit: No log can be called so.
    """
    with transaction.atomic(using=alias):
        head = Programme.objects.using(alias).get(pk=programme)
        last = LogKey.objects.using(alias).filter(programme_id=programme).order_by("number").last()
        if origin is None:
            origin = origin_of(head.name) if last is None else last.origin
        if not is_name(origin):
            raise OriginUnfit(f"{origin!r}: no spaces and no plus signs")
        secret = secrets.token_bytes(KEY_BYTES)
        return LogKey.objects.using(alias).create(
            programme_id=programme,
            number=1 if last is None else last.number + 1,
            origin=origin,
            public=public_key(secret),
            secret=secret,
            from_day=head.day,
        )


def retire_keys(programme: int, before: int, alias: str = DEFAULT_DB_ALIAS) -> int:
    """Let all keys before one sign no more, and forget their secrets; returns how many."""
    with transaction.atomic(using=alias):
        head = Programme.objects.using(alias).get(pk=programme)
        rows = LogKey.objects.using(alias).filter(programme_id=programme, number__lt=before)
        return rows.filter(retired_day=None).update(retired_day=head.day, secret=b"")


def verifier_of(key: LogKey) -> Verifier:
    """The key as those trust it who read checkpoints."""
    return Verifier(key.origin, Purpose.NOTE, bytes(key.public))


def signed(text: str, keys: list[LogKey]) -> str:
    """A note that some keys vouch for."""
    lines = [sign(text, key.origin, bytes(key.secret)).to_line() for key in keys]
    return text + "\n" + "".join(lines)
