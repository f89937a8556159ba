"""The second verifier on exports of the production engine, also on such as somebody edited."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shareback.audit.verifying import verify_export
from shareback.engine.engine import Engine
from shareback.engine.proving.accounts import prove
from shareback.journal.models import Programme
from shareback.proofs.notes import Purpose, Verifier
from shareback.proofs.sum_tree import AccountKind
from shareback.rules.kinds import Kind
from tests.attacks.exports import checkpoint_of, edited, export_of, remade
from tests.verifier.conftest import WORLDS, Rows, lived, rehashed, verify

STRANGER = Verifier("example.com/stranger", Purpose.NOTE, bytes(range(32))).to_text()

pytestmark = [
    pytest.mark.usefixtures("alias"),
    pytest.mark.parametrize("journal_url", ["sqlite"], indirect=True, scope="session"),
]


def rows_of(folder: Path, name: str) -> Rows:
    """The rows of a table."""
    found: Rows = []
    edited(folder, folder, name, found.extend)
    return found


@pytest.mark.parametrize("world", [name for name in WORLDS if name != "plain"])
def test_a_world_that_lived_follows_from_its_log_by_the_written_rules(
    world: str, alias: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = lived(world, alias, monkeypatch)
    run = verify("export", export_of(engine, tmp_path))
    assert (run.code, run.err) == (0, "")
    days = rows_of(tmp_path, "days.parquet")
    assert days[-1]["orders_matured"] > 0
    assert (days[-1]["exits"] > 20) == (world in ("many exits", "poor"))
    assert any(day["bound_drawn"] for day in days) == (world == "poor")


def test_an_export_is_accepted_with_its_days_and_its_root(folder: Path, plain: Engine) -> None:
    key = (folder / "keys.txt").read_text(encoding="utf-8").strip()
    kept = folder.parent / "kept.txt"
    kept.write_text(checkpoint_of(plain, 3), encoding="utf-8")
    run = verify("export", folder, "--key", key, "--checkpoint", kept)
    assert (run.code, run.err) == (0, "")
    ours = verify_export(folder)
    first, second = run.out.splitlines()
    assert first.endswith(f": {ours.events:,} events replayed, {ours.days} days and")
    assert second == f"{ours.checkpoints} checkpoints follow; the log's root is {ours.root.hex()}"
    assert "believed" in verify("export", folder).out


def test_the_proof_of_an_account_that_lived_holds(
    plain: Engine, folder: Path, tmp_path: Path
) -> None:
    programme = Programme.objects.using(plain.alias).get(pk=plain.id)
    keys = (folder / "keys.txt").read_text(encoding="utf-8").split()
    for kind, number in ((AccountKind.MEMBER, 3), (AccountKind.MERCHANT, 2)):
        found = prove(programme, kind, number, plain.alias)
        assert found is not None
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(found.document()), encoding="utf-8")
        run = verify("proof", path, *(part for key in keys for part in ("--key", key)))
        assert run.code == 0, run.err
        assert run.out.startswith(f"{kind.name.lower()} {number} is counted at the close of day ")


# ------------------------------------------------------------------- exports that somebody edited


def a_yuan_more(rows: Rows) -> None:
    """Let the reserve of a day be larger by a yuan."""
    rows[5]["reserve"] += 1_000_000


def one_wrong_bit(rows: Rows) -> None:
    """Turn a bit of a checkpoint's signature."""
    note: str = rows[2]["note"]
    place = len(note) - 30
    turned = "A" if note[place] != "A" else "B"
    rows[2]["note"] = note[:place] + turned + note[place + 1 :]


def without_the_fourth(rows: Rows) -> None:
    """Drop a checkpoint."""
    del rows[3]


def less_owed(rows: Rows) -> None:
    """Let the reserve be another one in what is owed."""
    owed: bytes = rows[1]["liabilities"]
    rows[1]["liabilities"] = owed[:39] + bytes([owed[39] ^ 1]) + owed[40:]


@pytest.mark.parametrize(
    ("table", "edit", "told"),
    [
        ("days.parquet", a_yuan_more, "days: day 739622: reserve is "),
        ("days.parquet", Rows.pop, "days: day 739636 closes and is missing"),
        ("checkpoints.parquet", one_wrong_bit, "signature: the signature of "),
        ("checkpoints.parquet", without_the_fourth, "checkpoints: the close of day 739620 has"),
        ("checkpoints.parquet", less_owed, "liabilities: day 739618: something else is owed"),
        ("accounts.parquet", Rows.pop, "liabilities: (2, 4) has no place, or salt"),
    ],
)
def test_a_table_that_was_edited_is_refused_with_its_line(
    table: str, edit: Callable[[Rows], object], told: str, folder: Path, tmp_path: Path
) -> None:
    copy = edited(folder, tmp_path / "copy", table, edit)
    assert verify("export", copy).wrong.startswith(told)


def test_an_event_that_was_changed_is_named_by_the_figures_or_by_the_checkpoint(
    folder: Path, tmp_path: Path
) -> None:
    def found_more(rows: Rows) -> None:
        row = next(row for row in rows if row["kind"] == Kind.RECORD_UNMATCHED)
        row["i0"] += 1

    copy = rehashed(folder, tmp_path / "roots", found_more, lambda _rows: None)
    assert verify("export", copy).wrong.startswith("days: day 739617: suspense is ")

    def follow(rows: Rows) -> None:
        for row in rows:
            row["suspense"] += 1
            row["bank"] += 1

    copy = rehashed(folder, tmp_path / "figures", found_more, follow)
    told = verify("export", copy).wrong
    assert told == "checkpoints: day 739617 names another root of the log"


def test_an_event_that_the_rules_refuse_is_named(folder: Path, tmp_path: Path) -> None:
    def take_too_much(rows: Rows) -> None:
        place = next(n for n, row in enumerate(rows) if row["kind"] == Kind.WITHDRAW_TREASURY)
        rows[place]["i0"] = 10**15

    copy = edited(folder, tmp_path / "copy", "journal.parquet", take_too_much)
    told = verify("export", copy).wrong
    assert told.startswith("rules: entry ")
    assert told.endswith("WITHDRAW_TREASURY: a figure is out of range")


def test_a_checkpoint_that_was_kept_tells_of_a_log_that_was_cut_off(
    plain: Engine, folder: Path, tmp_path: Path
) -> None:
    copy, kept = tmp_path / "copy", tmp_path / "kept.txt"
    sizes = [row["sequence"] for row in rows_of(folder, "days.parquet")[:6]]

    def cut(rows: Rows) -> None:
        del rows[sizes[-1] :]

    def cut_days(rows: Rows) -> None:
        del rows[len(sizes) :]

    edited(folder, copy, "journal.parquet", cut)
    for name in ("days.parquet", "checkpoints.parquet"):
        edited(copy, copy, name, cut_days)
    remade(copy, events=sizes[-1])
    kept.write_text(checkpoint_of(plain, 5), encoding="utf-8")
    assert verify("export", copy, "--checkpoint", kept).code == 0
    kept.write_text(checkpoint_of(plain, 6), encoding="utf-8")
    told = verify("export", copy, "--checkpoint", kept).wrong
    assert told == "kept: the log was cut off: it had more events when that was signed"


def test_a_key_that_was_given_must_have_signed(folder: Path) -> None:
    told = verify("export", folder, "--key", STRANGER).wrong
    assert told == f"keys: {STRANGER} vouches for no checkpoint"


def test_a_folder_or_a_kept_file_that_is_none_ends_with_2(folder: Path, tmp_path: Path) -> None:
    assert "No such file" in verify("export", tmp_path).unreadable
    assert "is no key" in verify("export", folder, "--key", "key").unreadable
    note = tmp_path / "note.txt"
    note.write_text("no checkpoint\n", encoding="utf-8")
    assert "is no signed note" in verify("export", folder, "--checkpoint", note).unreadable
