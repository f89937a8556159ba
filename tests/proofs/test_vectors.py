"""The frozen test vectors and the tables of the reference page agree with the code."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shareback.proofs.canonical import Entry, EntryUnreadable, decode, encode
from shareback.proofs.commitment import commit, leaf_salt
from shareback.proofs.merkle import (
    EMPTY,
    append_many,
    frontier_from_bytes,
    frontier_to_bytes,
    leaf_hash,
    root,
)
from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, Kind

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
VECTORS: dict[str, Any] = json.loads((REFERENCE / "log-vectors.json").read_text("utf-8"))


def entry_of(row: dict[str, Any]) -> Entry:
    return Entry(
        Kind(row["kind"]),
        row["sequence"],
        row["day"],
        row["at"],
        tuple(row["ints"]),
        bytes.fromhex(row["commitment"]),
        bytes.fromhex(row["blob"]),
    )


@pytest.mark.parametrize("row", VECTORS["entries"], ids=lambda row: row["sequence"])
def test_entries_have_their_frozen_bytes_and_hashes(row: dict[str, Any]) -> None:
    entry = entry_of(row)
    body = bytes.fromhex(row["body"])
    assert encode(*entry) == body
    assert decode(body) == entry
    salt = leaf_salt(bytes.fromhex(VECTORS["programme_key"]), entry.sequence)
    assert salt.hex() == row["salt"]
    assert leaf_hash(salt + body).hex() == row["leaf"]


@pytest.mark.parametrize("tree", VECTORS["trees"], ids=lambda tree: tree["size"])
def test_trees_have_their_frozen_roots_and_frontiers(tree: dict[str, Any]) -> None:
    leaves = [bytes.fromhex(row["leaf"]) for row in VECTORS["entries"][: tree["size"]]]
    frontier = append_many(EMPTY, leaves)
    assert root(frontier).hex() == tree["root"]
    assert frontier_to_bytes(frontier).hex() == tree["frontier"]
    assert frontier_from_bytes(bytes.fromhex(tree["frontier"])) == frontier


@pytest.mark.parametrize("row", VECTORS["commitments"], ids=lambda row: row["text"][:20])
def test_commitments_are_the_frozen_ones(row: dict[str, Any]) -> None:
    assert commit(bytes.fromhex(row["salt"]), row["text"]).hex() == row["commitment"]


@pytest.mark.parametrize("row", VECTORS["unreadable"], ids=lambda row: row["reason"])
def test_refuses_the_unreadable_vectors_at_their_offset(row: dict[str, Any]) -> None:
    with pytest.raises(EntryUnreadable) as caught:
        decode(bytes.fromhex(row["body"]))
    assert caught.value.offset == row["offset"]


def test_vectors_cover_what_the_page_promises() -> None:
    assert [tree["size"] for tree in VECTORS["trees"]] == list(range(10))
    ints = [value for row in VECTORS["entries"] for value in row["ints"]]
    assert {None, 0, 2**63 - 1} <= set(ints)
    assert any(row["blob"] for row in VECTORS["entries"])
    assert any(row["commitment"] for row in VECTORS["entries"])


def test_the_page_lists_the_kinds_as_the_code_has_them() -> None:
    page = (REFERENCE / "log.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \| ?(.*?) ?\| ?(.*?) ?\|$", page, re.MULTILINE)
    extras = dict.fromkeys(COMMITTED, "c") | dict.fromkeys(BLOBBED, "b")
    assert [(int(row[0]), row[1], row[2], row[3]) for row in rows] == [
        (int(kind), kind.name, ", ".join(FIELDS[kind]), extras.get(kind, "")) for kind in Kind
    ]
