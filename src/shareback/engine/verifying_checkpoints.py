"""Compare the checkpoints in the database, and whoever vouches for them, with what was replayed.

`audit.vouching` tells what is wrong with a checkpoint, as it does for an export. Whether the keys
are those that somebody knows cannot be told here: whoever may write to the database may sign
everything anew. For that there are witnesses, and checkpoints that were kept elsewhere.
"""

from collections.abc import Iterator

from django.db.models import Max, Min

from shareback.audit.findings import ABSENT, UNREPLAYABLE, Comparison, Finding
from shareback.audit.vouching import Closed, Published, Vouching, difference
from shareback.engine.calendar import day_text
from shareback.engine.proving.keys import verifier_of
from shareback.engine.verifying_log import Days
from shareback.journal.models import BalanceCheck, Checkpoint, Cosignature, LogKey, Witness
from shareback.proofs.notes import (
    KEY_BYTES,
    Note,
    NoteUnreadable,
    Purpose,
    SignatureWrong,
    Verifier,
    public_key,
    read_note,
    read_signature,
    vouched,
)
from shareback.proofs.sum_tree import AccountKind
from shareback.rules.layout import Head

SOURCE = "the database"


class CheckpointCheck:
    """Compares checkpoints, keys, cosignatures and who has checked an account by them."""

    def __init__(self, programme: int, alias: str) -> None:
        """Read the checkpoints and keys; the rest is read when it is compared."""
        self.programme = programme
        self.alias = alias
        rows = Checkpoint.objects.using(alias).filter(programme_id=programme)
        self.rows = list(rows.order_by("day"))
        keys = LogKey.objects.using(alias).filter(programme_id=programme)
        self.keys = list(keys.order_by("number"))

    def findings(self, closes: list[Closed], days: Days) -> list[Finding]:
        """What checkpoints say otherwise; at most one finding.

        Args:
            closes: The closes that they are of, as they were replayed.
            days: All closes, with the roots of the log.
        """
        expected = {close.day: close for close in closes}
        roots = {close.size: days[close.day][1] for close in closes}
        vouching = Vouching([verifier_of(key) for key in self.keys], roots, closes, SOURCE)
        comparison = Comparison((), str)
        for row in self.rows:
            close = expected.pop(row.day, None)
            finding = (
                Finding(checkpoint_name(row.day), "", "there", ABSENT)
                if close is None
                else self.compared(row, close, roots[close.size], vouching)
            )
            if finding is not None:
                comparison.note(finding)
        for day in expected:
            comparison.note(Finding(checkpoint_name(day), "", ABSENT, "there"))
        return comparison.findings()

    def compared(
        self, row: Checkpoint, close: Closed, root: bytes, vouching: Vouching
    ) -> Finding | None:
        """What a checkpoint says otherwise than its close; its note comes last."""
        name, liabilities = checkpoint_name(row.day), bytes(row.liabilities)
        if row.size != close.size:
            return Finding(name, "size", str(row.size), str(close.size))
        if bytes(row.root) != root:
            return Finding(name, "root", bytes(row.root).hex(), root.hex())
        if close.owed and liabilities != close.owed:
            told = f"liabilities: {difference(liabilities, close.owed)}"
            return Finding(
                name, "", f"owes otherwise than follows from the log: {told}", UNREPLAYABLE
            )
        reason = vouching.fault_of(
            Published(row.day, row.size, liabilities, row.note), complete=True
        ) or self.strange_line(row.note)
        return Finding(f"note of {name}", "", reason, UNREPLAYABLE) if reason else None

    def strange_line(self, whole: str) -> str:
        """Says of a note that it is another log's, or bears a line of no key of the programme."""
        note = read_note(whole)
        known = {(key.name, key.key_id) for key in map(verifier_of, self.keys)}
        for one in note.signatures:
            if (one.name, one.key_id) not in known:
                return f"bears the line of {one.name}, which is no key of the programme"
        origin = note.text.partition("\n")[0]
        if origin not in {one.name for one in note.signatures}:
            return f"is of {origin}, whose key has not signed it"
        return ""

    def key_findings(self) -> list[Finding]:
        """What is wrong with the keys by themselves; at most one finding. Secrets stay secret."""
        comparison = Comparison((), str)
        numbers = {key.number for key in self.keys}
        for number in sorted(numbers ^ set(range(1, max(numbers, default=0) + 1))):
            told = ("there", ABSENT) if number in numbers else (ABSENT, "there")
            comparison.note(Finding(f"log key {number}", "", *told))
        for key in self.keys:
            wrong = wrong_key(key)
            if wrong is not None:
                comparison.note(wrong)
        return comparison.findings()

    def cosignature_findings(self) -> list[Finding]:
        """Whether witnesses have written their lines; at most one finding.

        The line of a witness that was taken off the list can be checked by nobody here.
        """
        witnesses = Witness.objects.using(self.alias).filter(programme_id=self.programme)
        keys = {
            one.name: Verifier(one.name, Purpose.COSIGNATURE, bytes(one.public))
            for one in witnesses
        }
        notes = {row.day: row.note for row in self.rows}
        rows = Cosignature.objects.using(self.alias).filter(programme_id=self.programme)
        lines = rows.order_by("day", "witness").values_list("day", "witness", "line")
        comparison = Comparison((), str)
        for day, witness, line in lines.iterator():
            name = f"cosignature of {witness} under the {checkpoint_name(day)}"
            if day not in notes:
                comparison.note(Finding(name, "", "there", ABSENT))
                continue
            reason = unwritten(notes[day], line, witness, keys.get(witness))
            if reason:
                comparison.note(Finding(f"line of the {name}", "", reason, UNREPLAYABLE))
        return comparison.findings()

    def check_findings(self, days: Days) -> list[Finding]:
        """Whether those who have checked an account could: it was there, and a checkpoint too."""
        published = {row.day for row in self.rows}
        rows = BalanceCheck.objects.using(self.alias).filter(programme_id=self.programme)
        ends = rows.order_by("day", "kind").values_list("day", "kind")
        comparison = Comparison((), str)
        for day, kind, low, high in ends.annotate(low=Min("number"), high=Max("number")):
            most = 0
            if day in published and day in days and kind in iter(AccountKind):
                column = Head.MEMBERS if kind == AccountKind.MEMBER else Head.MERCHANTS
                most = days[day][0][column]
            for number in strangers(low, high, most):
                place = f"check of account {number} of kind {kind} on {day_text(day)}"
                comparison.note(Finding(place, "", "there", ABSENT))
        return comparison.findings()


def checkpoint_name(day: int) -> str:
    """How the checkpoint of a day is called."""
    return f"checkpoint of {day_text(day)}"


def strangers(low: int, high: int, most: int) -> Iterator[int]:
    """The lowest and the highest of some numbers, as far as they are not within 1 … most."""
    if low < 1 or most == 0:
        yield low
    elif high > most:
        yield high


def wrong_key(key: LogKey) -> Finding | None:
    """What is wrong with a key by itself, if anything is."""
    name, secret, public = f"log key {key.number}", bytes(key.secret), bytes(key.public)
    kept = KEY_BYTES if key.retired_day is None else 0
    if len(secret) != kept:
        return Finding(name, "secret", f"{len(secret)} bytes long", str(kept))
    if len(public) != KEY_BYTES:
        return Finding(name, "public", f"{len(public)} bytes long", str(KEY_BYTES))
    if secret and public_key(secret) != public:
        return Finding(f"public of {name}", "", "is not that of its secret", UNREPLAYABLE)
    return None


def unwritten(whole: str, line: str, witness: str, key: Verifier | None) -> str:
    """Why a line is not a witness' under a checkpoint; an empty text where it is."""
    try:
        note = Note(read_note(whole).text, (read_signature(line.removesuffix("\n")),))
        by = [] if key is None else vouched(note, [key])
    except NoteUnreadable as fault:
        return f"is none: {fault}"
    except SignatureWrong:
        return "was not written by its key"
    if note.signatures[0].to_line() != line or note.signatures[0].name != witness:
        return "is another one's"
    return "is another key's" if key is not None and not by else ""
