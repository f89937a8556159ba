"""A48: the end of a log is cut off, or the log is rewritten with all its signatures.

Its own keys sign whatever their owner likes, so an export of such a log agrees with itself. A
checkpoint that somebody has kept does not lie on it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shareback.audit.verifying import verify_export
from shareback.engine.engine import Engine
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.proving.keys import signed
from shareback.journal.models import Checkpoint, LogKey
from shareback.proofs.notes import (
    NoteUnreadable,
    Purpose,
    Verifier,
    public_key,
    read_note,
    sign,
    verifier_from_text,
)
from shareback.rules.kinds import Kind
from tests.attacks.exports import DAYS, checkpoint_of, edited, export_of, lived, remade
from tests.backends.once import Once
from tests.engine.busy import busy_programme

Rows = list[dict[str, Any]]

pytestmark = pytest.mark.usefixtures("alias")


@pytest.fixture(scope="module")
def engine(alias: str, once: Once) -> Engine:
    """A programme that has lived; no test changes it."""
    return once(("kept checkpoints", alias), lambda: lived("kept checkpoints", alias, 8))


@pytest.fixture(scope="module")
def folder(engine: Engine, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export; no test changes it."""
    name = ("export with kept checkpoints", engine.alias)
    return once(name, lambda: export_of(engine, tmp_path_factory.mktemp("export")))


def cut_at(day: int) -> Callable[[Rows], None]:
    """Cut off what stands behind a close."""

    def cut(rows: Rows) -> None:
        closes = [place for place, row in enumerate(rows) if row["kind"] == Kind.CLOSE_DAY]
        del rows[closes[day] + 1 :]

    return cut


def cut_rows(rows: Rows) -> None:
    """Cut off what belongs to the closes behind the seventh."""
    del rows[7:]


def test_every_kept_checkpoint_lies_on_a_log_that_only_grew(engine: Engine, folder: Path) -> None:
    for place in range(DAYS + 1):
        assert verify_export(folder, checkpoint_of(engine, place)).findings == ()


def test_a_log_whose_end_was_cut_off_agrees_with_itself_but_not_with_what_was_kept(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    lengths: list[int] = []
    edited(folder, tmp_path, "journal.parquet", cut_at(6))
    edited(tmp_path, tmp_path, "journal.parquet", lambda rows: lengths.append(len(rows)))
    for name in ("days.parquet", "checkpoints.parquet"):
        edited(tmp_path, tmp_path, name, cut_rows)
    remade(tmp_path, events=lengths[0])

    assert verify_export(tmp_path).findings == ()
    assert verify_export(tmp_path, checkpoint_of(engine, 6)).findings == ()
    (finding,) = verify_export(tmp_path, checkpoint_of(engine, 7)).findings
    assert str(finding).startswith("the log was cut off or rewritten: ")


def test_an_end_that_is_missing_beside_its_checkpoints_is_named(
    folder: Path, tmp_path: Path
) -> None:
    copy = edited(folder, tmp_path, "journal.parquet", cut_at(6))
    found = "\n".join(map(str, verify_export(copy).findings))
    assert "journal.parquet has" in found
    assert "with which that day does not close" in found


def resigned(engine: Engine, keys: Engine) -> None:
    """Let one programme's checkpoints be signed by another one's key."""
    theirs = LogKey.objects.using(keys.alias).get(programme_id=keys.id)
    own = LogKey.objects.using(engine.alias).filter(programme_id=engine.id)
    own.update(origin=theirs.origin, public=theirs.public, secret=theirs.secret)
    rows = Checkpoint.objects.using(engine.alias).filter(programme_id=engine.id)
    for row in rows:
        origin, rest = read_note(row.note).text.split("\n", 1)
        assert origin != theirs.origin
        rows.filter(day=row.day).update(note=signed(f"{theirs.origin}\n{rest}", [theirs]))


def test_a_log_that_was_rewritten_and_signed_again_is_told_by_a_kept_checkpoint(
    engine: Engine, alias: str, tmp_path: Path
) -> None:
    other = busy_programme("rewritten", alias, seed=9)
    draw_up(other.id, alias)
    resigned(other, engine)
    export_of(other, tmp_path)
    key = verifier_from_text((tmp_path / "keys.txt").read_text(encoding="utf-8").strip())

    alone = verify_export(tmp_path, keys=[key])
    assert alone.findings == ()
    (finding,) = verify_export(tmp_path, checkpoint_of(engine, 3), [key]).findings
    assert str(finding).startswith("the log was rewritten: ")


def test_keys_that_are_trusted_must_have_signed(folder: Path, alias: str, tmp_path: Path) -> None:
    other = busy_programme("of another key", alias, seed=9, days=2)
    draw_up(other.id, alias)
    export_of(other, tmp_path)
    key = verifier_from_text((tmp_path / "keys.txt").read_text(encoding="utf-8").strip())
    (finding,) = verify_export(folder, keys=[key]).findings
    assert "vouches for no checkpoint" in str(finding)
    # A checkpoint that nobody known has signed is no witness against a log.
    (finding,) = verify_export(folder, checkpoint_of(other, 1)).findings
    assert "proves nothing: no trusted key signed it" in str(finding)


def test_an_honest_beginning_does_not_vouch_for_what_a_stranger_has_signed_behind_it(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    key = verifier_from_text((folder / "keys.txt").read_text(encoding="utf-8").strip())
    secret = bytes(range(32))
    stranger = Verifier(key.name, Purpose.NOTE, public_key(secret))

    def sign_the_rest(rows: Rows) -> None:
        for row in rows[5:]:
            text = read_note(row["note"]).text
            row["note"] = f"{text}\n{sign(text, key.name, secret).to_line()}"

    copy = edited(folder, tmp_path, "checkpoints.parquet", sign_the_rest)
    (copy / "keys.txt").write_text(f"{key.to_text()}\n{stranger.to_text()}\n", encoding="utf-8")
    remade(copy)
    assert verify_export(copy).findings == ()
    (finding,) = verify_export(copy, keys=[key]).findings
    assert "the last checkpoint is signed by no key that was given" in str(finding)


def test_a_kept_file_that_is_no_checkpoint_is_refused(folder: Path) -> None:
    for text in ("", "nothing\n", "a\n\n— b c\n"):
        with pytest.raises(NoteUnreadable):
            verify_export(folder, text)
