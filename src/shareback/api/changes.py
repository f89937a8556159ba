"""Who changed who may call: a row for each change, in the transaction of the change."""

import json
import os
import pwd
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from shareback.api.models import AccessChange


def operator() -> str:
    """Who sits at the command line: the process's own user, whatever its environment claims."""
    number = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        # In a container the number may have no name.
        return f"cli:{number}"


def note(
    programme: int,
    at: int,
    what: AccessChange.What,
    subject: str,
    given: Mapping[str, object],
    who: str = "",
    alias: str = DEFAULT_DB_ALIAS,
) -> None:
    """Write down a change, inside its transaction.

    Args:
        programme: The programme's number.
        at: µs UTC.
        what: What was done.
        subject: The client's id, or the connection's name.
        given: What it was given; never a secret.
        who: Who did it; the user of the operating system where nobody is named.
        alias: Which of Django's databases holds the programme.
    """
    AccessChange.objects.using(alias).create(
        programme_id=programme,
        at=at,
        nonce=secrets.randbits(62),
        who=who or operator(),
        what=what,
        subject=subject,
        given=json.dumps(given, ensure_ascii=False),
    )


def changes(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[dict[str, Any]]:
    """All changes of a programme, the latest first."""
    rows = AccessChange.objects.using(alias).filter(programme_id=programme)
    return [
        {
            "at": row.at,
            "who": row.who,
            "what": row.what,
            "subject": row.subject,
            "given": json.loads(row.given),
        }
        for row in rows.order_by("-at", "-nonce")
    ]
