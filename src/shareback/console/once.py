"""Forms that are sent twice, by a double click or on a slow line: what they ask for is done once.

Each form carries a key of its own in a hidden field. The engine takes a key with its command; what
is made in the tables of the mall is kept under it here.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest

from shareback.console.desk import desk_of
from shareback.console.roles import SHOWN_PROGRAMME
from shareback.mall.faults import CannotBe
from shareback.mall.models import KeptAnswer

FIELD, FIELD_PAGE = "once", "console/once.html"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
SCOPE = "console"
"""Whose keys these are, among all that the mall keeps answers of."""

NOT_TYPED = ("csrfmiddlewaretoken", SHOWN_PROGRAMME, FIELD)


def new_token() -> str:
    """What a form that is shown anew carries."""
    return secrets.token_urlsafe(24)


def key_of(request: HttpRequest) -> str:
    """The key of a form that was sent: it is its sender's, and stands for one thing done.

    Raises:
        Http404: The form is none of ours.
    """
    token = request.POST.get(FIELD, "")
    if not TOKEN.fullmatch(token):
        raise Http404(token)
    return f"console:{desk_of(request).user.pk}:{token}"


class Sent(NamedTuple):
    """A form that was sent.

    Attributes:
        programme: Where.
        key: The form's, 1 to 128 characters.
        digest: SHA-256 of what was typed, and on which page, 32 bytes.
    """

    programme: int
    key: str
    digest: bytes


def sent(request: HttpRequest) -> Sent:
    """The form that a request brings.

    Raises:
        Http404: The form is none of ours.
    """
    typed = sorted((name, texts) for name, texts in request.POST.lists() if name not in NOT_TYPED)
    digest = hashlib.sha256(repr((request.path, typed)).encode()).digest()
    return Sent(desk_of(request).programme.pk, key_of(request), digest)


def make_once(form: Sent, rows: Any, make: Callable[[], Any]) -> tuple[Any, bool]:  # noqa: ANN401 - of any model
    """Make a row from a form, in the caller's transaction; the same form finds it again.

    The key is taken first: the same form in another thread waits here until the row is there, or
    is not to be.

    Args:
        form: What was sent.
        rows: A manager of the rows' model.
        make: Makes the row.

    Returns:
        The row, and whether the form had made it before.

    Raises:
        CannotBe: The form made something else before, from what was typed into it then.
    """
    kept, is_first = KeptAnswer.objects.get_or_create(
        programme_id=form.programme,
        scope=SCOPE,
        key=form.key,
        defaults={"request": form.digest, "body": ""},
    )
    if is_first:
        made = make()
        kept.body = str(made.pk)
        kept.save(update_fields=["body"])
        return made, False
    if bytes(kept.request) != form.digest:
        raise CannotBe("sent_otherwise")
    return rows.get(pk=int(kept.body)), True
