"""The second verifier on proofs and on the published vectors, as a program."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.conftest import ROOT, verify

REFERENCE = ROOT / "docs" / "reference"
PROOFS, LOG = REFERENCE / "proofs-vectors.json", REFERENCE / "log-vectors.json"
VECTORS, LOG_VECTORS = (json.loads(path.read_text(encoding="utf-8")) for path in (PROOFS, LOG))
Document = dict[str, Any]
MEMBER = next(each for each in VECTORS["accepted"] if each["name"] == "a witness")
KEYS = [part for key in MEMBER["trusted"] for part in ("--key", key)]


def written(folder: Path, document: object) -> Path:
    """A file of JSON."""
    path = folder / "some.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def copied(document: object) -> Any:  # noqa: ANN401 -- what JSON holds
    """A copy that a test may change."""
    return json.loads(json.dumps(document))


def count_of(vectors: dict[str, object]) -> int:
    """How many vectors a file has."""
    return sum(len(cases) for cases in vectors.values() if isinstance(cases, list))


def test_all_published_vectors_hold() -> None:
    run = verify("vectors", PROOFS, LOG)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines() == [
        f"proofs-vectors.json: {count_of(VECTORS)} vectors hold",
        f"log-vectors.json: {count_of(LOG_VECTORS)} vectors hold",
    ]


def test_a_vector_that_was_altered_is_noticed(tmp_path: Path) -> None:
    altered = copied(VECTORS)
    altered["accepted"][3]["accrued"] = "25601"
    told = verify("vectors", written(tmp_path, altered)).wrong
    assert told == "vectors: a member in a tree of seven levels"

    altered = copied(VECTORS)
    altered["refused"][0]["document"] = MEMBER["document"]
    told = verify("vectors", written(tmp_path, altered)).wrong
    assert told.endswith("falls at nothing, not at file")

    log = copied(LOG_VECTORS)
    log["trees"][5]["root"] = log["trees"][4]["root"]
    assert verify("vectors", PROOFS, written(tmp_path, log)).wrong == "vectors: the tree of 5"


def test_a_proof_tells_what_follows_from_it(tmp_path: Path) -> None:
    run = verify("proof", written(tmp_path, MEMBER["document"]), *KEYS)
    assert (run.code, run.err) == (0, "")
    first, *rest = run.out.splitlines()
    assert first == "member 1 is counted at the close of day 739000 (2024-04-24), entry 1,234"
    assert rest[0] == "  points 0.00000100, weight 0.00000100, coins 0.000000"
    assert "accrued 0.000400" in rest[2]
    assert rest[3:] == [f"  vouched for by {key}" for key in MEMBER["vouched"]]


def one_sum(document: Document) -> None:
    """Let a member have a unit of points more."""
    document["account"]["sums"][0] = str(int(document["account"]["sums"][0]) + 1)


def another_place(document: Document) -> None:
    """Let the leaf stand outside of the tree."""
    document["place"] = 1 << 4


def another_day(document: Document) -> None:
    """Let it be of the day after."""
    document["liabilities"]["day"] = str(int(document["liabilities"]["day"]) + 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (one_sum, "root: the path leads to another root"),
        (another_place, "tree: the place is outside the tree"),
        (another_day, "checkpoint: it names other liabilities"),
        (lambda document: document.pop("path"), "file: path is missing or of another type"),
    ],
)
def test_a_proof_that_was_changed_falls_at_its_check(
    change: Callable[[Document], object], told: str, tmp_path: Path
) -> None:
    document = copied(MEMBER["document"])
    change(document)
    assert verify("proof", written(tmp_path, document), *KEYS).wrong == told


def test_only_keys_that_were_given_vouch(tmp_path: Path) -> None:
    other = next(each for each in VECTORS["refused"] if "no trusted key" in each["reason"])
    path = written(tmp_path, other["document"])
    told = verify("proof", path, *(part for key in other["trusted"] for part in ("--key", key)))
    assert told.wrong.startswith("signature: no trusted key of the programme")


def test_what_cannot_be_read_ends_with_2(tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    assert "No such file" in verify("proof", path, *KEYS).unreadable
    path.write_bytes(b"\xff")
    assert "cannot be read" in verify("proof", path, *KEYS).unreadable
    assert "is no key" in verify("proof", path, "--key", "mall+00000000+AAAA").unreadable
    assert verify("proof", path).code == 2
    path.write_text("[" * 100_000, encoding="ascii")
    assert verify("proof", path, *KEYS).wrong == "file: is no JSON"
