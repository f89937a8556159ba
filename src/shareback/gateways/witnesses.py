"""Witnesses are asked to cosign a programme's checkpoints, and what they answer is kept.

All of them are asked at the same time, in two rounds: one that saw another checkpoint last than we
know of names its size, and is asked once more from there. What a witness sends is taken for
nothing but its cosignature, and that is checked with its key. One that is away is asked again
another time; one that refuses is an alarm, since it holds that the log has told two stories.
"""

import base64
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import httpx
from django.db import DEFAULT_DB_ALIAS, transaction

from shareback.gateways.addresses import AddressRefused, Resolve, resolve, target_of
from shareback.gateways.lookups import LOOKUPS, Lookups, LookupsBusy
from shareback.gateways.sending import ANSWER_MAX, AT_ONCE, PIECES_MAX, Cutter, trusted
from shareback.journal.models import Checkpoint as Published
from shareback.journal.models import Cosignature, Witness
from shareback.proofs.checkpoint import Checkpoint, read_checkpoint, size_of
from shareback.proofs.notes import (
    NoteUnreadable,
    Purpose,
    SignatureWrong,
    Verifier,
    check,
    read_note,
    read_signature,
)
from shareback.proofs.paths import Nodes, consistency_proof
from shareback.units.scales import INT64_MAX

DEADLINE_S = 10.0
"""For connecting and for a whole answer, each."""

ADD = "/add-checkpoint"
AGENT = "Shareback-Witnesses/1"
FAULT_MAX = 200

REFUSED = "refused: "
"""Begins the fault of a witness that holds our log for forked: an alarm."""

WORDS = {
    400: "calls what it was sent malformed",
    403: "does not trust the key of this log",
    404: "does not know this log",
}
"""What answers of HTTP mean, by tlog-witness."""


class Letter(NamedTuple):
    """What a witness is asked.

    Attributes:
        witness: Whom.
        old: The size from which the proof leads.
        body: The request's.
    """

    witness: Witness
    old: int
    body: bytes


class Heard(NamedTuple):
    """What came back: the HTTP status, or 0 and why there is none; and the body."""

    status: int
    body: bytes = b""
    error: str = ""


class Outcome(NamedTuple):
    """What a witness said of a checkpoint.

    Attributes:
        name: The witness'.
        line: Its cosignature, as it stands in a note; empty where it gave none.
        fault: Why it gave none, in a short line for people.
        saw: The size from which it wants to be asked again; None where it does not.
    """

    name: str
    line: str = ""
    fault: str = ""
    saw: int | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether the witness holds that the log has told two stories."""
        return self.fault.startswith(REFUSED)


class Asking:
    """Asks witnesses; may speak to this machine only where the room's rules say so."""

    def __init__(
        self,
        alias: str = DEFAULT_DB_ALIAS,
        *,
        to_private: bool | None = None,
        look_up: Resolve = resolve,
        context: ssl.SSLContext | None = None,
        lookups: Lookups = LOOKUPS,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """Keep what it works with.

        Args:
            alias: Which of Django's databases holds the programme.
            to_private: As `addresses.target_of` takes it.
            look_up: As above, however long it takes.
            context: Whose certificates are trusted; those that this machine trusts where none is
                said.
            lookups: Counts the lookups that have not ended.
            deadline_s: For connecting and for a whole answer, each.
        """
        self.alias = alias
        self.to_private = to_private
        self.look_up = look_up
        self.context = context
        self.lookups = lookups
        self.deadline_s = deadline_s

    def ask(self, programme: int, note: str, nodes: Nodes) -> list[Outcome]:
        """Ask every witness of a programme that has not cosigned a checkpoint yet, and keep it.

        Args:
            programme: Whose.
            note: A checkpoint of its journal, with its own signatures.
            nodes: The log's perfect subtrees.

        Returns:
            What each of them said; none raises for being away.

        Raises:
            NoteUnreadable: It is no checkpoint.
            Published.DoesNotExist: The journal has none of that size.
        """
        new = read_checkpoint(read_note(note).text)
        published = Published.objects.using(self.alias)
        day = published.get(programme_id=programme, size=new.size).day
        done = Cosignature.objects.using(self.alias).filter(programme_id=programme, day=day)
        witnesses = Witness.objects.using(self.alias).filter(programme_id=programme)
        missing = witnesses.exclude(name__in=done.values("witness")).order_by("name")
        # One that has seen more than this tells so itself when it is asked from nothing.
        letters = [
            letter(one, one.seen if one.seen <= new.size else 0, new, note, nodes)
            for one in missing
        ]
        found = self.round(letters, new)
        again = [
            letter(one.witness, outcome.saw, new, note, nodes)
            for one, outcome in zip(letters, found, strict=True)
            if outcome.saw is not None and outcome.saw <= new.size
        ]
        second = {one.name: one for one in self.round(again, new)}
        outcomes = [self.settled(programme, second.get(one.name, one), new) for one in found]
        self.keep(programme, day, new.size, outcomes)
        return outcomes

    def round(self, letters: Sequence[Letter], new: Checkpoint) -> list[Outcome]:
        """Ask some witnesses at the same time; the database is left alone meanwhile."""
        if not letters:
            return []
        with ThreadPoolExecutor(min(AT_ONCE, len(letters))) as pool:
            heard = list(pool.map(self.post, letters))
        return [understood(one, answer, new) for one, answer in zip(letters, heard, strict=True)]

    def post(self, asked: Letter) -> Heard:
        """Ask a witness; why there is no answer where there is none."""
        cutter = Cutter(self.deadline_s)
        try:
            return self.answered(asked, cutter)
        except AddressRefused as fault:
            return Heard(0, error=str(fault))
        except LookupsBusy:
            return Heard(0, error="too many hosts' addresses are being looked up")
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError) as fault:
            # TLS calls it a ValueError to read what was cut at this very moment.
            is_late = cutter.is_over or isinstance(fault, httpx.TimeoutException)
            return Heard(0, error="no answer in time" if is_late else f"no answer: {kind(fault)}")

    def answered(self, asked: Letter, cutter: Cutter) -> Heard:
        """A witness' answer."""
        witness = asked.witness
        look_up = self.lookups.of(("witnesses", witness.programme_id), self.look_up)
        url = witness.url.rstrip("/") + ADD
        target = target_of(url, to_private=self.to_private, look_up=look_up)
        headers = {
            "Accept-Encoding": "identity",
            "Content-Type": "text/plain; charset=utf-8",
            "Host": target.host,
            "User-Agent": AGENT,
        }
        options: dict[str, Any] = {
            # A proxy of the environment would connect to where it likes.
            "trust_env": False,
            "verify": self.context or trusted(),
            "follow_redirects": False,
            "timeout": self.deadline_s,
        }
        extensions = {"sni_hostname": target.name, "trace": cutter.trace}
        with (
            httpx.Client(**options) as client,
            cutter,
            client.stream(
                "POST", target.url, content=asked.body, headers=headers, extensions=extensions
            ) as response,
        ):
            return Heard(response.status_code, bounded(response))

    def settled(self, programme: int, outcome: Outcome, new: Checkpoint) -> Outcome:
        """What a witness said at last, where it asks no more.

        One that has seen more than this checkpoint is an alarm only where the journal itself has
        published nothing as large: two days may be sent at the same time.
        """
        if outcome.saw is None:
            return outcome
        if outcome.saw <= new.size:
            return Outcome(outcome.name, fault="names another size each time that it is asked")
        later = Published.objects.using(self.alias).filter(
            programme_id=programme, size__gte=outcome.saw
        )
        told = f"it has seen {outcome.saw} entries, and this checkpoint has {new.size}"
        return Outcome(outcome.name, fault=told if later.exists() else f"{REFUSED}{told}")

    def keep(self, programme: int, day: int, size: int, outcomes: Sequence[Outcome]) -> None:
        """Keep the cosignatures, and how it stands with each witness."""
        rows = Witness.objects.using(self.alias).filter(programme_id=programme)
        lines = Cosignature.objects.using(self.alias)
        with transaction.atomic(self.alias):
            for one in outcomes:
                row = rows.filter(name=one.name)
                if not one.line:
                    row.update(fault=one.fault[:FAULT_MAX])
                    continue
                row.update(seen=size, fault="")
                kept = Cosignature(programme_id=programme, day=day, witness=one.name, line=one.line)
                lines.bulk_create([kept], ignore_conflicts=True)


def letter(witness: Witness, old: int, new: Checkpoint, note: str, nodes: Nodes) -> Letter:
    """What a witness is asked, if it saw the log last at some size.

    Source:
        c2sp.org/tlog-witness, "add-checkpoint".
    """
    proof = consistency_proof(nodes, old, new.size)
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", note]
    return Letter(witness, old, "\n".join(lines).encode())


def bounded(response: httpx.Response) -> bytes:
    """An answer's body; nothing of one without end, whose first part may mean something else."""
    read = b""
    for pieces, piece in enumerate(response.iter_raw(), 1):
        read += piece
        if len(read) > ANSWER_MAX or pieces >= PIECES_MAX:
            return b""
    return read


def understood(asked: Letter, heard: Heard, new: Checkpoint) -> Outcome:
    """What an answer means."""
    says = partial(Outcome, asked.witness.name)
    match heard.status:
        case 0:
            return says(fault=heard.error)
        case 200:
            return cosigned(asked.witness, heard.body, new)
        case 409:
            return conflicting(asked, heard.body, new)
        case 422:
            told = f"the log is not shown to extend the {asked.old} entries that it has seen"
            return says(fault=f"{REFUSED}{told}")
        case status:
            words = WORDS.get(status)
            return says(fault=f"answered {status}" + (f": {words}" if words else ""))


def conflicting(asked: Letter, body: bytes, new: Checkpoint) -> Outcome:
    """What it means that a witness saw something else last.

    Returns:
        The size from which it wants to be asked, or an alarm where it has seen another checkpoint
        of this one's size.
    """
    says = partial(Outcome, asked.witness.name)
    try:
        saw = size_of(body.decode().removesuffix("\n"))
    except (NoteUnreadable, UnicodeDecodeError):
        return says(fault="answered 409 without a size")
    if saw > INT64_MAX:
        return says(fault="answered 409 with a size that no log has")
    if saw != asked.old:
        return says(saw=saw)
    if saw == new.size:
        return says(fault=f"{REFUSED}it has seen another checkpoint of {saw} entries")
    return says(fault=f"answered 409, and was asked from its own size {saw}")


def kind(fault: Exception) -> str:
    """How a fault of the network is called."""
    return type(fault).__name__


def cosigned(witness: Witness, body: bytes, new: Checkpoint) -> Outcome:
    """The cosignature in an answer, if it is right."""
    name = witness.name
    key = Verifier(name, Purpose.COSIGNATURE, bytes(witness.public))
    try:
        lines = [read_signature(line) for line in body.decode().removesuffix("\n").split("\n")]
        ours = [one for one in lines if (one.name, one.key_id) == (key.name, key.key_id)]
        for one in ours:
            check(new.to_text(), key, one.signature)
    except (NoteUnreadable, UnicodeDecodeError):
        return Outcome(name, fault="answered with something else than a cosignature")
    except SignatureWrong:
        return Outcome(name, fault="its cosignature is wrong")
    if not ours:
        return Outcome(name, fault="answered with another key's cosignature")
    return Outcome(name, line=ours[0].to_line())
