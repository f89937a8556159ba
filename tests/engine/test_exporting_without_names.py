"""Exports that name nobody: pseudonyms, everybody at the last close, and the journal under them."""

import base64
import hashlib
import hmac
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from shareback.audit.reading import ReplayFailed
from shareback.audit.replaying import Replay
from shareback.engine import commands as cmd
from shareback.engine import exporting, exporting_parquet
from shareback.engine.engine import Engine
from shareback.engine.exporting import BESIDE, FILES, write_books
from shareback.engine.exporting_parquet import JOURNAL, SILENT
from shareback.engine.exporting_rows import DAYS, PEOPLE
from shareback.engine.opening import open_programme
from shareback.engine.pseudonyms import ALPHABET, Of, pseudonyms
from shareback.engine.reading import logged_bodies
from shareback.engine.reporting import DAY_COLUMNS, all_members, write_days
from shareback.journal.models import Day, Member, Merchant, Programme
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import Head
from tests.backends.once import Once
from tests.engine.busy import DAY, MEMBERS, MERCHANTS, OPENED, SALTS, busy_programme, parameters

pytestmark = pytest.mark.usefixtures("alias")


def closed_up(alias: str) -> Engine:
    """A programme with a last close after which nothing has happened."""
    engine = busy_programme("closed up", alias, seed=4, days=5, count=60)
    engine.close(engine.calendar.day_of(OPENED) + 5)
    return engine


@pytest.fixture(scope="session")
def closed(alias: str, once: Once) -> Engine:
    """That programme."""
    return once(("closed up", alias), lambda: closed_up(alias))


def table(name: str, folder: Path, engine: Engine) -> list[dict[str, Any]]:
    """One of the tables of an export."""
    if not (folder / name).exists():
        write_books(engine.programme.name, "parquet", folder, engine.alias)
    rows: list[dict[str, Any]] = pq.read_table(folder / name).to_pylist()
    return rows


def key_of(engine: Engine) -> bytes:
    return bytes(Programme.objects.using(engine.alias).get(pk=engine.id).key)


def pseudonym(key: bytes, kind: int, number: int) -> str:
    """A pseudonym as the page says it comes about, by nothing of ours."""
    message = b"shareback/mask/1" + (kind * 2**56 + number).to_bytes(8, "big")
    digest = hmac.digest(key, message, hashlib.sha256)
    return base64.b32encode(digest[:10]).decode().lower()


# ----------------------------------------------------------------------------------- pseudonyms


@pytest.mark.parametrize("kind", Of)
def test_a_pseudonym_is_what_the_page_says(kind: Of) -> None:
    key = bytes(range(32))
    numbers = [1, 2, 255, 2**31 - 1, 2**40]

    found = pseudonyms(key, kind, np.array(numbers, np.int64))

    assert found == [pseudonym(key, kind, number) for number in numbers]


def test_no_pseudonyms_are_none() -> None:
    assert pseudonyms(bytes(32), Of.MEMBER, np.zeros(0, np.int64)) == []


def test_another_key_or_kind_gives_another_pseudonym() -> None:
    one = np.array([7], np.int64)
    found = {*pseudonyms(bytes(32), Of.MEMBER, one), *pseudonyms(b"k" * 32, Of.MEMBER, one)}
    found |= {*pseudonyms(bytes(32), Of.MERCHANT, one), *pseudonyms(bytes(32), Of.ORDER, one)}
    assert len(found) == 4
    assert {len(name) for name in found} == {16}
    assert set("".join(found)) <= set(ALPHABET.tobytes().decode())


# --------------------------------------------------------------------------------------- people


def test_members_and_merchants_stand_as_the_books_say(closed: Engine, tmp_path: Path) -> None:
    rows = {row["pseudonym"]: row for row in table("members.parquet", tmp_path, closed)}
    key, alias = key_of(closed), closed.alias
    assert len(rows) == MEMBERS + MERCHANTS

    stored = Member.objects.using(alias).filter(programme_id=closed.id)
    invited = Counter(stored.values_list("referrer", flat=True))
    credited = dict(stored.values_list("number", "dividends"))
    tiers = [None, *(tier.name for tier in closed.programme.tiers)]
    for one in all_members(closed, alias):
        row = rows.pop(pseudonym(key, Of.MEMBER, one.number))
        assert row == {
            "pseudonym": row["pseudonym"],
            "kind": "member",
            "joined": "2026-01",
            "tier": tiers[one.tier],
            "points": Decimal(one.points).scaleb(-8),
            "coins": Decimal(one.coins).scaleb(-6),
            "cash": Decimal(one.cash).scaleb(-6),
            "payable": None,
            "quota": Decimal(one.quota).scaleb(-6),
            "quota_used": Decimal(one.used).scaleb(-6),
            "quota_left": Decimal(one.quota - one.used).scaleb(-6),
            "dividends": Decimal(credited[one.number] + one.accrued).scaleb(-6),
            "receivable": Decimal(one.receivable).scaleb(-6),
            "referrals": invited[one.number],
        }
    for shop in Merchant.objects.using(alias).filter(programme_id=closed.id):
        row = rows.pop(pseudonym(key, Of.MERCHANT, shop.number))
        assert (row["kind"], row["joined"], row["tier"]) == ("merchant", "2026-01", None)
        assert row["points"] == Decimal(shop.points).scaleb(-8)
        assert row["coins"] == Decimal(shop.coins).scaleb(-6)
        assert row["payable"] == Decimal(shop.payable).scaleb(-6)
        assert row["cash"] is row["quota"] is row["referrals"] is None
    assert rows == {}


def test_the_members_are_those_of_the_last_close(busy: Engine, tmp_path: Path) -> None:
    """Much has happened since: `busy` has lived on for a day that is still open."""
    rows = table("members.parquet", tmp_path, busy)
    last = Day.objects.using(busy.alias).filter(programme_id=busy.id).order_by("day").last()
    assert last is not None

    def total(name: str, kind: str) -> Decimal:
        cells = [row[name] for row in rows if row["kind"] == kind]
        return Decimal(sum(cells))

    assert last.sequence < busy.head()[Head.SEQUENCE]
    assert total("points", "member") == Decimal(last.points_members).scaleb(-8)
    assert total("points", "merchant") == Decimal(last.points_merchants).scaleb(-8)
    assert total("coins", "member") == Decimal(last.coins_members).scaleb(-6)
    assert total("quota", "member") == Decimal(last.quota_granted).scaleb(-6)
    assert total("payable", "merchant") == Decimal(last.merchant_payable).scaleb(-6)


def test_whoever_joined_after_the_last_close_is_not_there_yet(alias: str, tmp_path: Path) -> None:
    engine = busy_programme("late comers", alias, seed=6, days=2, count=10)
    engine.apply([cmd.JoinMember(OPENED + 3 * DAY, "late")])
    before = table("members.parquet", tmp_path / "before", engine)
    engine.apply([cmd.JoinMember(OPENED + 45 * DAY, "later")])
    engine.close(engine.calendar.day_of(OPENED) + 45)
    after = table("members.parquet", tmp_path / "after", engine)

    assert len(before) == MEMBERS + MERCHANTS
    months = Counter(row["joined"] for row in after)
    assert months == {"2026-01": MEMBERS + MERCHANTS + 1, "2026-02": 1}


def test_the_order_of_the_members_is_that_of_their_pseudonyms(
    closed: Engine, tmp_path: Path
) -> None:
    names = [row["pseudonym"] for row in table("members.parquet", tmp_path, closed)]
    assert names == sorted(names)
    by_number = [pseudonym(key_of(closed), Of.MEMBER, number + 1) for number in range(MEMBERS)]
    assert [name for name in names if name in by_number] != by_number


def test_pseudonyms_stay_the_same_from_export_to_export(closed: Engine, tmp_path: Path) -> None:
    first, second = (table("members.parquet", tmp_path / name, closed) for name in ("1", "2"))
    assert first == second


# -------------------------------------------------------------------------------------- journal


def test_the_journal_has_every_event_by_day_and_kind(busy: Engine, tmp_path: Path) -> None:
    rows = table("journal.parquet", tmp_path, busy)
    expected: Counter[tuple[date, str]] = Counter()
    paid: Counter[str] = Counter()
    names = {number: pseudonym(key_of(busy), Of.MEMBER, number) for number in range(MEMBERS + 1)}
    for chunk in Replay().chunks(logged_bodies(busy.id, busy.head()[Head.SEQUENCE], busy.alias)):
        days, kinds = chunk.days.tolist(), [Kind(kind) for kind in chunk.kinds.tolist()]
        for day, kind, ints in zip(days, kinds, chunk.events.ints.tolist(), strict=True):
            expected[date.fromordinal(day), kind.name] += 1
            if kind is Kind.PAY_ORDER:
                paid[names[ints[1]]] += ints[3]

    assert Counter((row["day"], row["kind"]) for row in rows) == expected
    told: Counter[str] = Counter()
    for row in rows:
        if row["kind"] == "PAY_ORDER":
            told[row["member"]] += int(row["paid"].scaleb(6))
    assert told == paid


def test_the_journal_ties_refunds_to_orders(busy: Engine, tmp_path: Path) -> None:
    rows = table("journal.parquet", tmp_path, busy)
    orders = {row["order"] for row in rows if row["kind"] == "PAY_ORDER"}
    refunded = {row["order"] for row in rows if row["kind"] == "REFUND_ORDER"}
    assert refunded
    assert refunded < orders
    assert None not in orders


def test_the_journal_tells_neither_moments_nor_places_nor_who_is_tied_to_whom(
    busy: Engine, tmp_path: Path
) -> None:
    rows = table("journal.parquet", tmp_path, busy)
    assert list(rows[0]) == JOURNAL.names
    assert not {"sequence", "at", "referrer", "party", "first_member", "last_member"} & {*rows[0]}
    silent = [row for row in rows if Kind[row["kind"]] in SILENT]
    assert len(silent) > MEMBERS
    for row in silent:
        assert [name for name, cell in row.items() if cell is not None] == ["day", "kind"]


def test_the_order_of_the_journal_follows_from_what_its_rows_say(
    busy: Engine, tmp_path: Path
) -> None:
    write_books("busy", "parquet", tmp_path, busy.alias)
    rows = pq.read_table(tmp_path / "journal.parquet")
    assert rows.sort_by([(name, "ascending") for name in JOURNAL.names]).equals(rows)


def test_every_field_of_an_event_is_told_or_left_out_on_purpose() -> None:
    left_out = {"referrer", "party", "first_member", "last_member"}
    fields = {name for names in FIELDS.values() for name in names}
    assert set(exporting_parquet.TOLD) == fields - left_out


def test_no_outside_id_is_in_any_table(closed: Engine, tmp_path: Path) -> None:
    for name in BESIDE["parquet"]:
        cells = {cell for row in table(name, tmp_path, closed) for cell in row.values()}
        texts = {cell for cell in cells if isinstance(cell, str)}
        assert not {f"m{n}" for n in range(MEMBERS)} & texts
        assert not {f"s{n}" for n in range(MERCHANTS)} & texts


def test_the_chunks_of_a_day_are_put_together(
    closed: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = table("journal.parquet", tmp_path / "whole", closed)
    monkeypatch.setattr(exporting, "logged_bodies", partial(logged_bodies, chunk=7))
    assert table("journal.parquet", tmp_path / "pieces", closed) == whole


# ----------------------------------------------------------------------------------------- days


def test_the_days_say_what_days_csv_says(busy: Engine, tmp_path: Path) -> None:
    assert tuple(DAYS) == DAY_COLUMNS
    rows = table("days.parquet", tmp_path, busy)
    write_days(busy, tmp_path / "days.csv")
    _heading, *lines = (tmp_path / "days.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(lines) > 10
    for row, line in zip(rows, lines, strict=True):
        for cell, text in zip(row.values(), line.split(","), strict=True):
            if isinstance(cell, Decimal):
                assert cell == Decimal(text)
            else:
                assert ("" if cell is None else str(cell)) == text


# --------------------------------------------------------------------------------------- faults


def test_days_that_name_a_close_that_is_none_are_refused_and_leave_nothing(
    closed: Engine, tmp_path: Path
) -> None:
    last = Day.objects.using(closed.alias).filter(programme_id=closed.id).order_by("day").last()
    assert last is not None
    day = Day.objects.using(closed.alias).filter(programme_id=closed.id, day=last.day)
    day.update(sequence=last.sequence - 1)
    try:
        with pytest.raises(ReplayFailed, match="closes no day"):
            write_books("closed up", "parquet", tmp_path, closed.alias)
    finally:
        day.update(sequence=last.sequence)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_the_last_table_leaves_none_of_them(
    closed: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (FILES["parquet"], *BESIDE["parquet"]):
        (tmp_path / name).write_text("as it was", encoding="ascii")
    monkeypatch.setitem(PEOPLE, "one too many", PEOPLE["kind"])
    with pytest.raises(IndexError):
        write_books("closed up", "parquet", tmp_path, closed.alias)
    assert {path.read_text(encoding="ascii") for path in tmp_path.iterdir()} == {"as it was"}


def test_a_programme_without_a_close_has_tables_without_rows(alias: str, tmp_path: Path) -> None:
    open_programme(parameters("never closed"), OPENED, alias, SALTS)
    write_books("never closed", "parquet", tmp_path, alias)
    counts = {name: pq.read_table(tmp_path / name).num_rows for name in BESIDE["parquet"]}
    assert counts == {"journal.parquet": 1, "days.parquet": 0, "members.parquet": 0}


def test_members_are_counted_into_the_progress(closed: Engine, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_books("closed up", "parquet", tmp_path, closed.alias, lambda *done: seen.append(done))
    total = closed.head()[Head.SEQUENCE] + MEMBERS + MERCHANTS
    assert {of for _done, of in seen} == {total}
    assert seen[-1] == (total, total)
    assert [done for done, _of in seen] == sorted(done for done, _of in seen)
