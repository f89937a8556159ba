"""Signed notes: a text, and lines by which keys vouch for it.

Checkpoints are such notes, so tools that others have written read them. A key has a name, and an
id that is drawn from name, kind and public key; whoever reads a note looks for the keys that they
trust, and passes over all other lines.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shareback.units.scales import INT64_MAX

KEY_BYTES, SIGNATURE_BYTES, ID_BYTES = 32, 64, 4
"""Of an Ed25519 key, secret or public; of its signature; and of a key's id."""

STAMP_BYTES = 8
"""Of the time that stands before a witness' signature."""

NOTE_BYTES_MAX, LINES_MAX = 1 << 20, 100
"""What a note may come to, and how many lines may vouch for it."""

DASH = "\N{EM DASH} "


class Purpose(IntEnum):
    """What a key vouches for.

    Source:
        c2sp.org/signed-note, "Signature types"; c2sp.org/tlog-cosignature.
    """

    NOTE = 0x01
    COSIGNATURE = 0x04


class NoteUnreadable(ValueError):
    """A text that is no signed note."""

    def __init__(self, reason: str) -> None:
        """Keep what is wrong with it."""
        self.reason = reason
        super().__init__(reason)


class SignatureWrong(ValueError):
    """A known key's line in a note that the key has not written."""

    def __init__(self, name: str) -> None:
        """Keep whose line it is."""
        self.name = name
        super().__init__(f"the signature of {name} is wrong")


class Verifier(NamedTuple):
    """A key that is trusted.

    Attributes:
        name: Whose it is, such as ``example.com/vintage``: no spaces, no plus.
        purpose: What it vouches for.
        key: The public key, 32 bytes.
    """

    name: str
    purpose: Purpose
    key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes by which its lines are told."""
        said = self.name.encode() + b"\n" + bytes((self.purpose,)) + self.key
        return hashlib.sha256(said).digest()[:ID_BYTES]

    def to_text(self) -> str:
        """As people write it into a configuration: name, id and key, joined by plus signs."""
        key = base64.b64encode(bytes((self.purpose,)) + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


class Signature(NamedTuple):
    """A line that vouches for a note.

    Attributes:
        name: Whose key.
        key_id: Four bytes.
        signature: What the key wrote; for a cosignature its time in eight bytes before it.
    """

    name: str
    key_id: bytes
    signature: bytes

    def to_line(self) -> str:
        """As it stands in a note, with the newline at its end."""
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


class Note(NamedTuple):
    """A text and who vouches for it.

    Attributes:
        text: It, with the newline at its end.
        signatures: The lines, in their order.
    """

    text: str
    signatures: tuple[Signature, ...]

    def to_text(self) -> str:
        """The whole note."""
        return self.text + "\n" + "".join(one.to_line() for one in self.signatures)


def is_name(name: str) -> bool:
    """Whether a key can be called so: something, without spaces, controls or plus signs."""
    return name != "" and not any(each.isspace() or each < " " or each == "+" for each in name)


def verifier_from_text(text: str) -> Verifier:
    """Read a key as `Verifier.to_text` writes it.

    Raises:
        NoteUnreadable: It is none, of another kind, or its id is not its own.
    """
    name, _, rest = text.partition("+")
    told_id, _, told_key = rest.partition("+")
    raw = decoded(told_key)
    if not is_name(name) or len(raw) != 1 + KEY_BYTES:
        raise NoteUnreadable("no verifier's key: name+id+key")
    try:
        found = Verifier(name, Purpose(raw[0]), raw[1:])
    except ValueError:
        raise NoteUnreadable(f"a key of another kind ({raw[0]})") from None
    if found.key_id.hex() != told_id:
        raise NoteUnreadable("the key's id is not its own")
    return found


def decoded(text: str) -> bytes:
    """Bytes of standard base64, and of nothing else.

    Raises:
        NoteUnreadable: It is none.
    """
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteUnreadable("no base64") from None
    if base64.b64encode(found).decode() != text:
        raise NoteUnreadable("no base64 in its only form")
    return found


def read_note(whole: str) -> Note:
    """Read a note.

    Args:
        whole: Its text and lines.

    Raises:
        NoteUnreadable: It is none.

    Source:
        c2sp.org/signed-note, "Format".
    """
    if len(whole.encode("utf-8", "surrogatepass")) > NOTE_BYTES_MAX:
        raise NoteUnreadable(f"more than {NOTE_BYTES_MAX} bytes")
    if any(each < " " and each != "\n" for each in whole):
        raise NoteUnreadable("a control character")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not text or not lines.endswith("\n"):
        raise NoteUnreadable("no text, an empty line, and lines that vouch for it")
    found = lines[:-1].split("\n")
    if len(found) > LINES_MAX:
        raise NoteUnreadable(f"more than {LINES_MAX} signatures")
    return Note(f"{text}\n", tuple(map(read_signature, found)))


def read_signature(line: str) -> Signature:
    """Read a line that vouches for a note, without its newline.

    Raises:
        NoteUnreadable: It is none.
    """
    if not line.startswith(DASH):
        raise NoteUnreadable("a signature's line begins with a dash and a space")
    name, _, told = line.removeprefix(DASH).partition(" ")
    raw = decoded(told)
    if not is_name(name) or len(raw) <= ID_BYTES:
        raise NoteUnreadable("a signature's line is a dash, a name and base64")
    return Signature(name, raw[:ID_BYTES], raw[ID_BYTES:])


def sign(text: str, name: str, secret: bytes) -> Signature:
    """Vouch for a text.

    Args:
        text: It, with the newline at its end.
        name: The key's.
        secret: The Ed25519 secret key, 32 bytes.

    Source:
        RFC 8032; c2sp.org/signed-note, "Ed25519 signatures".
    """
    key = Ed25519PrivateKey.from_private_bytes(secret)
    verifier = Verifier(name, Purpose.NOTE, public_key(secret))
    return Signature(name, verifier.key_id, key.sign(text.encode()))


def cosign(text: str, name: str, secret: bytes, at: int) -> Signature:
    """Vouch, as a witness, for a checkpoint that was seen to grow from all that were seen before.

    Args:
        text: The checkpoint's text, with the newline at its end.
        name: The witness' key's.
        secret: Its Ed25519 secret key, 32 bytes.
        at: When, in seconds UTC since 1970.

    Source:
        c2sp.org/tlog-cosignature, "Ed25519 signed message".
    """
    key = Ed25519PrivateKey.from_private_bytes(secret)
    verifier = Verifier(name, Purpose.COSIGNATURE, public_key(secret))
    stamp = at.to_bytes(STAMP_BYTES, "big")
    return Signature(name, verifier.key_id, stamp + key.sign(cosigned(text, at)))


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def public_key(secret: bytes) -> bytes:
    """The public key of a secret one, 32 bytes each."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def vouched(note: Note, verifiers: Iterable[Verifier]) -> list[Verifier]:
    """Which of some trusted keys vouch for a note.

    Args:
        note: The note.
        verifiers: Keys that are trusted.

    Returns:
        Those whose line is there and right, in the order in which they were named.

    Raises:
        SignatureWrong: One of them has a line that it did not write: nothing of the note holds.

    Source:
        c2sp.org/signed-note, "Signatures".
    """
    found = []
    for verifier in verifiers:
        lines = [
            one.signature
            for one in note.signatures
            if (one.name, one.key_id) == (verifier.name, verifier.key_id)
        ]
        for signature in lines:
            check(note.text, verifier, signature)
        if lines:
            found.append(verifier)
    return found


def check(text: str, verifier: Verifier, signature: bytes) -> None:
    """Check what a key wrote under a text.

    Raises:
        SignatureWrong: It did not.
    """
    said, written = text.encode(), signature
    if verifier.purpose == Purpose.COSIGNATURE:
        at = int.from_bytes(signature[:STAMP_BYTES], "big")
        if at > INT64_MAX:
            raise SignatureWrong(verifier.name)
        said, written = cosigned(text, at), signature[STAMP_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(verifier.key).verify(written, said)
    except (InvalidSignature, ValueError):
        raise SignatureWrong(verifier.name) from None
