"""Checkpoints: how large the log was at a close, its root, and what the programme owed then.

A checkpoint is a signed note. Its first three lines are those of every transparency log; the
fourth binds the liabilities of the same moment, so that a witness that has seen one checkpoint of
a size has seen the only liabilities of that size.
"""

import base64
from typing import NamedTuple

from shareback.proofs.merkle import HASH_BYTES
from shareback.proofs.notes import NoteUnreadable, decoded, is_name

LIABILITIES = "liabilities "
LINES = 4
SIZE_DIGITS_MAX = 19


class Checkpoint(NamedTuple):
    """The log at a close.

    Attributes:
        origin: Which log, such as ``example.com/vintage``.
        size: How many entries it has.
        root: The root of its Merkle tree, 32 bytes.
        liabilities: The root of the sum tree over all accounts, 32 bytes; empty where none was
            drawn up.
    """

    origin: str
    size: int
    root: bytes
    liabilities: bytes = b""

    def to_text(self) -> str:
        """The note's text, with the newline at its end."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.liabilities:
            lines.append(LIABILITIES + base64.b64encode(self.liabilities).decode())
        return "".join(f"{line}\n" for line in lines)


def read_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint from a note's text.

    Args:
        text: It, with the newline at its end.

    Raises:
        NoteUnreadable: It is none of ours.

    Source:
        c2sp.org/tlog-checkpoint, "Note text".
    """
    lines = text.removesuffix("\n").split("\n")
    if not LINES - 1 <= len(lines) <= LINES or not is_name(lines[0]):
        raise NoteUnreadable("a checkpoint is origin, size, root, and what it owes")
    root = decoded(lines[2])
    told = lines[3] if len(lines) == LINES else ""
    liabilities = decoded(told.removeprefix(LIABILITIES)) if told else b""
    if len(root) != HASH_BYTES or len(liabilities) not in {0, HASH_BYTES}:
        raise NoteUnreadable("a root has 32 bytes")
    found = Checkpoint(lines[0], size_of(lines[1]), root, liabilities)
    if found.to_text() != text:
        raise NoteUnreadable("a checkpoint is written in one way")
    return found


def size_of(line: str) -> int:
    """A size in decimal digits.

    Raises:
        NoteUnreadable: It is none.
    """
    if not (line.isascii() and line.isdigit() and len(line) <= SIZE_DIGITS_MAX):
        raise NoteUnreadable("a size is decimal digits")
    return int(line)
