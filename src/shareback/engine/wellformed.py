"""Whether a command can be taken into a batch at all, before anything looks at what it says.

One command must never hurt another of its batch, so what no column and no calendar can hold is
refused here, and the others go on.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from shareback.engine import commands as cmd
from shareback.engine.calendar import utc_day
from shareback.rules.codes import Code
from shareback.rules.programme import Programme
from shareback.units.scales import INT64_MAX

LENGTH_MAX = 200
"""Of an outside id or key, in characters; the journal's columns are as wide."""

LATEST = 221_845_392_000_000_000
"""The year 9000 in µs UTC: the calendar ends soon after it."""

DAYS_AHEAD_MAX = 3_660
"""What is announced for a day further ahead is a slip of the pen that nothing could take back."""

NUL = "\0"

OPENED_UNDER = {
    cmd.JoinMember: "member_id",
    cmd.JoinMerchant: "merchant_id",
    cmd.PayOrder: "order_id",
    cmd.RefundOrder: "refund_id",
    cmd.SpendPoints: "payment_id",
    cmd.PayCoins: "payment_id",
}
"""The field that gives a name to what a command opens: it may not be empty."""

ANNOUNCED = {cmd.AmendProgramme: "from_day", cmd.AnnounceEnd: "end_day"}
"""The field that names a later day."""

MAY_BE_LEFT_OUT = "profit_uyuan"


def flaws(commands: Sequence[cmd.Command]) -> list[Code]:
    """The `flaw` of each command; those of a kind are looked at together while none has one."""
    kinds = cmd.of_each_kind(commands)
    if all(are_sound(kind, group) for kind, group in kinds.items()):
        return [Code.ACCEPTED] * len(commands)
    return [flaw(command) for command in commands]


def are_sound(kind: type[cmd.Command], commands: Sequence[cmd.Command]) -> bool:
    """Whether no command has a flaw, as far as a look at whole columns can tell."""
    if kind in ANNOUNCED:
        return False
    columns = dict(zip(kind._fields, zip(*commands, strict=True), strict=True))
    named = columns.get(OPENED_UNDER.get(kind, ""), ())
    return (
        all(is_plain(name, values) for name, values in columns.items())
        and "" not in named
        and min(columns["at"]) >= 0
        and max(columns["at"]) < LATEST
        and min(columns.get("approvals", (0,))) >= 0
    )


def is_text(name: str) -> bool:
    """Whether a field of a command holds a text: an outside id, a key, a category."""
    return name.endswith("_id") or name in {"key", "category"}


def is_plain(name: str, values: Sequence[Any]) -> bool:
    """Whether a field's values are of the kind that it holds, and can be held."""
    types = set(map(type, values))
    if is_text(name):
        return types == {str} and (
            max(map(len, values)) <= LENGTH_MAX and is_encodable("".join(values))
        )
    if name == MAY_BE_LEFT_OUT:
        values = [value for value in values if value is not None] or [0]
        types.discard(type(None))
    return types <= {int, bool} and min(values) >= -INT64_MAX and max(values) <= INT64_MAX


def flaw(command: cmd.Command) -> Code:
    """``ACCEPTED``, or why a command cannot be taken.

    Args:
        command: Any command, from wherever it came.

    Returns:
        ``ID_INVALID`` where an id or key is empty, too long, no text, or cannot be written down;
        ``AMOUNT_INVALID`` where a number or time is none, or outside of what can be counted, or
        parameters break a promise.
    """
    for name, value in zip(command._fields, command, strict=True):
        if isinstance(value, Programme):
            if not keeps_its_promises(value):
                return Code.AMOUNT_INVALID
        elif not is_plain(name, (value,)):
            return Code.ID_INVALID if is_text(name) else Code.AMOUNT_INVALID
    opened = OPENED_UNDER.get(type(command))
    if opened is not None and getattr(command, opened) == "":
        return Code.ID_INVALID
    if not 0 <= command.at < LATEST or getattr(command, "approvals", 0) < 0:
        return Code.AMOUNT_INVALID
    announced = ANNOUNCED.get(type(command))
    if announced is not None and getattr(command, announced) > utc_day(command.at) + DAYS_AHEAD_MAX:
        return Code.AMOUNT_INVALID
    return Code.ACCEPTED


def keeps_its_promises(programme: Programme) -> bool:
    """Whether parameters hold up: a copy of some that were checked may have been changed since."""
    try:
        return Programme.model_validate_json(programme.canonical()) == programme
    except ValidationError:
        return False


def is_encodable(text: str) -> bool:
    """Whether a text is without surrogates, and without the NUL that PostgreSQL refuses."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return NUL not in text
