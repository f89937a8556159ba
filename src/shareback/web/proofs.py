"""What proves a programme's accounts: checkpoints, what was owed, coverage, keys, witnesses."""

from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.opening import Version
from shareback.engine.proving.accounts import whole_note
from shareback.engine.proving.checkpoints import liabilities_from_bytes
from shareback.engine.proving.keys import verifier_of
from shareback.journal.models import (
    BalanceCheck,
    Checkpoint,
    Cosignature,
    Day,
    LogKey,
    Programme,
    Witness,
)
from shareback.proofs.notes import Purpose, Verifier
from shareback.proofs.sum_tree import Liabilities
from shareback.units.exact import mul_div
from shareback.web.coverage import coverage_history
from shareback.web.shown import Voice
from shareback.web.terms_shown import amendments, parameters

CHECKPOINTS_A_PAGE = 60
SPECIFIED = {
    "proofs": "docs/reference/proofs.md",
    "log": "docs/reference/log.md",
    "vectors": "docs/reference/proofs-vectors.json",
    "verifier": "clients/verifier/verify.py",
}
"""Where in the source the formats are specified, and what else checks them."""


class Owed(NamedTuple):
    """One kind of what is owed, by the tree of accounts and by the books."""

    label: str
    by_accounts: str
    by_books: str
    agrees: bool


class CheckpointShown(NamedTuple):
    """One checkpoint as people read it."""

    day: str
    size: str
    raw_size: int
    root: str
    owed: str
    witnesses: str


class KeyShown(NamedTuple):
    """A key that signs checkpoints, or a witness."""

    text: str
    said: str
    is_well: bool = True


def proofs_page(
    programme: Programme, versions: list[Version], voice: Voice, page: int
) -> dict[str, Any]:
    """The context of the page.

    Args:
        programme: The head row.
        versions: All versions of the parameters.
        voice: The language of the page.
        page: Which page of the table of checkpoints, from 1.
    """
    rows = Checkpoint.objects.filter(programme_id=programme.pk).order_by("-day")
    last = rows.first()
    count = rows.count()
    pages = max(1, -(-count // CHECKPOINTS_A_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * CHECKPOINTS_A_PAGE
    return {
        "last": None if last is None else latest(programme, last, voice),
        "log_keys": keys(programme, voice),
        "witnesses": witnesses(programme, last, voice),
        "parameters": parameters(versions[programme.terms].programme, voice),
        "version": version(versions, programme.terms, voice),
        "amendments": amendments(programme, versions, voice),
        "rows": table(programme, list(rows[first : first + CHECKPOINTS_A_PAGE]), voice),
        "pages": pages,
        "page_words": voice.say("pages", page=page, pages=pages),
        "newer": page - 1,
        "older": page + 1 if page < pages else 0,
        "how_to_check": voice.say("how_to_check_words", **SPECIFIED),
        **coverage_history(programme, voice),
    }


def version(versions: list[Version], in_force: int, voice: Voice) -> str:
    """Which version of the parameters is in force, and since when."""
    if in_force == 0:
        return voice.say("terms_first")
    since = day_text(versions[in_force].from_day)
    return voice.say("terms_version", version=in_force + 1, day=since)


def latest(programme: Programme, row: Checkpoint, voice: Voice) -> dict[str, Any]:
    """The last checkpoint: what it says, and whether the books say the same."""
    owed = liabilities_from_bytes(bytes(row.liabilities))
    day = Day.objects.get(programme_id=programme.pk, day=row.day)
    checked = BalanceCheck.objects.filter(programme_id=programme.pk, day=row.day).count()
    ever = BalanceCheck.objects.filter(programme_id=programme.pk)
    return {
        "day": day_text(row.day),
        "note": whole_note(row),
        "owed": owed_lines(owed, day, voice),
        "as_of": voice.say("owes_as_of", day=day_text(row.day)),
        "checked": voice.say(
            "checked_words",
            today=voice.count(checked),
            ever=voice.count(ever.values("kind", "number").distinct().count()),
            accounts=voice.count(day.members + day.merchants),
        ),
    }


def owed_lines(owed: Liabilities, day: Day, voice: Voice) -> list[Owed]:
    """What is owed, by the sums of all accounts and by the day's books."""
    sums = owed.top.sums
    accrued = sums.accrued(owed.dividend_index)
    worth = mul_div(sums.points, owed.reserve, owed.supply) if owed.supply > 0 else 0
    points = day.points_members + day.points_merchants
    by_books = mul_div(points, day.reserve, day.supply) if day.supply > 0 else 0

    def line(name: str, ours: int, books: int, shown: Any) -> Owed:  # noqa: ANN401 - a Voice's
        return Owed(voice.say(name), shown(ours), shown(books), ours == books)

    return [
        line("owes_points", sums.points, points, voice.points),
        line("owes_worth", worth, by_books, voice.money),
        line("owes_coins", sums.coins, day.coins_members + day.coins_merchants, voice.coins),
        line("owes_cash", sums.cash, day.cash + day.merchant_payable, voice.money),
        # The dust of flooring is in payable and is nobody's (R7.3).
        Owed(
            voice.say("owes_dividends"),
            voice.money(accrued),
            voice.money(day.payable),
            accrued <= day.payable,
        ),
        line("owes_receivable", sums.receivable, day.receivables, voice.money),
    ]


def keys(programme: Programme, voice: Voice) -> list[KeyShown]:
    """The keys that sign or signed checkpoints, the newest first."""
    found = []
    for key in LogKey.objects.filter(programme_id=programme.pk).order_by("-number"):
        since = day_text(key.from_day)
        retired = "" if key.retired_day is None else day_text(key.retired_day)
        words = voice.say("key_retired", since=since, until=retired) if retired else ""
        text = verifier_of(key).to_text()
        found.append(KeyShown(text, words or voice.say("key_signs", since=since), not retired))
    return found


def witnesses(programme: Programme, last: Checkpoint | None, voice: Voice) -> list[KeyShown]:
    """Who cosigns, and what they said of the last checkpoint."""
    found = []
    for one in Witness.objects.filter(programme_id=programme.pk).order_by("name"):
        text = Verifier(one.name, Purpose.COSIGNATURE, bytes(one.public)).to_text()
        if one.fault:
            said = voice.say("witness_fault", fault=one.fault)
        elif last is not None and one.seen == last.size:
            said = voice.say("witness_cosigned", day=day_text(last.day))
        else:
            said = voice.say("witness_seen", size=voice.count(one.seen))
        found.append(KeyShown(text, said, not one.fault))
    return found


def table(programme: Programme, rows: list[Checkpoint], voice: Voice) -> list[CheckpointShown]:
    """Checkpoints as rows of a table."""
    names: dict[int, list[str]] = {}
    lines = Cosignature.objects.filter(
        programme_id=programme.pk, day__in=[row.day for row in rows]
    ).order_by("witness")
    for day, name in lines.values_list("day", "witness"):
        names.setdefault(day, []).append(name)
    found = []
    for row in rows:
        owed = liabilities_from_bytes(bytes(row.liabilities))
        found.append(
            CheckpointShown(
                day_text(row.day),
                voice.count(row.size),
                row.size,
                bytes(row.root).hex()[:16],
                owed.digest().hex()[:16],
                ", ".join(names.get(row.day, ())),
            )
        )
    return found
