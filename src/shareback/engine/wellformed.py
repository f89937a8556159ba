"""Whether a command can be taken into a batch at all, before anything looks at what it says.

One command must never hurt another of its batch, so what no column and no calendar can hold is
refused here, and the others go on.
"""

from shareback.engine import commands as cmd
from shareback.rules.codes import Code
from shareback.units.scales import INT64_MAX

LENGTH_MAX = 200
"""Of an outside id or key, in characters; the journal's columns are as wide."""

LATEST = 221_845_392_000_000_000
"""The year 9000 in µs UTC: the calendar ends soon after it."""

SURROGATES = ("\ud800", "\udfff")
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
    if len(text) > LENGTH_MAX or NUL in text:
        return False
    first, last = SURROGATES
    return text.isascii() or not any(first <= letter <= last for letter in text)
