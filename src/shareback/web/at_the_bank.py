"""What the public page says of the reserve against the bank: by the books, by its statements."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shareback.engine.calendar import EPOCH, day_text
from shareback.gateways.bank.comparing import latest_of
from shareback.gateways.bank.models import Reconciliation
from shareback.journal.models import Programme
from shareback.rules.programme import Programme as Parameters
from shareback.web.shown import Voice

State = Reconciliation.State
ROWS = {
    "books_reserve": "bank_row_books_reserve",
    "books_bank": "bank_row_books_bank",
    "bank": "bank_row_bank",
    "in_transit": "bank_row_in_transit",
    "unexplained": "bank_row_unexplained",
}
UYUAN_PER_FEN = 10_000
WORDS = {
    State.AGREED: "bank_agreed",
    State.UNEXPLAINED: "bank_open",
    State.SHORT: "bank_short",
    State.OVERDUE: "bank_overdue",
}


def at_the_bank(programme: Programme, parameters: Parameters, voice: Voice) -> dict[str, Any]:
    """The latest comparison, or that there is none; amounts as they are shown."""
    latest = latest_of(programme.pk)
    if latest is None:
        return {"compared": "", "words": voice.say("bank_never"), "rows": [], "amiss": False}
    rows = [(voice.say(key), shown(getattr(latest, name), voice)) for name, key in ROWS.items()]
    day, at = day_text(latest.day), moment(latest.at, parameters.timezone)
    return {
        "compared": voice.say("bank_compared", day=day, at=at),
        "words": voice.say(WORDS[State(latest.state)]),
        "rows": rows,
        "amiss": latest.state != State.AGREED,
    }


def shown(uyuan: int, voice: Voice) -> str:
    """Money with two decimals; in full where these would hide some of it."""
    return voice.money_exact(uyuan) if uyuan % UYUAN_PER_FEN else voice.money(uyuan)


def moment(at: int, timezone: str) -> str:
    """A moment in µs UTC as the programme's clocks show it."""
    local: datetime = (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(timezone))
    return local.strftime("%Y-%m-%d %H:%M")
