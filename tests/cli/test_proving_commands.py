"""``shareback keys`` and ``shareback witnesses``, and a close that publishes its checkpoint."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from shareback.gateways.addresses import VARIABLE
from shareback.proofs.notes import (
    Purpose,
    Verifier,
    public_key,
    read_note,
    verifier_from_text,
    vouched,
)
from tests.audit.logs import Running, witnessing
from tests.cli.conftest import Shareback
from tests.cli.orders import write

WITNESS = Verifier("witness.example/two", Purpose.COSIGNATURE, public_key(bytes(32)))


class Watched(NamedTuple):
    """A log that a witness trusts."""

    verifier: Verifier


@pytest.fixture
def journal(shareback: Shareback, tmp_path: Path, fresh_url: str) -> str:
    """The address of a programme that a replay has made."""
    assert shareback("replay", write(tmp_path), "--database", fresh_url).code == 0
    return fresh_url


def test_a_key_is_there_rotates_and_retires(shareback: Shareback, journal: str) -> None:
    here = ("--database", journal, "--json")
    (first,) = shareback("keys", *here).json["keys"]
    assert first["until"] is None
    assert verifier_from_text(first["key"]).name == "localhost/Shareback"
    second, before = shareback("keys", "--rotate", *here).json["keys"]
    assert before == first
    assert second["until"] is None
    newest, *others = shareback("keys", "--retire", *here).json["keys"]
    assert newest == second
    assert [one["until"] is None for one in others] == [False]
    renamed, *others = shareback("keys", "--origin", "example.com/wine", *here).json["keys"]
    assert verifier_from_text(renamed["key"]).name == "example.com/wine"
    assert all(one["until"] for one in others)


def test_refuses_a_name_that_no_log_can_have(shareback: Shareback, journal: str) -> None:
    assert "no spaces" in shareback("keys", "--origin", "a b", "--database", journal).fault
    both = shareback("keys", "--rotate", "--retire", "--database", journal)
    assert "one at a time" in both.fault


def test_refuses_a_witness_that_cannot_be(shareback: Shareback, journal: str) -> None:
    here = ("--database", journal)
    key, url = WITNESS.to_text(), "https://witness.example"
    for options, says in (
        (("--add", url), "go together"),
        (("--key", key), "go together"),
        (("--add", "witness.example", "--key", key), "no address"),
        (("--add", url, "--key", "nothing"), "no verifier's key"),
        (("--add", url, "--key", WITNESS._replace(purpose=Purpose.NOTE).to_text()), "a log's key"),
        (("--remove", "nobody"), "no such witness"),
        (("--remove", "nobody", "--ask"), "one at a time"),
    ):
        assert says in shareback("witnesses", *options, *here).fault
    assert shareback("witnesses", "--add", url, "--key", key, *here).code == 0
    assert "remove it first" in shareback("witnesses", "--add", url, "--key", key, *here).fault
    assert shareback("witnesses", "--remove", WITNESS.name, *here, "--json").json == {
        "witnesses": []
    }


@pytest.fixture
def witness(shareback: Shareback, journal: str, tmp_path: Path) -> Iterator[Running]:
    """A witness that trusts the programme's key."""
    (key,) = shareback("keys", "--database", journal, "--json").json["keys"]
    folder = tmp_path / "witness"
    folder.mkdir()
    with witnessing(folder, [Watched(verifier_from_text(key["key"]))]) as one:
        yield one


def test_a_close_signs_its_checkpoint_and_asks_the_witness(
    shareback: Shareback, journal: str, witness: Running
) -> None:
    here = ("--database", journal, "--json")
    told = shareback("witnesses", "--add", witness.url, "--key", witness.key.to_text(), *here).json
    (row,) = told["witnesses"]
    assert (row["seen"], row["fault"]) == (0, "")
    nearby = {VARIABLE: "1"}
    close = ("close", "--until", "2026-01-25", *here)
    assert shareback(*close, variables=nearby).json["closed"] == 4
    (row,) = shareback("witnesses", *here).json["witnesses"]
    assert row["seen"] > 0
    assert row["fault"] == ""
    note = read_note(witness.get("/checkpoint/localhost/Shareback").text)
    (key,) = shareback("keys", *here).json["keys"]
    trusted = [verifier_from_text(key["key"]), witness.key]
    assert vouched(note, trusted) == trusted
