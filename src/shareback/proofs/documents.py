"""The proof of an account as a file: read, and checked with keys that are trusted.

Whoever has the file and a programme's key needs nothing else: no account, no server, no Django.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, NoReturn

from shareback.proofs.checkpoint import Checkpoint, read_checkpoint
from shareback.proofs.commitment import SALT_BYTES
from shareback.proofs.merkle import HASH_BYTES
from shareback.proofs.notes import (
    Note,
    NoteUnreadable,
    Purpose,
    SignatureWrong,
    Verifier,
    read_note,
    vouched,
)
from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import (
    HEIGHT_MAX,
    SUM_MAX,
    WEIGHTED_MAX,
    Account,
    AccountKind,
    Liabilities,
    Node,
    Sums,
    check_account,
)

DOCUMENT_CHARACTERS_MAX = 1 << 21
NUMBER_MAX = (1 << 32) - 1
"""An account's number is written in four bytes."""

AMOUNT = re.compile(r"0|-?[1-9][0-9]{0,38}")
"""A whole number of units, in its only form; none that fits has more than 39 digits."""

FIGURES = Liabilities._fields[:-1]
SUMS = len(Sums._fields)
Fields = Mapping[str, object]


class ProofFile(NamedTuple):
    """A proof that has been read, and not yet checked.

    Attributes:
        account: Whose it is.
        place: Where its leaf is said to stand.
        path: The nodes beside the way to the root, from the leaf up.
        liabilities: What the programme says that it owes.
        note: The checkpoint, with all who vouch for it.
    """

    account: Account
    place: int
    path: tuple[Node, ...]
    liabilities: Liabilities
    note: Note


class Proved(NamedTuple):
    """What a proof that holds has shown.

    Attributes:
        checkpoint: The log at the close.
        by: The trusted keys that vouch for it, the programme's own and witnesses'.
        accrued: The dividends that the account is owed beside its cash, in µ¥.
    """

    checkpoint: Checkpoint
    by: tuple[Verifier, ...]
    accrued: int


def check_document(text: str, trusted: Sequence[Verifier]) -> Proved:
    """Check a proof from its file.

    Args:
        text: The file, JSON.
        trusted: The programme's keys that are trusted, and those of witnesses.

    Raises:
        ProofWrong: It proves nothing; nothing else is raised, whatever the file has in it.
    """
    return check_proof(read_proof(text), trusted)


def check_proof(proof: ProofFile, trusted: Sequence[Verifier]) -> Proved:
    """Check that an account is counted in what a programme has signed that it owes.

    Args:
        proof: The proof.
        trusted: The programme's keys that are trusted, and those of witnesses.

    Raises:
        ProofWrong: It does not prove it.

    Source:
        docs/reference/proofs.md, "What a verifier checks".
    """
    owed = proof.liabilities
    check_account(proof.account, proof.place, proof.path, owed)
    try:
        checkpoint = read_checkpoint(proof.note.text)
    except NoteUnreadable as fault:
        raise ProofWrong(fault.reason) from None
    if checkpoint.liabilities != owed.digest():
        raise ProofWrong("the checkpoint names other liabilities")
    if checkpoint.size != owed.size:
        raise ProofWrong("the checkpoint is of another size")
    try:
        by = tuple(vouched(proof.note, trusted))
    except SignatureWrong as fault:
        raise ProofWrong(str(fault)) from None
    if not any(one.purpose == Purpose.NOTE for one in by):
        raise ProofWrong("no trusted key has signed the checkpoint")
    return Proved(checkpoint, by, proof.account.sums.accrued(owed.dividend_index))


def read_proof(text: str) -> ProofFile:
    """Read a proof from its file.

    Args:
        text: The file, JSON. What is in it beside the proof is passed over.

    Raises:
        ProofWrong: It is none of ours.

    Source:
        docs/reference/proofs.md, "The file".
    """
    if len(text) > DOCUMENT_CHARACTERS_MAX:
        raise ProofWrong(f"more than {DOCUMENT_CHARACTERS_MAX} characters")
    try:
        found = json.loads(text, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise ProofWrong("no JSON") from None
    whole = fields_of(found, "the proof")
    nodes = list_of(whole, "path")
    if len(nodes) > HEIGHT_MAX:
        raise ProofWrong(f"a path of more than {HEIGHT_MAX} nodes")
    return ProofFile(
        read_account(inner(whole, "account")),
        count_of(whole, "place", 0, NUMBER_MAX),
        tuple(read_node(fields_of(node, "a node")) for node in nodes),
        read_liabilities(inner(whole, "liabilities")),
        read_whole_note(text_of(whole, "checkpoint")),
    )


def no_number(_name: str) -> NoReturn:
    """Refuse NaN and infinities, which JSON has not.

    Raises:
        ValueError: Always.
    """
    raise ValueError


def read_account(found: Fields) -> Account:
    """Read an account."""
    kind = count_of(found, "kind", min(AccountKind), max(AccountKind))
    number = count_of(found, "number", 1, NUMBER_MAX)
    return Account(AccountKind(kind), number, bytes_of(found, "salt", SALT_BYTES), read_sums(found))


def read_node(found: Fields) -> Node:
    """Read a node."""
    return Node(bytes_of(found, "hash", HASH_BYTES), read_sums(found))


def read_sums(found: Fields) -> Sums:
    """Read the sums of an account or a node."""
    told = list_of(found, "sums")
    if len(told) != SUMS:
        raise ProofWrong(f"{len(told)} sums, not {SUMS}")
    *small, weighted = told
    return Sums._make(
        [*(amount(value, SUM_MAX) for value in small), amount(weighted, WEIGHTED_MAX)]
    )


def read_liabilities(found: Fields) -> Liabilities:
    """Read what a programme says that it owes."""
    figures = [amount(found.get(name), SUM_MAX) for name in FIGURES]
    owed = Liabilities._make([*figures, read_node(inner(found, "top"))])
    if owed.height > HEIGHT_MAX:
        raise ProofWrong(f"a height above {HEIGHT_MAX}")
    return owed


def read_whole_note(text: str) -> Note:
    """Read a checkpoint with those who vouch for it."""
    try:
        # A lone half of a surrogate pair is a character to JSON, and to nobody else.
        text.encode()
        return read_note(text)
    except NoteUnreadable as fault:
        raise ProofWrong(fault.reason) from None
    except UnicodeEncodeError:
        raise ProofWrong("the checkpoint is no text") from None


def amount(found: object, largest: int) -> int:
    """An amount as it is written: a string of decimal digits."""
    if not (isinstance(found, str) and AMOUNT.fullmatch(found)):
        raise ProofWrong("an amount is a string of decimal digits")
    value = int(found)
    if not 0 <= value <= largest:
        raise ProofWrong("a sum or a figure is below zero or too large")
    return value


def fields_of(found: object, name: str) -> Fields:
    """An object of JSON."""
    if not isinstance(found, dict):
        raise ProofWrong(f"{name} is no object")
    return found


def inner(found: Fields, name: str) -> Fields:
    """An object within another."""
    return fields_of(found.get(name), name)


def list_of(found: Fields, name: str) -> list[object]:
    """A list within an object."""
    value = found.get(name)
    if not isinstance(value, list):
        raise ProofWrong(f"{name} is no list")
    return value


def text_of(found: Fields, name: str) -> str:
    """A text within an object."""
    value = found.get(name)
    if not isinstance(value, str):
        raise ProofWrong(f"{name} is no text")
    return value


def count_of(found: Fields, name: str, least: int, most: int) -> int:
    """A whole number within an object."""
    value = found.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ProofWrong(f"{name} is no whole number from {least} to {most}")
    return value


def bytes_of(found: Fields, name: str, length: int) -> bytes:
    """A byte string within an object, in lower-case hexadecimal."""
    value = text_of(found, name)
    if not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value):
        raise ProofWrong(f"{name} is not {length} bytes in lower-case hexadecimal")
    return bytes.fromhex(value)
