"""What a witness answers to whoever asks for its cosignature."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from shareback.audit.witness.identity import Identity
from shareback.audit.witness.judging import Asked, Refusal, read_asked, refusal_of, within
from shareback.audit.witness.ledger import Ledger, Refused
from shareback.audit.witness.trust import Logs
from shareback.proofs.checkpoint import Checkpoint, read_checkpoint
from shareback.proofs.notes import Note, NoteUnreadable, SignatureWrong, Verifier, vouched

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


class Answer(NamedTuple):
    """An answer of HTTP."""

    status: HTTPStatus
    body: str
    kind: str = TEXT


def seconds_now() -> int:
    """This moment, in seconds UTC."""
    return time.time_ns() // 1_000_000_000


class Witness(NamedTuple):
    """A witness.

    Attributes:
        logs: The logs that it trusts.
        identity: Its own key.
        ledger: What it has seen.
        now: Its clock, in seconds UTC.
    """

    logs: Logs
    identity: Identity
    ledger: Ledger
    now: Callable[[], int] = seconds_now

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosign a checkpoint that extends the last one of its log, or refuse it.

        Raises:
            sqlite3.Error: The ledger cannot be used; nothing was cosigned.

        Source:
            c2sp.org/tlog-witness, "add-checkpoint".
        """
        try:
            asked = read_asked(body)
            origin = asked.note.text.partition("\n")[0]
            if origin not in self.logs:
                return Answer(HTTPStatus.NOT_FOUND, "this log is not known here\n")
            new = read_checkpoint(asked.note.text)
            within(new.size)
            note = signed_only(asked.note, self.logs[origin])
        except NoteUnreadable as fault:
            return Answer(HTTPStatus.BAD_REQUEST, f"{fault.reason}\n")
        except SignatureWrong as fault:
            return Answer(HTTPStatus.FORBIDDEN, f"{fault}\n")
        if not note.signatures:
            return Answer(HTTPStatus.FORBIDDEN, "no trusted key has signed it\n")
        return self.cosign_or_refuse(new, note, asked)

    def cosign_or_refuse(self, new: Checkpoint, note: Note, asked: Asked) -> Answer:
        """Cosign what a trusted log has signed, where it extends what was seen of it.

        Args:
            new: The checkpoint.
            note: It with the log's signatures.
            asked: What was asked.

        Raises:
            sqlite3.Error: The ledger cannot be used; nothing was cosigned.
        """
        line = ""
        with self.ledger.turn() as turn:
            at, last = self.now(), turn.last_of(new.origin)
            refusal = refusal_of(last, new, asked.old, asked.proof)
            if refusal is None:
                line = self.identity.cosigned(note.text, at).to_line()
                turn.keep(new, note.to_text() + line, at)
                turn.clear(new.origin, note.to_text())
            elif refusal.is_fork or refusal is Refusal.NOT_SHOWN:
                turn.keep_refused(Refused(new.origin, refusal, note.to_text(), last.note, at))
        # From here on it is durable, so that the cosignature may go out.
        if refusal is None:
            return Answer(HTTPStatus.OK, line)
        if refusal.status == HTTPStatus.CONFLICT:
            return Answer(refusal.status, f"{last.size}\n", SIZE)
        return Answer(refusal.status, f"{refusal.value}\n")


def signed_only(note: Note, keys: tuple[Verifier, ...]) -> Note:
    """A note without the lines of keys that nobody trusts.

    Raises:
        SignatureWrong: A trusted key has a line that it did not write.
    """
    names = {(key.name, key.key_id) for key in vouched(note, keys)}
    lines = (one for one in note.signatures if (one.name, one.key_id) in names)
    return Note(note.text, tuple(dict.fromkeys(lines)))
