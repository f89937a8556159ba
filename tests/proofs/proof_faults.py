"""What is done to a proof that holds, so that it holds no more; for the vectors."""

from collections.abc import Callable
from typing import Any, NamedTuple

from shareback.proofs.checkpoint import LIABILITIES, Checkpoint
from shareback.proofs.notes import read_note
from shareback.proofs.sum_tree import NOBODY, SUM_MAX
from tests.proofs.trees import (
    FOREIGN,
    ORIGIN,
    OURS,
    ROOT,
    WITNESS,
    note_of,
    shown,
    signed,
    small_tree,
)

BELOW, TOO_LARGE, OTHER_ROOT = (
    "a sum or a figure is below zero or too large",
    "a sum is below zero or too large",
    "the proof leads to another root",
)
OF_NO_HEIGHT = "the proof is not of the tree's height"
NO_DIGITS = "an amount is a string of decimal digits"
OTHER_DEBTS = "the checkpoint names other liabilities"
NOT_SIGNED = "no trusted key has signed the checkpoint"
SIGNED_WRONG = f"the signature of {ORIGIN} is wrong"

Change = Callable[[dict[str, Any]], None]


class Fault(NamedTuple):
    """What is done to a proof that holds, and why it then does not."""

    name: str
    check: str
    reason: str
    change: Change


def setting(*where: str | int, to: object) -> Change:
    """Changes one thing in a document."""

    def change(found: dict[str, Any]) -> None:
        place: Any = found
        for step in where[:-1]:
            place = place[step]
        place[where[-1]] = to

    return change


def swapped(found: dict[str, Any]) -> None:
    """Two siblings in each other's place."""
    path = found["path"]
    path[0], path[1] = path[1], path[0]


def shortened(found: dict[str, Any]) -> None:
    """A path that ends below the root."""
    found["path"].pop()


def lengthened(found: dict[str, Any]) -> None:
    """A path that goes on above the root."""
    found["path"].append(shown(NOBODY))


def removed(name: str) -> Change:
    """Leaves something out."""

    def change(found: dict[str, Any]) -> None:
        del found[name]

    return change


def noted(note: str) -> Change:
    """Another checkpoint."""
    return setting("checkpoint", to=note)


def rewritten(old: str, new: str) -> Change:
    """The checkpoint with some characters changed."""

    def change(found: dict[str, Any]) -> None:
        found["checkpoint"] = found["checkpoint"].replace(old, new, 1)

    return change


def signature_changed(found: dict[str, Any]) -> None:
    """The last byte of the signature changed; it stays base64."""
    lines = found["checkpoint"]
    found["checkpoint"] = lines[:-4] + ("B" if lines[-4] == "A" else "A") + lines[-3:]


def fourth_line_changed(found: dict[str, Any]) -> None:
    """The first sign of the liabilities' digest changed; it stays base64."""
    head, told, rest = found["checkpoint"].partition(LIABILITIES)
    found["checkpoint"] = head + told + ("B" if rest[0] == "A" else "A") + rest[1:]


def forged_line(text: str) -> str:
    """A line under our key's id that another key wrote."""
    (line,) = read_note(signed(text, [FOREIGN])).signatures
    return line._replace(key_id=OURS.verifier.key_id).to_line()


def forged(found: dict[str, Any]) -> None:
    """The signature of another key in the place of ours."""
    text = read_note(found["checkpoint"]).text
    found["checkpoint"] = f"{text}\n{forged_line(text)}"


def forged_beside(found: dict[str, Any]) -> None:
    """Our signature, and another key's that says it is ours too."""
    found["checkpoint"] += forged_line(read_note(found["checkpoint"]).text)


SUMS_CHANGED = (
    Fault("a sum below zero", "file", BELOW, setting("path", 2, "sums", 5, to="-1")),
    Fault("a sum of 2⁶³", "file", BELOW, setting("path", 1, "sums", 0, to=str(1 << 63))),
    Fault("a weighted sum of 2¹²⁷", "file", BELOW, setting("path", 0, "sums", 7, to=str(1 << 127))),
    Fault("a figure below zero", "file", BELOW, setting("liabilities", "reserve", to="-5")),
    Fault(
        "two sums that are too large together",
        "root",
        TOO_LARGE,
        setting("path", 3, "sums", 0, to=str(SUM_MAX)),
    ),
    Fault(
        "a sum of the account changed", "root", OTHER_ROOT, setting("account", "sums", 0, to="99")
    ),
    Fault(
        "a sum of the neighbour changed", "root", OTHER_ROOT, setting("path", 0, "sums", 0, to="1")
    ),
    Fault(
        "a sum of an inner node changed", "root", OTHER_ROOT, setting("path", 2, "sums", 5, to="1")
    ),
    Fault(
        "a sum of the root changed",
        "root",
        OTHER_ROOT,
        setting("liabilities", "top", "sums", 0, to="1"),
    ),
)
TREE_CHANGED = (
    Fault("two siblings swapped", "root", OTHER_ROOT, swapped),
    Fault("a wrong place", "root", OTHER_ROOT, setting("place", to=3)),
    Fault("a place outside the tree", "tree", OF_NO_HEIGHT, setting("place", to=18)),
    Fault("a path that is too short", "tree", OF_NO_HEIGHT, shortened),
    Fault("a path that is too long", "tree", OF_NO_HEIGHT, lengthened),
    Fault("another salt", "root", OTHER_ROOT, setting("account", "salt", to="02" * 16)),
    Fault(
        "another member shown the same leaf", "root", OTHER_ROOT, setting("account", "number", to=2)
    ),
    Fault("a merchant shown a member's leaf", "root", OTHER_ROOT, setting("account", "kind", to=2)),
)
SIGNED_CHANGED = (
    Fault("a figure changed", "checkpoint", OTHER_DEBTS, setting("liabilities", "reserve", to="1")),
    Fault("another day", "checkpoint", OTHER_DEBTS, setting("liabilities", "day", to="739001")),
    Fault("another size", "checkpoint", OTHER_DEBTS, setting("liabilities", "size", to="1235")),
    Fault(
        "the checkpoint's size changed",
        "checkpoint",
        "the checkpoint is of another size",
        rewritten("\n1234\n", "\n1235\n"),
    ),
    Fault("the checkpoint's fourth line changed", "checkpoint", OTHER_DEBTS, fourth_line_changed),
    Fault(
        "a checkpoint of other liabilities",
        "checkpoint",
        OTHER_DEBTS,
        noted(note_of(small_tree().owed(reserve=1), [OURS])),
    ),
    Fault(
        "two lines where the fourth should be",
        "checkpoint",
        "a checkpoint is origin, size, root, and what it owes",
        rewritten("\nliabilities ", "\nmore\nliabilities "),
    ),
    Fault(
        "a checkpoint without its fourth line",
        "checkpoint",
        OTHER_DEBTS,
        noted(signed(Checkpoint(ORIGIN, 1_234, ROOT).to_text(), [OURS])),
    ),
    Fault(
        "the checkpoint's root changed", "signature", SIGNED_WRONG, rewritten("\nAAEC", "\nAAED")
    ),
    Fault(
        "signed by another key",
        "signature",
        NOT_SIGNED,
        noted(note_of(small_tree().owed(), [FOREIGN])),
    ),
    Fault("a signature changed", "signature", SIGNED_WRONG, signature_changed),
    Fault(
        "signed by a witness alone",
        "signature",
        NOT_SIGNED,
        noted(note_of(small_tree().owed(), [WITNESS])),
    ),
    Fault("another key's signature under a known key's id", "signature", SIGNED_WRONG, forged),
    Fault("a wrong line beside a right one", "signature", SIGNED_WRONG, forged_beside),
)
FORM_CHANGED = (
    Fault("an amount as a number", "file", NO_DIGITS, setting("account", "sums", 0, to=100)),
    Fault(
        "an amount with a zero before it",
        "file",
        NO_DIGITS,
        setting("account", "sums", 0, to="0100"),
    ),
    Fault("an amount with a sign", "file", NO_DIGITS, setting("account", "sums", 0, to="+100")),
    Fault(
        "an amount of nothing, below zero",
        "file",
        NO_DIGITS,
        setting("account", "sums", 3, to="-0"),
    ),
    Fault("seven sums", "file", "7 sums, not 8", setting("path", 0, "sums", to=["0"] * 7)),
    Fault(
        "a hash of 31 bytes",
        "file",
        "hash is not 32 bytes in lower-case hexadecimal",
        setting("path", 0, "hash", to="00" * 31),
    ),
    Fault(
        "a salt in capitals",
        "file",
        "salt is not 16 bytes in lower-case hexadecimal",
        setting("account", "salt", to="AB" * 16),
    ),
    Fault(
        "an account of nobody",
        "file",
        "kind is no whole number from 1 to 2",
        setting("account", "kind", to=0),
    ),
    Fault(
        "a place below zero",
        "file",
        "place is no whole number from 0 to 4294967295",
        setting("place", to=-1),
    ),
    Fault("no path", "file", "path is no list", removed("path")),
    Fault("no liabilities", "file", "liabilities is no object", removed("liabilities")),
    Fault(
        "a height above 32", "file", "a height above 32", setting("liabilities", "height", to="33")
    ),
    Fault(
        "no signature",
        "file",
        "no text, an empty line, and lines that vouch for it",
        noted("mall.example/vintage\n1234\n"),
    ),
)

FAULTS = (*SUMS_CHANGED, *TREE_CHANGED, *SIGNED_CHANGED, *FORM_CHANGED)
