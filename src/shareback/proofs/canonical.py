"""The canonical bytes of an event, version 1: one event has one encoding, and no other.

The format is frozen and specified in ``docs/reference/log.md``, with test vectors. It holds
inputs only, and outside ids only as commitments. The room ``kernels`` writes the same bytes
for whole batches.
"""

from typing import NamedTuple

from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, OPTIONAL, Kind
from shareback.units.scales import INT64_MAX

VERSION = 1
"""The first byte of every entry."""

ABSENT = 0xFF
"""The length byte of an integer that was not stated."""

COMMITMENT_BYTES = 16
"""A commitment is the first 16 bytes of a SHA-256."""

BLOB_BYTES_MAX = 0xFFFF_FFFF
"""A blob's length is written in four bytes."""

_INT_BYTES_MAX = 8


class Entry(NamedTuple):
    """An event as the log holds it.

    Attributes:
        kind: What happened.
        sequence: Its place in the log, from 0.
        day: The programme's local day number.
        at: When it was accepted, in µs UTC since 1970.
        ints: The values of ``FIELDS[kind]``, in that order; None where absent.
        commitment: 16 bytes, or none.
        blob: The bytes of a kind that carries any, else empty.
    """

    kind: Kind
    sequence: int
    day: int
    at: int
    ints: tuple[int | None, ...]
    commitment: bytes
    blob: bytes


class EntryUnreadable(ValueError):
    """Bytes that are not the canonical encoding of any event."""

    def __init__(self, offset: int, reason: str) -> None:
        """Keep where the fault lies, in bytes from the start, and what it is."""
        self.offset = offset
        self.reason = reason
        super().__init__(f"byte {offset}: {reason}")


class EntryUnwritable(ValueError):
    """Values that no event of the stated kind can have."""

    def __init__(self, sequence: int, reason: str) -> None:
        """Keep the event's place in the log and what is wrong with it."""
        self.sequence = sequence
        self.reason = reason
        super().__init__(f"event {sequence}: {reason}")


def encode(
    kind: Kind,
    sequence: int,
    day: int,
    at: int,
    ints: tuple[int | None, ...],
    commitment: bytes = b"",
    blob: bytes = b"",
) -> bytes:
    """Write an event's canonical bytes.

    Args:
        kind: What happened.
        sequence: Its place in the log, 0 <= sequence < 2⁶³.
        day: The programme's local day number, 0 <= day < 2⁶³.
        at: µs UTC since 1970, 0 <= at < 2⁶³.
        ints: The values of ``FIELDS[kind]``, each 0 <= value < 2⁶³; None where one of
            ``OPTIONAL[kind]`` is absent.
        commitment: 16 bytes for one of ``COMMITTED``, or none.
        blob: For one of ``BLOBBED``, fewer than 2³² bytes; else empty.

    Returns:
        The bytes; `decode` gives the same values back.

    Raises:
        EntryUnwritable: A value lies outside these ranges, or does not belong to the kind.

    Source:
        docs/reference/log.md, "The body of an entry".
    """
    reason = _misfit(kind, ints, commitment, blob)
    if reason:
        raise EntryUnwritable(sequence, reason)
    for name, value in (("sequence", sequence), ("day", day), ("at", at)):
        if not 0 <= value <= INT64_MAX:
            raise EntryUnwritable(sequence, f"{name} is {value}, outside 0 .. 2⁶³ − 1")
    return b"".join(
        (
            bytes((VERSION, kind)),
            _int_bytes(sequence),
            _int_bytes(day),
            _int_bytes(at),
            bytes((len(ints),)),
            *(_int_bytes(value) for value in ints),
            bytes((len(commitment),)),
            commitment,
            len(blob).to_bytes(4, "big"),
            blob,
        )
    )


def decode(body: bytes) -> Entry:
    """Read an event's canonical bytes, and nothing else.

    Args:
        body: The whole of one event's bytes.

    Returns:
        The event; `encode` gives the same bytes back.

    Raises:
        EntryUnreadable: The bytes are cut off, go on, are of another version or an unknown
            kind, hold an integer in other than its shortest form, or values that do not
            belong to the kind.

    Source:
        docs/reference/log.md, "The body of an entry".
    """
    reader = _Reader(body)
    version = reader.byte("version")
    if version != VERSION:
        raise EntryUnreadable(0, f"version {version} instead of {VERSION}")
    kind = _known_kind(reader.byte("kind"))
    sequence = reader.present("sequence")
    day = reader.present("day")
    at = reader.present("at")
    ints = _read_ints(reader, kind)
    commitment_at = reader.offset
    commitment = reader.take(reader.byte("commitment length"), "commitment")
    if len(commitment) not in {0, COMMITMENT_BYTES}:
        raise EntryUnreadable(commitment_at, f"commitment of {len(commitment)} bytes")
    if commitment and kind not in COMMITTED:
        raise EntryUnreadable(commitment_at, f"{kind.name} carries no commitment")
    blob_at = reader.offset
    blob = reader.take(int.from_bytes(reader.take(4, "blob length"), "big"), "blob")
    if blob and kind not in BLOBBED:
        raise EntryUnreadable(blob_at, f"{kind.name} carries no blob")
    if reader.offset != len(body):
        raise EntryUnreadable(reader.offset, f"{len(body) - reader.offset} bytes follow the entry")
    return Entry(kind, sequence, day, at, ints, commitment, blob)


def _misfit(kind: Kind, ints: tuple[int | None, ...], commitment: bytes, blob: bytes) -> str:
    """Why these values cannot belong to an event of this kind, or an empty text."""
    if commitment and kind not in COMMITTED:
        return f"{kind.name} carries no commitment"
    if len(commitment) not in {0, COMMITMENT_BYTES}:
        return f"commitment of {len(commitment)} bytes"
    if blob and kind not in BLOBBED:
        return f"{kind.name} carries no blob"
    return _misfit_of_ints(kind, ints)


def _misfit_of_ints(kind: Kind, ints: tuple[int | None, ...]) -> str:
    """As `_misfit`, for the integers alone."""
    names = FIELDS[kind]
    if len(ints) != len(names):
        return f"{kind.name} has {len(names)} integers, not {len(ints)}"
    for name, value in zip(names, ints, strict=True):
        if value is None:
            if name not in OPTIONAL[kind]:
                return f"{name} may not be absent"
        elif not 0 <= value <= INT64_MAX:
            return f"{name} is {value}, outside 0 .. 2⁶³ − 1"
    return ""


def _int_bytes(value: int | None) -> bytes:
    """A length byte, then the value big-endian without a leading zero byte."""
    if value is None:
        return bytes((ABSENT,))
    length = (value.bit_length() + 7) // 8
    return bytes((length,)) + value.to_bytes(length, "big")


def _known_kind(number: int) -> Kind:
    try:
        return Kind(number)
    except ValueError:
        raise EntryUnreadable(1, f"unknown kind {number}") from None


def _read_ints(reader: "_Reader", kind: Kind) -> tuple[int | None, ...]:
    """The integers of a kind: exactly as many as it has, absent only where it may be."""
    names = FIELDS[kind]
    count_at = reader.offset
    count = reader.byte("count of integers")
    if count != len(names):
        raise EntryUnreadable(count_at, f"{kind.name} has {len(names)} integers, not {count}")
    return tuple(
        reader.integer(name) if name in OPTIONAL[kind] else reader.present(name) for name in names
    )


class _Reader:
    """A place in an entry's bytes; every step past the end is a fault."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.offset = 0

    def take(self, length: int, name: str) -> bytes:
        piece = self.body[self.offset : self.offset + length]
        if len(piece) < length:
            raise EntryUnreadable(len(self.body), f"cut off within the {name}")
        self.offset += length
        return piece

    def byte(self, name: str) -> int:
        return self.take(1, name)[0]

    def integer(self, name: str) -> int | None:
        start = self.offset
        length = self.byte(name)
        if length == ABSENT:
            return None
        if length > _INT_BYTES_MAX:
            raise EntryUnreadable(start, f"{name} has {length} bytes")
        digits = self.take(length, name)
        if length and digits[0] == 0:
            raise EntryUnreadable(start, f"{name} is not in its shortest form")
        value = int.from_bytes(digits, "big")
        if value > INT64_MAX:
            raise EntryUnreadable(start, f"{name} is above 2⁶³ − 1")
        return value

    def present(self, name: str) -> int:
        start = self.offset
        value = self.integer(name)
        if value is None:
            raise EntryUnreadable(start, f"{name} may not be absent")
        return value
