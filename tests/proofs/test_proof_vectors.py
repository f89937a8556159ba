"""The frozen test vectors of proofs agree with the code, and the page tells of all of them."""

import json
from typing import Any

import pytest

from shareback.proofs.commitment import drawn
from shareback.proofs.documents import check_document
from shareback.proofs.notes import verifier_from_text
from shareback.proofs.paths import ProofWrong
from shareback.proofs.places import ACCOUNT_LABEL, account_number, places, seat_of
from shareback.proofs.sum_tree import AccountKind, empty
from tests.proofs.proof_vectors import FILE, written

VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize("row", VECTORS["accepted"], ids=lambda row: row["name"])
def test_accepts_what_holds(row: dict[str, Any]) -> None:
    trusted = [verifier_from_text(text) for text in row["trusted"]]
    proved = check_document(json.dumps(row["document"]), trusted)
    assert str(proved.accrued) == row["accrued"]
    assert [one.to_text() for one in proved.by] == row["vouched"]


@pytest.mark.parametrize("row", VECTORS["refused"], ids=lambda row: row["name"])
def test_refuses_what_does_not_hold_and_says_why(row: dict[str, Any]) -> None:
    trusted = [verifier_from_text(text) for text in row["trusted"]]
    with pytest.raises(ProofWrong) as caught:
        check_document(json.dumps(row["document"]), trusted)
    assert caught.value.reason == row["reason"]


@pytest.mark.parametrize("row", VECTORS["places"], ids=str)
def test_leaves_stand_in_their_frozen_places(row: dict[str, Any]) -> None:
    key, height, kind = bytes.fromhex(VECTORS["programme_key"]), row["height"], row["kind"]
    seat = seat_of(AccountKind(kind), row["number"], height)
    assert seat == row["seat"]
    order = places(height, lambda label, number: drawn(key, label, number))
    assert order.of(seat) == row["place"]
    salt = drawn(key, ACCOUNT_LABEL, account_number(AccountKind(kind), row["number"]))
    assert salt.hex() == row["salt"]


@pytest.mark.parametrize("row", VECTORS["empty"], ids=str)
def test_empty_trees_have_their_frozen_roots(row: dict[str, Any]) -> None:
    assert empty(row["height"]).digest.hex() == row["hash"]


def test_the_file_is_what_its_maker_makes() -> None:
    assert FILE.read_text("utf-8") == written()


def test_every_check_has_a_proof_that_falls_at_it() -> None:
    page = FILE.with_name("proofs.md").read_text("utf-8")
    checks = {row["check"] for row in VECTORS["refused"]}
    assert checks == {"file", "tree", "root", "index", "checkpoint", "signature"}
    for check in checks:
        assert f"**{check}**" in page, check
