"""What all papers have: their head, and the checkpoint by which a reader can check them."""

import base64

from django.db import DEFAULT_DB_ALIAS

from shareback.engine.calendar import day_text
from shareback.engine.statements.monthly import Closes, Span
from shareback.gateways.papers.shapes import Column, Section
from shareback.gateways.papers.words import Voice
from shareback.journal.models import Checkpoint, Cosignature, Day
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.notes import read_note
from shareback.rules.pool import price_scaled
from shareback.rules.programme import Programme as Parameters


def issuer_facts(parameters: Parameters, voice: Voice) -> list[tuple[str, str]]:
    """Who issues the points, and under which number."""
    issuer = parameters.issuer
    name = voice.say("issuer_test", name=issuer.name) if issuer.test else issuer.name
    facts = [(voice.say("issuer"), name)]
    if issuer.code is not None:
        facts.append((voice.say("code"), issuer.code))
    elif issuer.register_name and issuer.number:
        facts.append((issuer.register_name, issuer.number))
    return facts


def period_fact(span: Span, voice: Voice) -> tuple[str, str]:
    """The days of which a paper tells."""
    days = voice.say("days", first=day_text(span.first), last=day_text(span.last))
    return voice.say("period"), days


def so_far(span: Span, voice: Voice) -> str:
    """That a month goes on; "" for one that is over."""
    return "" if span.is_over else voice.say("so_far", day=day_text(span.last))


def price_facts(closes: Closes, voice: Voice) -> list[tuple[str, str]]:
    """The price at the first close of a month and at the last."""
    edges = (("price_first", closes.first), ("price_last", closes.last))
    return [(voice.say(name), price_shown(day, voice)) for name, day in edges]


def price_shown(day: Day | None, voice: Voice) -> str:
    """The price at a close, with its day."""
    if day is None:
        return voice.say("no_close")
    price = voice.price(price_of(day))
    return voice.say("price_of", price=price, day=day_text(day.day))


def price_of(day: Day) -> int:
    """The scaled price at a close (R3)."""
    return price_scaled(day.reserve, day.supply, day.last_price)


def proof_section(
    programme: int, span: Span, voice: Voice, more: str = "", alias: str = DEFAULT_DB_ALIAS
) -> Section:
    """The checkpoint of a month's last close, and how a paper is checked against it.

    Args:
        programme: The programme's number.
        span: The month.
        voice: The language.
        more: The key of a sentence for the paper's own reader; "" for none.
        alias: Which of Django's databases.
    """
    rows = Checkpoint.objects.using(alias).filter(
        programme_id=programme, day__gte=span.first, day__lte=span.last
    )
    found = rows.order_by("-day").first()
    if found is None:
        return Section(voice.say("proof"), sentences=[voice.say("proof_none")])
    path = f"/log/{programme}/checkpoint/{found.size}"
    sentences = [voice.say("proof_where", path=path)]
    sentences += [voice.say(key) for key in (more, "proof_export") if key]
    return Section(
        voice.say("proof"),
        voice.say("proof_lead", day=day_text(found.day)),
        [Column("", "day"), Column("", "words")],
        checkpoint_rows(found, voice, alias),
        sentences=sentences,
    )


def checkpoint_rows(found: Checkpoint, voice: Voice, alias: str) -> list[tuple[str, str]]:
    """A checkpoint's lines as they stand in its file, and who has cosigned it."""
    told = read_checkpoint(read_note(found.note).text)
    names = Cosignature.objects.using(alias).filter(programme_id=found.programme_id, day=found.day)
    witnesses = ", ".join(names.order_by("witness").values_list("witness", flat=True))
    return [
        (voice.say("proof_log"), told.origin),
        (voice.say("proof_size"), str(found.size)),
        (voice.say("proof_root"), base64.b64encode(told.root).decode()),
        (voice.say("proof_owed"), base64.b64encode(told.liabilities).decode()),
        (voice.say("proof_witnesses"), witnesses or voice.say("proof_nobody")),
    ]
