"""Whether a command can be taken into a batch at all, before anything looks at what it says.

One command must never hurt another of its batch, so what no column and no calendar can hold is
refused here, and the others go on.
"""

from collections.abc import Sequence
from typing import Any

from shareback.engine import commands as cmd
from shareback.rules.codes import Code
from shareback.units.scales import INT64_MAX

LENGTH_MAX = 200
"""Of an outside id or key, in characters; the journal's columns are as wide."""

LATEST = 221_845_392_000_000_000
"""The year 9000 in µs UTC: the calendar ends soon after it."""

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


def flaws(commands: Sequence[cmd.Command]) -> list[Code]:
    """The `flaw` of each command; those of a kind are looked at together while none has one."""
    kinds = cmd.of_each_kind(commands)
    if all(are_sound(kind, group) for kind, group in kinds.items()):
        return [Code.ACCEPTED] * len(commands)
    return [flaw(command) for command in commands]


def are_sound(kind: type[cmd.Command], commands: Sequence[cmd.Command]) -> bool:
    """Whether no command has a flaw, as far as a look at whole columns can tell."""
    columns = dict(zip(kind._fields, zip(*commands, strict=True), strict=True))
    named = columns.get(OPENED_UNDER.get(kind, ""), ())
    return (
        all(map(is_plain, columns.values()))
        and "" not in named
        and min(columns["at"]) >= 0
        and max(columns["at"]) < LATEST
        and min(columns.get("approvals", (0,))) >= 0
    )


def is_plain(values: Sequence[Any]) -> bool:
    """Whether all of a column are texts, or all are numbers or left out, that can be held."""
    types = set(map(type, values))
    if types == {str}:
        return max(map(len, values)) <= LENGTH_MAX and is_encodable("".join(values))
    if types <= {int, bool, type(None)}:
        numbers = [value for value in values if value is not None] or [0]
        return bool(min(numbers) >= -INT64_MAX and max(numbers) <= INT64_MAX)
    return False


def flaw(command: cmd.Command) -> Code:
    """``ACCEPTED``, or why a command cannot be taken.

    Args:
        command: Any command, from wherever it came.

    Returns:
        ``ID_INVALID`` where an id or key is empty, too long, or cannot be written down;
        ``AMOUNT_INVALID`` where a number or time is outside of what can be counted.
    """
    for value in command:
        if isinstance(value, str):
            if value and not is_writable(value):
                return Code.ID_INVALID
        elif isinstance(value, int) and not -INT64_MAX <= value <= INT64_MAX:
            return Code.AMOUNT_INVALID
    name = OPENED_UNDER.get(type(command))
    if name is not None and getattr(command, name) == "":
        return Code.ID_INVALID
    if not 0 <= command.at < LATEST or getattr(command, "approvals", 0) < 0:
        return Code.AMOUNT_INVALID
    return Code.ACCEPTED


def is_writable(text: str) -> bool:
    """Whether both databases and UTF-8 can hold a text."""
    return len(text) <= LENGTH_MAX and is_encodable(text)


def is_encodable(text: str) -> bool:
    """Whether a text is without surrogates, and without the NUL that PostgreSQL refuses."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return NUL not in text
