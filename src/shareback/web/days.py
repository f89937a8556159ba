"""A programme's closed days as a table, the latest first."""

from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Programme
from shareback.web.shown import Voice

DAYS_A_PAGE = 100


class DayShown(NamedTuple):
    """One closed day as people read it."""

    day: str
    price: str
    reserve: str
    supply: str
    dividends: str
    exits: str


def days_page(programme: Programme, voice: Voice, page: int) -> dict[str, Any]:
    """A page of the table.

    Args:
        programme: The head row.
        voice: The language of the page.
        page: Which page, from 1; what lies outside shows the nearest.
    """
    rows = Timeline(programme).closed
    pages = max(1, -(-len(rows) // DAYS_A_PAGE))
    page = min(max(page, 1), pages)
    shown = []
    last = len(rows) - (page - 1) * DAYS_A_PAGE
    for place in range(last - 1, max(last - DAYS_A_PAGE, 0) - 1, -1):
        row = rows[place]
        dividends, exits = (rows[place - 1].dividends, rows[place - 1].exits) if place else (0, 0)
        shown.append(
            DayShown(
                day_text(row.day),
                voice.price(row.price),
                voice.money(row.reserve),
                voice.points(row.supply),
                voice.money(row.dividends - dividends),
                voice.count(row.exits - exits),
            )
        )
    return {
        "rows": shown,
        "page_words": voice.say("pages", page=page, pages=pages),
        "pages": pages,
        "newer": page - 1,
        "older": page + 1 if page < pages else 0,
    }
