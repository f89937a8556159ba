"""What is told to the outside world: one thing that happened, as a message and its name."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from shareback.engine.calendar import day_text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TYPES: dict[str, str] = {
    "order.paid": "An order was paid.",
    "order.refunded": "Money of an order was given back.",
    "order.matured": "An order entered the pool.",
    "points.awarded": "A member got points: for an order, for a referral, or paid for by someone.",
    "points.redeemed": "Points were sold back.",
    "points.spent": "Goods were paid for with points.",
    "points.converted": "Points became coins.",
    "points.taken_back": "A late refund burned points.",
    "goods.returned": "Goods that were paid for with points came back.",
    "coins.paid": "A merchant was paid with coins.",
    "coins.returned": "Coins went back to whoever paid them.",
    "coins.exchanged": "A merchant's coins became points.",
    "member.exited": "A member's points reached its quota and were bought back.",
    "payout.booked": "Money was paid out to a member or a merchant.",
    "receivable.booked": "A member came to owe for points that a refund could not take back.",
    "receivable.collected": "What a member owes was taken from money that was to be paid to it.",
    "receivable.burned": "What a member owes was taken from new points.",
    "tier.changed": "A member got another tier.",
    "account.settled": "After the programme's end an account was paid.",
    "dividend.day": "A day's dividend was shared.",
    "day.closed": "A day closed.",
    "parameters.changed": "Other parameters were announced.",
    "programme.end_announced": "The programme's end was announced.",
    "programme.ended": "The programme ended.",
}
"""Each type of message, and when it is sent."""


class Notice(NamedTuple):
    """One thing that happened.

    Attributes:
        sequence: The event of the journal that it tells of.
        line: Its place among the notices of that event; places may be left out.
        type: One of `TYPES`.
        member: The number of the member whom it concerns; 0 where it is nobody's.
        day: The local day.
        at: When the event was accepted, µs UTC.
        data: Ids as the outside knows them, and amounts as decimal strings.
    """

    sequence: int
    line: int
    type: str
    member: int
    day: int
    at: int
    data: dict[str, Any]


def webhook_id(programme: int, sequence: int, line: int) -> str:
    """The name of a message: the same at each attempt and each replay."""
    return f"{programme}-{sequence}-{line}"


def moment_text(at: int) -> str:
    """µs UTC since 1970 as ISO 8601."""
    moment = EPOCH + timedelta(microseconds=at)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def message(programme: int, notice: Notice) -> str:
    """What is sent: the same text at each attempt and each replay."""
    document = {
        "type": notice.type,
        "timestamp": moment_text(notice.at),
        "programme": programme,
        "sequence": notice.sequence,
        "date": day_text(notice.day),
        "data": notice.data,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
