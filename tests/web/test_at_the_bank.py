"""The public page on the reserve against the bank: compared or not, and what is unexplained."""

from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from shareback.gateways.bank.importing import Source, import_file
from shareback.gateways.bank.shapes import shown_uyuan
from shareback.journal.models import Day, Programme
from shareback.web.language import COOKIE
from shareback.web.programmes import programme_named
from tests.web.world import NAME

AT = 1_775_779_200_000_000
"""2026-04-10 08:00 in Shanghai."""


@pytest.fixture
def programme(site: Client) -> Iterator[Programme]:
    """The world's programme; what a test brings to its bank is gone after it."""
    site.cookies[COOKIE] = "en"
    with transaction.atomic():
        yield programme_named(NAME)
        transaction.set_rollback(True)


def said(site: Client, page: str) -> str:
    return " ".join(unescape(site.get(page).content.decode()).split())


def brings(programme: Programme, closing_uyuan: int, came_uyuan: int) -> None:
    """A statement of the last closed day with one line."""
    cells = (
        date.fromordinal(closed(programme).day).isoformat(),
        shown_uyuan(came_uyuan),
        shown_uyuan(closing_uyuan),
    )
    content = f"date,amount,balance\n{','.join(cells)}\n".encode()
    import_file(programme.pk, Source(content, "csv", {}, "main", "test", AT))


def closed(programme: Programme, before: int = 0) -> Day:
    return Day.objects.filter(programme_id=programme.pk).order_by("-day")[before]


def test_it_says_plainly_that_nothing_was_ever_compared(
    site: Client, page: str, programme: Programme
) -> None:
    text = said(site, page)
    assert "The reserve against the bank" in text
    assert "No bank statement has been compared with these accounts yet" in text


def test_what_is_unexplained_is_told_to_the_uyuan(
    site: Client, page: str, programme: Programme
) -> None:
    # What the last day moved is on its way: the statement shows nothing of it.
    brings(programme, closed(programme, 1).bank + 1, 1)
    text = said(site, page)
    assert "Unexplained</th> <td>¥0.000001</td>" in text
    assert "last compared on 2026-04-10 08:00" in text
    assert "Something is unexplained." in text


def test_a_bank_that_is_short_is_told_of(site: Client, page: str, programme: Programme) -> None:
    brings(programme, closed(programme).reserve // 2, 1)
    assert "The bank holds less than the reserve." in said(site, page)
