"""What a witness is asked, and on what grounds it refuses."""

from enum import Enum
from http import HTTPStatus
from typing import NamedTuple

from shareback.proofs.checkpoint import Checkpoint, size_of
from shareback.proofs.merkle import EMPTY, HASH_BYTES, root
from shareback.proofs.notes import Note, NoteUnreadable, decoded, read_note
from shareback.proofs.paths import Path, ProofWrong, check_consistency
from shareback.units.scales import INT64_MAX

OLD = "old "
PROOF_LINES_MAX = 63


class Asked(NamedTuple):
    """A request for a cosignature.

    Attributes:
        old: The size from which the proof leads.
        proof: That the log grew from there by appending.
        note: The checkpoint, and who vouches for it.
    """

    old: int
    proof: Path
    note: Note


class Last(NamedTuple):
    """The last checkpoint of a log that was cosigned.

    Attributes:
        size: How many entries the log had.
        root: Its root.
        liabilities: The root over what was owed, or nothing; None where no checkpoint was seen.
        note: The checkpoint with the log's signatures and the witness' own.
    """

    size: int
    root: bytes
    liabilities: bytes | None
    note: str


NONE_SEEN = Last(0, root(EMPTY), None, "")
"""Of a log that has not been cosigned yet: it can only have grown from nothing."""


class Refusal(Enum):
    """Why a checkpoint is not cosigned, by precedence; the text is for people."""

    OLD_TOO_LARGE = "the old size is above the checkpoint's"
    OTHER_ROOT = "another history of the same size"
    OTHER_LIABILITIES = "something else owed at the same size"
    OLD_DIFFERS = "the old size is not that of the last checkpoint"
    NOT_SHOWN = "not shown to extend the last checkpoint"

    @property
    def status(self) -> HTTPStatus:
        """What whoever asks is answered."""
        match self:
            case Refusal.OLD_TOO_LARGE:
                return HTTPStatus.BAD_REQUEST
            case Refusal.NOT_SHOWN:
                return HTTPStatus.UNPROCESSABLE_ENTITY
            case Refusal.OTHER_ROOT | Refusal.OTHER_LIABILITIES | Refusal.OLD_DIFFERS:
                return HTTPStatus.CONFLICT

    @property
    def is_fork(self) -> bool:
        """Whether the two checkpoints prove that the log has told two stories."""
        return self in {Refusal.OTHER_ROOT, Refusal.OTHER_LIABILITIES}


def read_asked(body: bytes) -> Asked:
    """Read a request.

    Args:
        body: The old size's line, those of the proof, an empty line, and the checkpoint's note.

    Raises:
        NoteUnreadable: It is none.

    Source:
        c2sp.org/tlog-witness, "add-checkpoint".
    """
    try:
        head, blank, whole = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise NoteUnreadable("no UTF-8") from None
    told, *lines = head.split("\n")
    if not blank or not told.startswith(OLD):
        raise NoteUnreadable("a request is old size, proof, an empty line, and a checkpoint")
    if len(lines) > PROOF_LINES_MAX:
        raise NoteUnreadable(f"more than {PROOF_LINES_MAX} lines of proof")
    digits = told.removeprefix(OLD)
    old, proof = size_of(digits), tuple(map(decoded, lines))
    if str(old) != digits:
        raise NoteUnreadable("a size is written in one way")
    if any(len(each) != HASH_BYTES for each in proof):
        raise NoteUnreadable(f"a line of the proof has {HASH_BYTES} bytes")
    return Asked(within(old), proof, read_note(whole))


def within(size: int) -> int:
    """A size that a ledger holds.

    Raises:
        NoteUnreadable: It does not.
    """
    if size > INT64_MAX:
        raise NoteUnreadable("a size above 2⁶³ − 1")
    return size


def refusal_of(last: Last, new: Checkpoint, old: int, proof: Path) -> Refusal | None:
    """On what ground a checkpoint is not cosigned.

    Args:
        last: What was cosigned before.
        new: The checkpoint; a trusted key has signed it.
        old: The size from which the proof leads.
        proof: That the log grew from there.

    Returns:
        Nothing where it extends what was cosigned before.

    Source:
        c2sp.org/tlog-witness; what is owed is bound to the size beyond it.
    """
    if old > new.size:
        return Refusal.OLD_TOO_LARGE
    # Whoever forks a log shall not escape notice by naming a wrong old size.
    if new.size == last.size and new.root != last.root:
        return Refusal.OTHER_ROOT
    if new.size == last.size and last.liabilities not in {None, new.liabilities}:
        return Refusal.OTHER_LIABILITIES
    if old != last.size:
        return Refusal.OLD_DIFFERS
    try:
        check_consistency(last.size, last.root, new.size, new.root, proof)
    except ProofWrong:
        return Refusal.NOT_SHOWN
    return None
