"""Signed notes and checkpoints: those of others are read, and what is none is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.checkpoint import Checkpoint, read_checkpoint
from shareback.proofs.notes import (
    LINES_MAX,
    NOTE_BYTES_MAX,
    Note,
    NoteUnreadable,
    Purpose,
    Signature,
    SignatureWrong,
    Verifier,
    cosign,
    is_name,
    public_key,
    read_note,
    sign,
    verifier_from_text,
    vouched,
)

# From the documentation of Go's sumdb/note, which wrote the first of these notes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETER_SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_NOTE = (
    f"{PETER_SAID}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

SECRET, WITNESS_SECRET = bytes(range(32)), bytes(range(32, 64))
LOG = Verifier("example.com/vintage", Purpose.NOTE, public_key(SECRET))
WITNESS = Verifier("witness.example/w1", Purpose.COSIGNATURE, public_key(WITNESS_SECRET))
CHECKPOINT = Checkpoint("example.com/vintage", 70_000, bytes(range(32)), bytes(32))


def signed(text: str) -> Note:
    return Note(text, (sign(text, LOG.name, SECRET),))


def test_a_note_of_others_is_read_and_holds() -> None:
    peter = verifier_from_text(PETER)
    note = read_note(PETER_NOTE)
    assert note.text == PETER_SAID
    assert note.to_text() == PETER_NOTE
    assert vouched(note, [peter]) == [peter]
    assert peter.to_text() == PETER


def test_the_same_key_writes_the_same_note() -> None:
    assert sign(PETER_SAID, "PeterNeumann", PETER_SECRET).to_line() in PETER_NOTE


def test_a_checkpoint_is_signed_cosigned_and_read_again() -> None:
    text = CHECKPOINT.to_text()
    note = Note(text, (*signed(text).signatures, cosign(text, WITNESS.name, WITNESS_SECRET, 5)))
    again = read_note(note.to_text())
    assert again == note
    assert vouched(again, [LOG, WITNESS]) == [LOG, WITNESS]
    assert read_checkpoint(again.text) == CHECKPOINT
    assert again.signatures[1].signature[:8] == (5).to_bytes(8, "big")


def test_keys_that_nobody_trusts_are_passed_over() -> None:
    note = signed("text\n")
    stranger = Verifier(LOG.name, Purpose.NOTE, public_key(WITNESS_SECRET))
    as_witness = LOG._replace(purpose=Purpose.COSIGNATURE)
    assert vouched(note, [stranger, as_witness]) == []
    assert vouched(note, []) == []


@pytest.mark.parametrize("place", [0, 9, 63])
def test_what_a_known_key_did_not_write_holds_nothing(place: int) -> None:
    text = CHECKPOINT.to_text()
    for line in (sign(text, LOG.name, SECRET), cosign(text, WITNESS.name, WITNESS_SECRET, 5)):
        raw = bytearray(line.signature)
        raw[place] ^= 1
        wrong = line._replace(signature=bytes(raw))
        for signatures in ((wrong,), (line, wrong)):
            with pytest.raises(SignatureWrong, match=r"is wrong"):
                vouched(Note(text, signatures), [LOG, WITNESS])
        with pytest.raises(SignatureWrong):
            vouched(Note(f"more\n{text}", (line,)), [LOG, WITNESS])
    short = Signature(LOG.name, LOG.key_id, b"short")
    with pytest.raises(SignatureWrong):
        vouched(Note(text, (short,)), [LOG])


@pytest.mark.parametrize(("at", "holds"), [(0, True), (2**63 - 1, True), (2**63, False)])
def test_a_cosignature_has_a_time_within_63_bits(at: int, holds: bool) -> None:  # noqa: FBT001
    text = CHECKPOINT.to_text()
    note = Note(text, (cosign(text, WITNESS.name, WITNESS_SECRET, at),))
    if holds:
        assert vouched(note, [WITNESS]) == [WITNESS]
    else:
        with pytest.raises(SignatureWrong):
            vouched(note, [WITNESS])


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "text\n",
        "text\n\n",
        "\n\n— a AAAAAAA=\n",
        "text\n\n— a AAAAAAA=",
        "text\n\n- a AAAAAAA=\n",
        "text\n\n— a\n",
        "text\n\n— a AAAAAA==\n",
        "text\n\n— a AAAAAA!=\n",
        "text\n\n— a AAAAAAB=\n",
        "text\n\n— a+b AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "a\tb\n\n— a AAAAAAA=\n",
        "text\n\n" + "— a AAAAAAA=\n" * (LINES_MAX + 1),
        "t" * NOTE_BYTES_MAX + "\n\n— a AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_refused(whole: str) -> None:
    with pytest.raises(NoteUnreadable):
        read_note(whole)


def test_a_text_may_hold_empty_lines_and_as_many_signatures_as_there_is_room_for() -> None:
    whole = "a\n\nb\n\n" + "— a AAAAAAA=\n" * LINES_MAX
    note = read_note(whole)
    assert note.text == "a\n\nb\n"
    assert len(note.signatures) == LINES_MAX


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+CRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteUnreadable):
        verifier_from_text(text)


@given(st.text(max_size=20))
def test_a_name_has_no_spaces_and_no_plus(name: str) -> None:
    assert is_name(name) == (
        name == "".join(name.split()) != "" and "+" not in name and min(name) >= " "
    )


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.booleans())
def test_a_checkpoint_comes_back_as_it_was_written(size: int, root: bytes, owes: bool) -> None:  # noqa: FBT001
    found = Checkpoint("example.com/a", size, root, root if owes else b"")
    assert read_checkpoint(found.to_text()) == found


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (0, ""),
        (0, "two words"),
        (1, "070000"),
        (1, "-1"),
        (1, ""),
        (1, "٣"),
        (1, "1" * 20),
        (2, "AAAA"),
        (2, "no base64"),
        (3, "liabilities AAAA"),
        (3, "something else"),
        (3, ""),
    ],
)
def test_what_is_no_checkpoint_is_refused(line: int, instead: str) -> None:
    lines = CHECKPOINT.to_text().splitlines()
    lines[line] = instead
    with pytest.raises(NoteUnreadable):
        read_checkpoint("".join(f"{one}\n" for one in lines))


def test_a_checkpoint_has_three_or_four_lines_and_a_newline_at_the_end() -> None:
    text = CHECKPOINT.to_text()
    for wrong in (
        text[:-1],
        f"{text}more\n",
        "".join(text.splitlines(keepends=True)[:2]),
        f"{text}\n",
    ):
        with pytest.raises(NoteUnreadable):
            read_checkpoint(wrong)
