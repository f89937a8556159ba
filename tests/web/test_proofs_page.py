"""The page of proofs: what is owed beside the books, keys, witnesses, terms, checkpoints."""

import re

import pytest
from django.test import Client

from shareback.engine.calendar import day_text
from shareback.journal.models import (
    BalanceCheck,
    Checkpoint,
    Cosignature,
    Day,
    LogKey,
    Programme,
    Witness,
)
from shareback.proofs.notes import read_note, verifier_from_text, vouched
from shareback.web.shown import Voice
from tests.web.world import DAYS, NAME, checkpoints


def text_of(site: Client, address: str) -> str:
    """A page's words, without its tags."""
    answer = site.get(address, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def last_of(world: str) -> Checkpoint:
    """The world's last checkpoint."""
    found = checkpoints(world).last()
    assert found is not None
    return found


def test_says_what_is_owed_by_the_accounts_and_by_the_books(
    site: Client, page: str, world: str
) -> None:
    last = last_of(world)
    day = Day.objects.using(world).get(programme_id=last.programme_id, day=last.day)
    said = text_of(site, f"{page}proofs/?lang=en")
    voice = Voice("en")
    points = voice.points(day.points_members + day.points_merchants)
    assert f"Points held {points} {points} yes" in said
    cash = voice.money(day.cash + day.merchant_payable)
    assert f"Cash balances and merchants’ money {cash} {cash} yes" in said
    assert " no " not in said[said.index("What is owed") : said.index("Each account")]
    assert day_text(last.day) in said


def test_an_account_that_the_books_do_not_know_is_told(site: Client, page: str, world: str) -> None:
    last = last_of(world)
    rows = Day.objects.using(world).filter(programme_id=last.programme_id, day=last.day)
    before = rows.get().coins_merchants
    # The books are what somebody has changed here; the database refuses a change that shows there.
    rows.update(coins_merchants=before + 1, coins_issued=rows.get().coins_issued + 1)
    try:
        said = text_of(site, f"{page}proofs/?lang=en")
    finally:
        rows.update(coins_merchants=before, coins_issued=rows.get().coins_issued - 1)
    assert re.search(r"Coins held [\d,.]+ [\d,.]+ no", said)


def test_the_shown_keys_vouch_for_the_shown_checkpoint(site: Client, page: str) -> None:
    raw = site.get(f"{page}proofs/").content.decode()
    note = re.search(r"<pre[^>]*>\s*<code>(.*?)</code>", raw, re.DOTALL)
    key = re.search(r"<dd>\s*<code>(.*?)</code>", raw, re.DOTALL)
    assert note is not None
    assert key is not None
    trusted = verifier_from_text(key[1].strip().replace("&#x27;", "'"))
    assert vouched(read_note(note[1]), [trusted]) == [trusted]


def test_every_close_has_its_checkpoint(site: Client, page: str, world: str) -> None:
    rows = checkpoints(world)
    assert rows.count() == DAYS - 1
    said = text_of(site, f"{page}proofs/")
    for row in rows.all():
        assert f"{day_text(row.day)} {Voice('zh').count(row.size)}" in said


@pytest.mark.parametrize(
    ("seen", "fault", "says"),
    [
        (None, "", "已为 {day} 日终联署"),
        (5, "", "已联署到第 5 条"),
        (5, "refused: another root", "未联署：refused: another root"),
    ],
)
def test_says_what_each_witness_said(
    site: Client, page: str, world: str, seen: int | None, fault: str, says: str
) -> None:
    last = last_of(world)
    witness = Witness.objects.using(world).create(
        programme_id=last.programme_id,
        name="witness.example/one",
        url="http://127.0.0.1:9/",
        public=bytes(32),
        seen=last.size if seen is None else seen,
        fault=fault,
    )
    line = Cosignature.objects.using(world).create(
        programme_id=last.programme_id, day=last.day, witness=witness.name, line="— w AAAA\n"
    )
    try:
        said = text_of(site, f"{page}proofs/")
    finally:
        witness.delete()
        line.delete()
    assert says.format(day=day_text(last.day)) in said
    assert "— w AAAA" in said


def test_counts_who_has_checked(site: Client, page: str, world: str) -> None:
    last = last_of(world)
    head = Programme.objects.using(world).get(name=NAME)
    rows = [
        BalanceCheck.objects.using(world).create(
            programme_id=head.pk, day=day, kind=1, number=number
        )
        for day, number in ((last.day, 3), (last.day, 4), (last.day - 1, 3))
    ]
    try:
        said = text_of(site, f"{page}proofs/?lang=en")
    finally:
        for row in rows:
            row.delete()
    day = Day.objects.using(world).get(programme_id=head.pk, day=last.day)
    assert day.merchants > 0
    assert (
        "Checked against this close: 2 accounts. Checked at some time: 2 of"
        f" {day.members + day.merchants} members’ and merchants’ accounts." in said
    )


def test_a_programme_without_a_close_says_so(site: Client, page: str, world: str) -> None:
    head = Programme.objects.using(world).get(name=NAME)
    rows = list(Checkpoint.objects.using(world).filter(programme_id=head.pk))
    keys = LogKey.objects.using(world).filter(programme_id=head.pk)
    assert keys.count() == 1
    Checkpoint.objects.using(world).filter(programme_id=head.pk).delete()
    try:
        said = text_of(site, f"{page}proofs/?lang=en")
    finally:
        Checkpoint.objects.using(world).bulk_create(rows)
    assert "The first checkpoint is signed at the first close." in said
