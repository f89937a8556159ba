"""Files of proofs: read whole, or refused with a reason, whatever is in them."""

import json
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.documents import (
    DOCUMENT_CHARACTERS_MAX,
    check_document,
    check_proof,
    read_proof,
)
from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import NOBODY
from tests.proofs.trees import FOREIGN, NEXT, OURS, WITNESS, shown, small_tree, text_of

TRUSTED = [OURS.verifier, WITNESS.verifier]
GOOD = small_tree().document(2, keys=[OURS, WITNESS])
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 130)
    | st.floats()
    | st.text()
    | st.sampled_from(["0", "-1", "1e5", "\uff11", "\ud800", "a\n\nb\n", "0" * 64])
)
anything = st.recursive(
    scalars, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(), one, max_size=4)
)


def ways(found: object, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything in a document."""
    steps: list[Any] = []
    if isinstance(found, dict):
        steps = list(found)
    elif isinstance(found, list):
        steps = list(range(len(found)))
    here = [before] if before else []
    assert isinstance(found, dict | list | str | int)
    inner = [way for step in steps for way in ways(found[step], (*before, step))]  # type: ignore[index]
    return here + inner


WAYS = ways(GOOD)


def reason_of(text: str) -> str:
    """Why a file is refused."""
    with pytest.raises(ProofWrong) as caught:
        check_document(text, TRUSTED)
    return caught.value.reason


def test_a_proof_that_holds_tells_who_vouches_for_it_and_what_has_accrued() -> None:
    proved = check_document(text_of(GOOD), TRUSTED)
    assert list(proved.by) == TRUSTED
    assert proved.checkpoint.size == 1_234
    account = small_tree().seats[2]
    assert proved.accrued == account.sums.accrued(5 * 10**12) == 400


def test_what_was_read_is_what_was_written() -> None:
    tree = small_tree()
    proof = read_proof(text_of(GOOD))
    assert (proof.account, proof.place, proof.path) == (tree.seats[2], 2, tree.path(2))
    assert proof.liabilities == tree.owed()
    assert proof.note.to_text() == GOOD["checkpoint"]


def test_keys_are_the_readers_own_and_not_the_files() -> None:
    forged = small_tree().document(2, keys=[FOREIGN]) | {"keys": [FOREIGN.verifier.to_text()]}
    assert reason_of(text_of(forged)) == "no trusted key has signed the checkpoint"


def test_an_old_key_suffices_while_both_sign_and_not_once_it_is_retired() -> None:
    tree = small_tree()
    both = tree.document(2, keys=[NEXT, OURS])
    assert check_document(text_of(both), [OURS.verifier]).by == (OURS.verifier,)
    alone = read_proof(text_of(tree.document(2, keys=[NEXT])))
    with pytest.raises(ProofWrong, match="no trusted key"):
        check_proof(alone, [OURS.verifier])


@given(st.sampled_from(WAYS), anything)
def test_a_changed_file_is_read_or_refused_with_a_reason(way: tuple[Any, ...], new: object) -> None:
    found = deepcopy(GOOD)
    place: Any = found
    for step in way[:-1]:
        place = place[step]
    old = place[way[-1]]
    place[way[-1]] = new
    if type(new) is type(old) and new == old:
        return
    assert reason_of(json.dumps(found))


@given(st.sampled_from(WAYS))
def test_a_file_with_something_missing_is_refused(way: tuple[Any, ...]) -> None:
    found = deepcopy(GOOD)
    place: Any = found
    for step in way[:-1]:
        place = place[step]
    del place[way[-1]]
    assert reason_of(json.dumps(found))


@given(st.integers(0, len(text_of(GOOD)) - 1), st.characters())
def test_a_file_with_a_changed_character_is_read_or_refused(at: int, new: str) -> None:
    text = text_of(GOOD)
    changed = text[:at] + new + text[at + 1 :]
    with suppress(ProofWrong):
        # What still holds is changed where nothing depends on it: in white space between members.
        assert check_document(changed, TRUSTED).by[0] == OURS.verifier


@given(anything)
def test_what_is_no_proof_is_refused(found: object) -> None:
    assert reason_of(json.dumps(found))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("\ufeff{}", "no JSON"),
        ('{"place": NaN}', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("1" * 5_000, "no JSON"),
        ("[]", "the proof is no object"),
        ("null", "the proof is no object"),
        (" " * (DOCUMENT_CHARACTERS_MAX + 1), f"more than {DOCUMENT_CHARACTERS_MAX} characters"),
        (text_of(GOOD | {"path": [shown(NOBODY)] * 33}), "a path of more than 32 nodes"),
        (text_of(GOOD | {"path": [7]}), "a node is no object"),
        (text_of(GOOD | {"checkpoint": None}), "checkpoint is no text"),
        (json.dumps(GOOD | {"checkpoint": "\ud800\n\n— a b\n"}), "the checkpoint is no text"),
        (text_of(GOOD | {"place": True}), "place is no whole number from 0 to 4294967295"),
        (text_of(GOOD | {"place": 2.0}), "place is no whole number from 0 to 4294967295"),
    ],
)
def test_says_what_is_wrong_with_a_file(text: str, reason: str) -> None:
    assert reason_of(text) == reason
