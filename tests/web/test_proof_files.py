"""The files of the page of proofs: public figures alone, bounded, kept by browsers, harmless."""

import csv
import json
import re
import tomllib
from io import StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shareback.engine.calendar import day_text
from shareback.engine.orders_file.leftovers import harmless
from shareback.engine.proving.checkpoints import liabilities_from_bytes
from shareback.engine.reporting import DAY_COLUMNS
from shareback.journal.models import Checkpoint, Cosignature, Day, Programme
from shareback.proofs.notes import read_note, verifier_from_text, vouched
from shareback.rules.programme import TEST_ISSUER
from shareback.rules.programme import Programme as Parameters
from shareback.web import downloads
from shareback.web.programme_file import programme_file
from shareback.web.programmes import parameters_of, programme_named
from tests.web.world import DAYS, HEAVY, NAME, SHOPS, checkpoints

FILES = ("days.csv", "checkpoints.json", "programme.toml")
BIG_TABLES = ("journal_member", "journal_order", "journal_movement", "journal_event")


def body(answer: Any) -> str:  # noqa: ANN401 - one of the client's two kinds
    """What a file says, whether it streams or not."""
    assert answer.status_code == 200
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


def days_of(world: str) -> list[Day]:
    rows = Day.objects.using(world).filter(programme__name=NAME)
    return list(rows.order_by("day"))


def rows_of(site: Client, page: str) -> list[dict[str, str]]:
    """The lines of the days' file."""
    return list(csv.DictReader(StringIO(body(site.get(f"{page}proofs/days.csv")))))


# ----------------------------------------------------------------------------------------- days


def test_every_closed_day_is_a_line_with_its_figures(site: Client, page: str, world: str) -> None:
    rows, days = rows_of(site, page), days_of(world)
    assert len(rows) == len(days) == DAYS - 1
    assert tuple(rows[0]) == DAY_COLUMNS
    assert [row["day"] for row in rows] == [day_text(day.day) for day in days]
    assert [row["log_root"] for row in rows] == [bytes(day.root).hex() for day in days]
    exits = [int(row["exits"]) for row in rows]
    assert sum(exits) == days[-1].exits > 0


def test_days_that_are_read_in_pieces_are_the_same(
    site: Client, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of(site, page)
    monkeypatch.setattr(downloads, "ROWS_AT_ONCE", 7)
    assert rows_of(site, page) == whole


def test_a_file_of_a_long_life_has_the_last_days_and_their_own_flows(
    site: Client, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of(site, page)
    monkeypatch.setattr(downloads, "DAYS_MAX", 5)
    assert rows_of(site, page) == whole[-5:]


# ---------------------------------------------------------------------------------- checkpoints


def test_all_checkpoints_stand_in_the_file_and_their_keys_vouch_for_them(
    site: Client, page: str, world: str
) -> None:
    told = json.loads(body(site.get(f"{page}proofs/checkpoints.json")))
    rows = list(checkpoints(world))
    assert told["programme"] == NAME
    assert [one["size"] for one in told["checkpoints"]] == [row.size for row in rows]
    trusted = [verifier_from_text(text) for text in told["keys"]]
    for one in told["checkpoints"]:
        note = read_note(one["note"])
        assert vouched(note, trusted) == trusted
        owed = liabilities_from_bytes(bytes.fromhex(one["liabilities"]))
        assert owed.digest().hex() == one["owed"]


def test_checkpoints_that_are_read_in_pieces_are_the_same(
    site: Client, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = body(site.get(f"{page}proofs/checkpoints.json"))
    monkeypatch.setattr(downloads, "ROWS_AT_ONCE", 3)
    assert body(site.get(f"{page}proofs/checkpoints.json")) == whole


def test_a_witness_who_comes_later_makes_it_another_file(
    site: Client, page: str, world: str
) -> None:
    address = f"{page}proofs/checkpoints.json"
    before = site.get(address).headers["ETag"]
    last = checkpoints(world).last()
    assert last is not None
    line = Cosignature.objects.using(world).create(
        programme_id=last.programme_id, day=last.day, witness="w", line="— w AAAA\n"
    )
    try:
        answer = site.get(address)
        said = body(answer)
    finally:
        line.delete()
    assert answer.headers["ETag"] != before
    assert json.loads(said)["checkpoints"][-1]["note"].endswith("— w AAAA\n")


# ---------------------------------------------------------------------------------------- terms


def test_the_programme_file_is_the_programme(site: Client, page: str) -> None:
    text = body(site.get(f"{page}proofs/programme.toml"))
    head = programme_named(NAME)
    assert Parameters.model_validate(tomllib.loads(text)) == parameters_of(head)[head.terms]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"backing_by_category": {'a "quoted" \\ 绿色.green': "0.2", "plain": "0.25"}},
        {"name": "=1+1 '''\"\"\" \\u0041 #"},
        {"dividend_rate": "0"},
        {"award_mode": "per_spend", "award_points": "10", "award_spend": "2000"},
        {
            "profile": "authorised",
            "authority": {"jurisdiction": "X", "licence": "1", "approvers": ["A", 'B "b"']},
        },
        {"issuer": {"name": "X", "register": "R", "number": "1"}},
    ],
)
def test_a_programme_file_read_back_is_the_same_programme(changed: dict[str, object]) -> None:
    fields = {"issuer": TEST_ISSUER.model_dump(by_alias=True), **changed}
    programme = Parameters.model_validate(fields)
    assert Parameters.model_validate(tomllib.loads(programme_file(programme))) == programme


# ---------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_a_name_in_ascii_and_in_full(site: Client, page: str, name: str) -> None:
    said = site.get(f"{page}proofs/{name}").headers["Content-Disposition"]
    found = re.fullmatch(r"attachment; filename=\"([\w.-]+)\"; filename\*=UTF-8''(\S+)", said)
    assert found is not None
    assert found[1].isascii()
    assert found[1].endswith(name)
    assert unquote(found[2]) == f"{NAME} {name}"


def test_a_name_that_leads_elsewhere_is_made_harmless() -> None:
    row = Programme(pk=3, name='../..\\x"\r\nSet-Cookie: a=b\u202e' + "long " * 60)
    answer = downloads.file_of(row, "days.csv", downloads.CSV, "", HttpResponse())
    said = answer.headers["Content-Disposition"]
    whole = unquote(said.rpartition("'")[2])
    assert not set(whole) & set(downloads.UNFIT + "\r\n\u202e")
    assert not whole.startswith((".", " "))
    assert len(whole) <= downloads.NAME_MAX + len(" days.csv")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_the_same_is_not_sent_again(site: Client, page: str, name: str) -> None:
    first = site.get(f"{page}proofs/{name}")
    again = site.get(f"{page}proofs/{name}", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    other = site.get(f"{page}proofs/{name}", HTTP_IF_NONE_MATCH='"another"')
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert first.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("name", FILES)
def test_no_file_looks_at_members_or_tells_of_any(site: Client, page: str, name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        said = body(site.get(f"{page}proofs/{name}"))
    asked = " ".join(query["sql"] for query in queries)
    assert [table for table in BIG_TABLES if f'"{table}"' in asked] == []
    assert '"key"' not in asked.replace('"journal_logkey"', "")
    words = set(re.findall(r"\w+", said))
    assert not {HEAVY, *SHOPS, "V20260302"} & words


def test_no_cell_of_the_days_begins_as_a_formula_does(site: Client, page: str) -> None:
    cells = [cell for row in rows_of(site, page) for cell in row.values()]
    assert [cell for cell in cells if harmless(cell) != cell] == []


@pytest.mark.parametrize("name", FILES)
def test_a_programme_that_is_not_there_has_no_files(site: Client, name: str) -> None:
    assert site.get(f"/p/nobody/proofs/{name}").status_code == 404
    assert site.post(f"/p/nobody/proofs/{name}").status_code == 405


def test_a_programme_without_a_close_has_files_without_rows(
    site: Client, page: str, world: str
) -> None:
    head = Programme.objects.using(world).get(name=NAME)
    days, notes = days_of(world), list(checkpoints(world))
    try:
        Day.objects.using(world).filter(programme_id=head.pk).delete()
        Checkpoint.objects.using(world).filter(programme_id=head.pk).delete()
        lines = body(site.get(f"{page}proofs/days.csv")).splitlines()
        told = json.loads(body(site.get(f"{page}proofs/checkpoints.json")))
    finally:
        Day.objects.using(world).bulk_create(days)
        Checkpoint.objects.using(world).bulk_create(notes)
    assert lines == [",".join(DAY_COLUMNS)]
    assert told["checkpoints"] == []
