"""The witness' files: whom it trusts, its own key, its ledger; what is wrong with one is told."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from shareback.audit.witness.identity import (
    Identity,
    IdentityUnreadable,
    make_identity,
    read_identity,
)
from shareback.audit.witness.judging import Refusal
from shareback.audit.witness.ledger import (
    REFUSED_MAX,
    LedgerUnreadable,
    Refused,
    make_ledger,
)
from shareback.audit.witness.trust import KEYS_BYTES_MAX, KeysUnreadable, read_logs
from shareback.proofs.notes import Purpose
from tests.audit.logs import NAME, ROOT, Log

ONE, TWO = Log("example.com/one"), Log("example.com/two")


# ---------------------------------------------------------------------------------- whom it trusts


def test_a_log_may_have_several_keys(tmp_path: Path) -> None:
    path = tmp_path / "logs.txt"
    later = ONE.verifier._replace(key=TWO.verifier.key)
    keys = [ONE.verifier, TWO.verifier, later, ONE.verifier]
    lines = ["# ours", "", *(f"  {key.to_text()}\t" for key in keys)]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    assert read_logs(path) == {
        ONE.origin: (ONE.verifier, later),
        TWO.origin: (TWO.verifier,),
    }


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"", "logs.txt: names no log's key"),
        (b"# none\n", "logs.txt: names no log's key"),
        (b"# a\n\nnonsense\n", "logs.txt, line 3: no verifier's key"),
        (ONE.verifier.to_text().encode() + b"\nx+00000000+AAAA\n", "logs.txt, line 2: no verif"),
        (ONE.verifier.to_text().replace("one", "two").encode(), "line 1: the key's id is not"),
        (b"# a\n\xff\n", "logs.txt, line 2: is no UTF-8"),
        (b"#" * (KEYS_BYTES_MAX + 1), "logs.txt: has more than 1,048,576 bytes"),
    ],
)
def test_what_names_no_log_is_told_with_its_line(tmp_path: Path, written: bytes, told: str) -> None:
    path = tmp_path / "logs.txt"
    path.write_bytes(written)
    with pytest.raises(KeysUnreadable, match=told):
        read_logs(path)


def test_a_missing_file_of_logs_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeysUnreadable, match="No such file"):
        read_logs(tmp_path / "logs.txt")


# ------------------------------------------------------------------------------------ its own key


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    before = os.umask(0)
    try:
        with ThreadPoolExecutor(8) as threads:
            made = set(threads.map(lambda _: make_identity(path, NAME), range(16)))
    finally:
        os.umask(before)
    assert made == {read_identity(path)}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    (identity,) = made
    assert identity.verifier.name == NAME
    assert identity.verifier.purpose == Purpose.COSIGNATURE


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_identity(path, NAME)
    path.chmod(0o640)
    with pytest.raises(IdentityUnreadable, match="chmod 600"):
        read_identity(path)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a" * 201])
def test_a_witness_has_a_name_that_a_key_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(IdentityUnreadable, match="1 to 200 characters"):
        make_identity(tmp_path / "key", name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("PRIVATE+KEY+", ""),
        ("PRIVATE+KEY+", "PRIVATE+KEY+x"),
        ("witness.", "witness ."),
        ("\n", ""),
        ("\n", "\n\n"),
        ("R4f", "R4"),
        ("+B", "+A"),
        ("PRIVATE", "\xff\xfe"),
    ],
)
def test_what_is_no_key_of_a_witness_is_told(tmp_path: Path, part: str, instead: str) -> None:
    path = tmp_path / "key"
    text = Identity(NAME, bytes(range(32))).to_text()
    assert part in text
    path.write_bytes(text.replace(part, instead).encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(IdentityUnreadable, match="holds no witness' key"):
        read_identity(path)


# ------------------------------------------------------------------------------------- its ledger


def test_a_database_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE goods (name TEXT)")
    with pytest.raises(LedgerUnreadable, match="is a database of another kind"):
        make_ledger(path)
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerUnreadable, match="not a database"):
        make_ledger(path)
    with pytest.raises(LedgerUnreadable, match="cannot be used"):
        make_ledger(tmp_path)


def test_evidence_is_bounded_for_each_log_and_ground(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "seen.sqlite3")
    fork = Refused("a", Refusal.OTHER_ROOT, "fork", "cosigned", 1)
    with ledger.turn() as turn:
        turn.keep_refused(fork)
        for number in range(REFUSED_MAX + 5):
            turn.keep_refused(Refused("a", Refusal.NOT_SHOWN, f"{number}", "", number))
            turn.keep_refused(Refused("b", Refusal.NOT_SHOWN, f"{number // 2}", "", number))
    kept = ledger.refused()
    doubts = [one.at for one in kept if (one.origin, one.ground) == ("a", Refusal.NOT_SHOWN)]
    assert doubts == list(range(REFUSED_MAX + 4, 4, -1))
    assert fork in kept
    assert sum(one.origin == "b" for one in kept) == (REFUSED_MAX + 5 + 1) // 2


def test_a_turn_that_fails_changes_nothing(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "seen.sqlite3")

    def fails() -> None:
        with ledger.turn() as turn:
            turn.keep(ONE.checkpoint(5), "note", 1)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert ledger.seen() == []
    with ledger.turn() as turn:
        turn.keep(ONE.checkpoint(5), "note", 1)
    assert make_ledger(tmp_path / "seen.sqlite3").seen()[0].size == 5


def test_a_ledger_is_durable_before_anybody_hears_of_it(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "seen.sqlite3")
    with closing(ledger.connected()) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 2)


def test_a_witness_needs_neither_django_nor_a_compiler() -> None:
    told = "import sys, shareback.audit.witness.site; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", told],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert "cryptography" in loaded
    assert not {"django", "numba", "numpy", "psycopg"} & loaded
