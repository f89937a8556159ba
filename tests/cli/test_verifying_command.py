"""``shareback export``, and ``verify`` of what it wrote and of an account's proof."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shareback.proofs.documents import read_proof
from shareback.proofs.notes import Purpose, Verifier
from tests.attacks.exports import edited, remade
from tests.cli.conftest import ROOT, Run, Shareback
from tests.cli.orders import write

VECTORS = json.loads((ROOT / "docs/reference/proofs-vectors.json").read_text(encoding="utf-8"))
STRANGER = Verifier("example.com/stranger", Purpose.NOTE, bytes(range(32))).to_text()


@pytest.fixture(scope="module")
def made(run_in: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of a programme with checkpoints, and one of them kept; no test changes it."""
    folder = tmp_path_factory.mktemp("made")
    assert callable(run_in)
    database = ("--database", f"sqlite://{folder}/a.db")
    assert run_in(folder, "replay", write(folder), *database).code == 0
    assert run_in(folder, "close", "--until", "2026-01-25", *database).code == 0
    run: Run = run_in(folder, "export", "--out", "export", *database, "--json")
    told = run.json
    assert told["written"] == "export"
    assert min(told["events"], told["days"], told["checkpoints"]) > 0
    return folder / "export"


def key_of(made: Path) -> str:
    """The key that signed."""
    return (made / "keys.txt").read_text(encoding="utf-8").strip()


def test_what_was_exported_verifies(shareback: Shareback, made: Path) -> None:
    told = shareback("verify", "--export", made, "--json").json
    assert told["ok"] is True
    assert told["findings"] == []
    assert told["vouched"] == {key_of(made): told["events"]}
    assert len(bytes.fromhex(told["root"])) == 32
    run = shareback("verify", "--export", made)
    assert (run.code, "believed" in run.out) == (0, True)
    run = shareback("verify", "--export", made, "--key", key_of(made))
    assert (run.code, "believed" in run.out) == (0, False)
    name = key_of(made).partition("+")[0]
    assert f"{name} vouches for its first {told['events']:,} events" in " ".join(run.out.split())


def test_a_difference_is_told_and_ends_with_1(
    shareback: Shareback, made: Path, tmp_path: Path
) -> None:
    def raise_reserve(rows: list[dict[str, object]]) -> None:
        rows[0]["reserve"] = 1

    copy = edited(made, tmp_path / "copy", "days.parquet", raise_reserve)
    run = shareback("verify", "--export", copy)
    assert (run.code, run.out) == (1, "")
    assert "reserve is 1 in the export" in run.err
    told = shareback("verify", "--export", copy, "--json")
    assert (told.code, told.err) == (1, "")
    assert json.loads(told.out)["ok"] is False


def test_a_kept_checkpoint_lies_on_the_log(
    shareback: Shareback, made: Path, tmp_path: Path
) -> None:
    notes: list[dict[str, object]] = []
    edited(made, tmp_path / "copy", "checkpoints.parquet", notes.extend)
    (tmp_path / "kept.txt").write_text(str(notes[2]["note"]), encoding="utf-8")
    assert shareback("verify", "--export", made, "--checkpoint", "kept.txt").code == 0

    remade(tmp_path / "copy")
    edited(tmp_path / "copy", tmp_path / "copy", "journal.parquet", lambda rows: rows.pop())
    run = shareback("verify", "--export", "copy", "--checkpoint", "kept.txt")
    assert run.code == 1
    assert "journal.parquet has" in run.err


def torn(folder: Path) -> None:
    """Tear a table off, and say in the manifest that it is so."""
    path = folder / "journal.parquet"
    path.write_bytes(path.read_bytes()[:200])
    remade(folder)


def other_columns(folder: Path) -> None:
    """Put one table into the place of another."""
    shutil.copy(folder / "accounts.parquet", folder / "days.parquet")
    remade(folder)


def no_keys(folder: Path) -> None:
    """Write a line that is no key."""
    (folder / "keys.txt").write_text("key\n", encoding="utf-8")
    remade(folder)


def manifest(body: bytes) -> Callable[[Path], object]:
    """Write another manifest."""
    return lambda folder: (folder / "manifest.json").write_bytes(body)


SPOILED: dict[str, Callable[[Path], object]] = {
    "empty": manifest(b""),
    "list": manifest(b"[1]"),
    "binary": manifest(b"\xff\xfe"),
    "files": manifest(b'{"format":1,"programme":"a","events":1,"files":{}}'),
    "events": lambda folder: remade(folder, events=10**30),
    "version": lambda folder: remade(folder, format=2),
    "lacks": lambda folder: (folder / "days.parquet").unlink(),
    "columns": other_columns,
    "torn": torn,
    "keys": no_keys,
}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("none", "manifest.json: cannot be read: No such file"),
        ("empty", "manifest.json: it: Invalid JSON"),
        ("list", "manifest.json: it: "),
        ("version", "manifest.json: format: "),
        ("events", "manifest.json: events: "),
        ("files", "manifest.json: files: not exactly"),
        ("binary", "manifest.json: is no text in UTF-8"),
        ("lacks", "days.parquet: is missing"),
        ("columns", "days.parquet: has other columns"),
        ("torn", "journal.parquet: cannot be read"),
        ("keys", "keys.txt: line 1: no verifier's key"),
    ],
)
def test_a_folder_that_is_no_export_is_told_in_one_line(
    shareback: Shareback, made: Path, tmp_path: Path, spoil: str, words: str
) -> None:
    copy = tmp_path / "copy"
    if spoil != "none":
        SPOILED[spoil](Path(shutil.copytree(made, copy)))
    assert words in shareback("verify", "--export", "copy").fault


def test_options_that_do_not_go_together_are_told(shareback: Shareback, made: Path) -> None:
    (made.parent / "note.txt").write_text("no checkpoint\n", encoding="utf-8")
    note = made.parent / "note.txt"
    for arguments, words in (
        ((), "--full, --export DIR or --proof FILE"),
        (("--full", "--export", made), "--full, --export DIR or --proof FILE"),
        (("--full", "--key", STRANGER), "not with --full"),
        (("--proof", note, "--checkpoint", note), "--checkpoint goes with --export"),
        (("--export", made, "--name", "x"), "--database and --name go with --full"),
        (("--export", made, "--checkpoint", note), "no checkpoint"),
        (("--export", made, "--checkpoint", made), "Is a directory"),
        (("--export", made, "--checkpoint", "none.txt"), "No such file"),
        (("--export", made, "--key", "key"), "--key key: no verifier's key"),
        (("--proof", note), "--key"),
        (("--proof", note, "--key", STRANGER), "no proof: no JSON"),
        (("--proof", "none.json", "--key", STRANGER), "No such file"),
    ):
        assert words in shareback("verify", *arguments).fault


def test_the_proof_of_an_account_is_checked(shareback: Shareback, tmp_path: Path) -> None:
    case = VECTORS["accepted"][0]
    text = json.dumps(case["document"])
    (tmp_path / "proof.json").write_text(text, encoding="utf-8")
    keys = [part for key in case["trusted"] for part in ("--key", key)]
    account = read_proof(text).account
    told = shareback("verify", "--proof", "proof.json", *keys, "--json").json
    assert told["ok"] is True
    assert (told["kind"], told["number"]) == (account.kind.name.lower(), account.number)
    assert told["sums"]["points"] == str(account.sums.points)
    assert told["accrued"] == str(case["accrued"])
    assert " is counted on " in shareback("verify", "--proof", "proof.json", *keys).out

    run = shareback("verify", "--proof", "proof.json", "--key", STRANGER)
    assert (run.code, run.out) == (1, "")
    assert "proves nothing: no trusted key has signed the checkpoint" in run.err
