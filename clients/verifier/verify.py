"""A second verifier of Shareback's proofs and exports, which imports nothing of Shareback.

It was written from the specification (docs/reference/proofs.md, log.md and export.md, and
docs/rules/economy.md), so that a fault in either shows as a difference; where the rules were open
or wrong, their page was mended with it. It is plain, not fast.

    python verify.py proof FILE --key KEY [--key KEY ...]
    python verify.py vectors PROOFS_VECTORS_JSON [LOG_VECTORS_JSON]
    python verify.py export FOLDER [--key KEY ...] [--checkpoint FILE]

It ends with 0 where all is right; with 1 where something is wrong, which one line on stderr names;
and with 2 where its arguments or files cannot be read. For proofs and vectors this file and the
package cryptography suffice; an export needs the files beside it and the package pyarrow.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WORD, WIDE = 2**63, 2**127
NOTE, COSIGNATURE = 1, 4
NOBODY_SUMS = (0,) * 8

Sums = tuple[int, ...]
Node = tuple[bytes, Sums]
Row = dict[str, Any]


class Wrong(Exception):
    """What is verified is wrong: the check at which it falls, and why."""

    def __init__(self, check: str, reason: str) -> None:
        """Name the check and the reason."""
        super().__init__(f"{check}: {reason}")
        self.check = check


class Unreadable(Exception):
    """An argument or a file that cannot be read."""


def need(holds: object, check: str, reason: str) -> None:
    """Fall at a check unless something holds."""
    if not holds:
        raise Wrong(check, reason)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 of byte strings, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def u64(*numbers: int) -> bytes:
    """Unsigned integers of 8 bytes, the most significant byte first."""
    return b"".join(number.to_bytes(8, "big") for number in numbers)


# ------------------------------------------------------------------ notes, keys and checkpoints


class Key(NamedTuple):
    """A key that vouches for notes: of a log (kind 1) or of a witness (kind 4)."""

    name: str
    kind: int
    public: bytes
    text: str

    @property
    def id(self) -> bytes:
        """Its id: the first 4 bytes of a hash over its name and itself."""
        return sha256(self.name.encode(), b"\n", bytes([self.kind]), self.public)[:4]

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether a signature of this key under a text is right."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            seconds = int.from_bytes(signature[:8], "big")
            message = f"cosignature/v1\ntime {seconds}\n".encode() + message
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def from_base64(text: str) -> bytes:
    """Bytes from the one base64 text that stands for them."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise ValueError(text)
    return found


def read_key(text: str) -> Key:
    """A key from ``name+id+base64(kind || public key)``."""
    name, key_id, rest = (*text.split("+", 2), "", "")[:3]
    try:
        kind, *public = from_base64(rest) or b"\0"
    except ValueError:
        kind, public = 0, []
    key = Key(name, kind, bytes(public), text)
    right = name and not re.search(r"\s", name) and key.id.hex() == key_id
    if not right or len(public) != 32 or kind not in (NOTE, COSIGNATURE):
        raise Unreadable(f"{text}: is no key")
    return key


class Signed(NamedTuple):
    """A signed note: its text, and a name, a key's id and a signature for each line under it."""

    text: str
    lines: list[tuple[str, bytes, bytes]]

    def vouched(self, trusted: Sequence[Key]) -> list[Key]:
        """Those of the trusted keys that have signed it; none of their lines may be wrong."""
        found = []
        for key in dict.fromkeys(trusted):
            theirs = [line[2] for line in self.lines if line[:2] == (key.name, key.id)]
            right = all(key.signed(self.text, signature) for signature in theirs)
            need(right, "signature", f"the signature of {key.name} is wrong")
            found += [key] if theirs else []
        return found


def read_note(text: str, check: str) -> Signed:
    """A signed note from its text: a text, an empty line, and 1 to 100 lines of signatures."""
    body, gap, under = text.rpartition("\n\n")
    lines = under.split("\n")
    need(gap and lines.pop() == "" and 1 <= len(lines) <= 100, check, "is no signed note")
    need(len(text.encode("utf-8", "replace")) <= 2**20, check, "the note is too long")
    need(not re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", text), check, "is no text")
    found = []
    for line in lines:
        parts = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        try:
            signature = from_base64(parts[2]) if parts else b""
        except ValueError:
            signature = b""
        need(parts and len(signature) > 4, check, "a line under the note is no signature")
        found.append((parts[1] if parts else "", signature[:4], signature[4:]))
    return Signed(body + "\n", found)


class Checkpoint(NamedTuple):
    """What a checkpoint says: the log's name, its size and root, and what is owed."""

    origin: str
    size: int
    root: bytes
    liabilities: bytes


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from its text, which is written in exactly one way."""
    hashed = "([A-Za-z0-9+/]{43}=)\n"
    form = re.fullmatch(f"([^\n]+)\n(0|[1-9][0-9]{{0,18}})\n{hashed}liabilities {hashed}", text)
    try:
        need(form, "checkpoint", "its text is not a name, a size, a root and the liabilities")
        origin, size, root, owed = form.groups() if form else ("", "", "", "")
        return Checkpoint(origin, int(size), from_base64(root), from_base64(owed))
    except ValueError:
        raise Wrong("checkpoint", "a hash is not written in the one way") from None


# ---------------------------------------------------------------------------- what is owed


def in_range(sums: Sums) -> bool:
    """Whether eight sums are within their ranges."""
    return all(0 <= each < WORD for each in sums[:7]) and 0 <= sums[7] < WIDE


def packed(sums: Sums) -> bytes:
    """The 72 bytes of eight sums."""
    return u64(*sums[:7]) + sums[7].to_bytes(16, "big")


def leaf_of(kind: int, number: int, salt: bytes, sums: Sums) -> Node:
    """The leaf of an account."""
    who = kind.to_bytes(4, "big") + number.to_bytes(4, "big")
    return sha256(b"\3", salt, who, packed(sums)), sums


def joined(left: Node, right: Node) -> Node:
    """The node above two others."""
    sums = tuple(one + other for one, other in zip(left[1], right[1], strict=True))
    need(in_range(sums), "root", "a sum is below zero or too large")
    return sha256(b"\4", left[0], packed(left[1]), right[0], packed(right[1])), sums


EMPTY: list[Node] = [(sha256(b"\3"), NOBODY_SUMS)]
for _height in range(32):
    EMPTY.append(joined(EMPTY[-1], EMPTY[-1]))


class Owed(NamedTuple):
    """What is owed in all: the seven figures of a moment, and the root of the tree of accounts."""

    day: int
    size: int
    height: int
    dividend_index: int
    reserve: int
    supply: int
    last_price: int
    top: Node

    def to_bytes(self) -> bytes:
        """The 160 bytes of which the liabilities digest is made."""
        return u64(*self[:7]) + self.top[0] + packed(self.top[1])

    def accrued(self, sums: Sums) -> int:
        """Dividends that have accrued and are in no sum, of an account or of all, in µ¥."""
        weighted = sums[1] * self.dividend_index - sums[7]
        need(weighted >= 0, "index", "an account was touched at an index that is still to come")
        return weighted // 10**12


def place_of(key: bytes, height: int, kind: int, number: int) -> tuple[int, int]:
    """The seat and the place of an account in a tree, by the programme's key."""
    seat = number - 1 if kind == 1 else 2**height - number
    low = height - height // 2
    left, right = seat >> low, seat % 2**low
    for turn in range(8):
        value, bits = (right, height - low) if turn % 2 == 0 else (left, low)
        counted = u64((height << 48) + (turn << 40) + value)
        mixed = hmac.digest(key, b"shareback/spot/1" + counted, "sha256")[:4]
        mask = int.from_bytes(mixed, "big") >> (32 - bits)
        left, right = (left ^ mask, right) if turn % 2 == 0 else (left, right ^ mask)
    return seat, left << low | right


def salt_of(key: bytes, kind: int, number: int) -> bytes:
    """The salt of an account's leaf, by the programme's key."""
    counted = u64((kind << 32) + number)
    return hmac.digest(key, b"shareback/acct/1" + counted, "sha256")[:16]


# --------------------------------------------------------------------- the proof of an account


class Proof(NamedTuple):
    """The proof that an account is counted, as its file has it."""

    kind: int
    number: int
    salt: bytes
    sums: Sums
    place: int
    path: list[Node]
    owed: Owed
    note: Signed


def part(of: object, name: str, kind: type) -> Any:  # noqa: ANN401 -- what JSON holds
    """A part of an object of JSON, of a type."""
    found = of.get(name) if isinstance(of, dict) else None
    need(type(found) is kind, "file", f"{name} is missing or of another type")
    return found


def number_in(of: object, name: str, lowest: int, highest: int) -> int:
    """A number of JSON within bounds."""
    found: int = part(of, name, int)
    need(lowest <= found <= highest, "file", f"{name} is not from {lowest} to {highest}")
    return found


def amount(text: object) -> int:
    """An amount from a string of decimal digits."""
    right = isinstance(text, str) and re.fullmatch("0|[1-9][0-9]{0,38}", text)
    need(right, "file", "an amount is no string of decimal digits")
    return int(str(text))


def sums_in(of: object) -> Sums:
    """Eight sums within their ranges."""
    sums = tuple(map(amount, part(of, "sums", list)))
    need(len(sums) == 8 and in_range(sums), "file", "not eight sums within their ranges")
    return sums


def octets(of: object, name: str, length: int) -> bytes:
    """A byte string in lower-case hexadecimal."""
    text = part(of, name, str)
    need(re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text), "file", f"{name}: not {length} bytes")
    return bytes.fromhex(text)


def read_proof(document: object) -> Proof:
    """A proof of the form that the specification has, or it falls at the check ``file``."""
    account, liabilities = part(document, "account", dict), part(document, "liabilities", dict)
    top = part(liabilities, "top", dict)
    figures = [amount(liabilities.get(name)) for name in Owed._fields[:7]]
    need(max(figures) < WORD and figures[2] <= 32, "file", "a figure is too large")
    path = part(document, "path", list)
    need(len(path) <= 32, "file", "the path has more than 32 nodes")
    return Proof(
        kind=number_in(account, "kind", 1, 2),
        number=number_in(account, "number", 1, 2**32 - 1),
        salt=octets(account, "salt", 16),
        sums=sums_in(account),
        place=number_in(document, "place", 0, 2**32 - 1),
        path=[(octets(node, "hash", 32), sums_in(node)) for node in path],
        owed=Owed._make([*figures, (octets(top, "hash", 32), sums_in(top))]),
        note=read_note(part(document, "checkpoint", str), "file"),
    )


def check_proof(proof: Proof, trusted: Sequence[Key]) -> tuple[int, list[Key]]:
    """Check a proof behind its form; what has accrued to the account, and which keys vouch."""
    owed, place = proof.owed, proof.place
    need(len(proof.path) == owed.height, "tree", "the path is not as long as the tree is high")
    need(place < 2**owed.height, "tree", "the place is outside the tree")
    node = leaf_of(proof.kind, proof.number, proof.salt, proof.sums)
    for bit, beside in enumerate(proof.path):
        node = joined(beside, node) if place >> bit & 1 else joined(node, beside)
    need(node == owed.top, "root", "the path leads to another root")
    owed.accrued(owed.top[1])
    accrued = owed.accrued(proof.sums)
    checkpoint = read_checkpoint(proof.note.text)
    same = checkpoint.liabilities == sha256(b"\5", owed.to_bytes())
    need(same, "checkpoint", "it names other liabilities")
    need(checkpoint.size == owed.size, "checkpoint", "it is of another size")
    vouched = proof.note.vouched(trusted)
    signed = any(key.kind == NOTE for key in vouched)
    need(signed, "signature", "no trusted key of the programme has signed the checkpoint")
    return accrued, vouched


# ------------------------------------------------------------------------------------- the log

# Each kind's name, how many integers it has, and whether it may carry a commitment or a blob.
KINDS = [
    line.split()
    for line in """NONE 0 -
OPEN_PROGRAMME 0 b, JOIN_MEMBER 3 c, SET_REFERRER 2 -, JOIN_MERCHANT 2 c, PAY_ORDER 7 c
RECEIVE_ORDER 1 -, REFUND_ORDER 3 c, REDEEM_POINTS 2 -, SPEND_POINTS 4 c
REFUND_POINTS_PAYMENT 2 -, CONVERT_POINTS 2 -, PAY_COINS 5 c, REFUND_COINS 2 -
EXCHANGE_COINS 2 -, REDEEM_MERCHANT_POINTS 2 -, AWARD_FUNDED 4 -, FUND_TREASURY 1 -
WITHDRAW_TREASURY 2 -, WITHDRAW_CASH 2 -, SETTLE_MERCHANT 2 -, RECORD_UNMATCHED 1 -
CLOSE_DAY 0 b, AMEND_PROGRAMME 2 b, ANNOUNCE_END 2 -, END_PROGRAMME 0 -, SETTLE_ACCOUNTS 2 -
LINK_PARTY 3 -""".replace("\n", ",").split(",")
]
PAY_ORDER, CLOSE_DAY = 5, 22


class Event(NamedTuple):
    """An event of the log."""

    kind: int
    sequence: int
    day: int
    at: int
    ints: tuple[int | None, ...]
    commitment: bytes
    blob: bytes

    def to_bytes(self) -> bytes:
        """Its canonical bytes; an event that can have none falls at the check ``journal``."""
        known = 1 <= self.kind < len(KINDS)
        name, count, carries = KINDS[self.kind if known else 0]
        need(known and len(self.ints) == int(count), "journal", f"{name}: other integers")
        values = (self.sequence, self.day, self.at, *self.ints)
        for place, value in enumerate(values):
            stated = value is not None or (self.kind == PAY_ORDER and place == 7)
            need(stated and (value or 0) in range(WORD), "journal", f"{name}: a wrong integer")
        sealed = carries == "c" and len(self.commitment) == 16
        need(sealed or not self.commitment, "journal", f"{name}: a wrong commitment")
        need(carries == "b" or not self.blob, "journal", f"{name}: has a blob")
        body = [*map(integer, values[:3]), bytes([len(self.ints)]), *map(integer, self.ints)]
        tail = bytes([len(self.commitment)]) + self.commitment + len(self.blob).to_bytes(4, "big")
        return bytes([1, self.kind]) + b"".join(body) + tail + self.blob


def integer(value: int | None) -> bytes:
    """An integer of the log in its shortest form."""
    if value is None:
        return b"\xff"
    length = (value.bit_length() + 7) // 8
    return bytes([length]) + value.to_bytes(length, "big")


def read_event(body: bytes) -> Event:
    """The event whose canonical bytes these are, or ``journal`` falls."""
    rest = memoryview(body)

    def take(length: int) -> bytes:
        nonlocal rest
        need(length <= len(rest), "journal", "bytes are missing")
        found, rest = rest[:length].tobytes(), rest[length:]
        return found

    def whole() -> int | None:
        length = take(1)[0]
        return None if length == 255 else int.from_bytes(take(length), "big")

    kind = take(2)[1]
    sequence, day, at = whole(), whole(), whole()
    ints = tuple(whole() for _each in range(take(1)[0]))
    commitment = take(take(1)[0])
    blob = take(int.from_bytes(take(4), "big"))
    need(None not in (sequence, day, at), "journal", "an integer is absent")
    event = Event(kind, sequence or 0, day or 0, at or 0, ints, commitment, blob)
    need(event.to_bytes() == body, "journal", "is not written in the one way")
    return event


class Tree:
    """The Merkle tree of the log, of which the frontier is kept."""

    def __init__(self) -> None:
        """No leaf yet."""
        self.size, self.frontier = 0, list[bytes]()

    def append(self, leaf: bytes) -> None:
        """One more leaf."""
        size = self.size
        while size & 1:
            leaf, size = sha256(b"\1", self.frontier.pop(), leaf), size >> 1
        self.frontier.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.frontier:
            return sha256()
        *others, found = self.frontier
        for each in reversed(others):
            found = sha256(b"\1", each, found)
        return found


# ------------------------------------------------------------------------------- test vectors


def check_proof_vectors(vectors: Row) -> int:
    """Run the vectors of proofs.md; how many."""
    key = bytes.fromhex(vectors["programme_key"])
    for case in vectors["places"]:
        who = (case["kind"], case["number"])
        found = (*place_of(key, case["height"], *who), salt_of(key, *who).hex())
        told = (case["seat"], case["place"], case["salt"])
        need(found == told, "vectors", f"the place of {who}")
    for case in vectors["empty"]:
        need(EMPTY[case["height"]][0].hex() == case["hash"], "vectors", "an empty tree")
    for case in vectors["accepted"]:
        trusted = list(map(read_key, case["trusted"]))
        accrued, vouched = check_proof(read_proof(case["document"]), trusted)
        same = str(accrued) == case["accrued"] and case["vouched"] == [key.text for key in vouched]
        need(same, "vectors", case["name"])
    for case in vectors["refused"]:
        fell = "nothing"
        try:
            check_proof(read_proof(case["document"]), list(map(read_key, case["trusted"])))
        except Wrong as wrong:
            fell = wrong.check
        named = f"{case['reason']}: falls at {fell}, not at {case['check']}"
        need(fell == case["check"], "vectors", named)
    return sum(len(vectors[each]) for each in ("places", "empty", "accepted", "refused"))


def check_log_vectors(vectors: Row) -> int:
    """Run the vectors of log.md; how many."""
    key, leaves = bytes.fromhex(vectors["programme_key"]), []
    for case in vectors["entries"]:
        head = (case["kind"], case["sequence"], case["day"], case["at"], tuple(case["ints"]))
        event = Event(*head, bytes.fromhex(case["commitment"]), bytes.fromhex(case["blob"]))
        body = event.to_bytes()
        salt = hmac.digest(key, b"shareback/leaf/1" + u64(event.sequence), "sha256")[:16]
        leaves.append(sha256(b"\0", salt, body))
        found = [each.hex() for each in (body, salt, leaves[-1])]
        same = found == [case["body"], case["salt"], case["leaf"]] and read_event(body) == event
        need(same, "vectors", f"entry {event.sequence}")
    for case in vectors["trees"]:
        tree = Tree()
        for leaf in leaves[: case["size"]]:
            tree.append(leaf)
        frontier = u64(tree.size) + b"".join(tree.frontier)
        same = (tree.root().hex(), frontier.hex()) == (case["root"], case["frontier"])
        need(same, "vectors", f"the tree of {case['size']}")
    for case in vectors["commitments"]:
        sealed = sha256(b"\2", bytes.fromhex(case["salt"]), case["text"].encode())[:16]
        need(sealed.hex() == case["commitment"], "vectors", f"the commitment to {case['text']}")
    for case in vectors["unreadable"]:
        try:
            read_event(bytes.fromhex(case["body"]))
        except Wrong:
            continue
        raise Wrong("vectors", f"{case['reason']}: is read")
    return sum(len(vectors[each]) for each in ("entries", "trees", "commitments", "unreadable"))


# ---------------------------------------------------------------------------- the command line


def shown(amount: int, places: int) -> str:
    """An amount in people's units, exactly."""
    return f"{amount // 10**places:,}.{amount % 10**places:0{places}d}"


def verify_proof(file: Path, trusted: Sequence[Key]) -> None:
    """Verify a proof, and print what follows."""
    text = file.read_text("utf-8")
    need(len(text) <= 2**21, "file", "has more than 2 097 152 characters")
    try:
        document = json.loads(text, parse_constant=int)  # so that NaN, which is no JSON, is refused
    except (ValueError, RecursionError):
        raise Wrong("file", "is no JSON") from None
    proof = read_proof(document)
    accrued, vouched = check_proof(proof, trusted)
    points, weight, quota, used, coins, cash, receivable, _weighted = proof.sums
    who = f"{'member' if proof.kind == 1 else 'merchant'} {proof.number}"
    day = proof.owed.day
    written = f" ({date.fromordinal(day)})" if 0 < day <= date.max.toordinal() else ""
    print(f"{who} is counted at the close of day {day}{written}, entry {proof.owed.size:,}")
    print(f"  points {shown(points, 8)}, weight {shown(weight, 8)}, coins {shown(coins, 6)}")
    print(f"  quota {shown(quota, 6)}, used {shown(used, 6)}")
    print(f"  cash {shown(cash, 6)}, accrued {shown(accrued, 6)}, owes {shown(receivable, 6)}")
    for key in vouched:
        print(f"  vouched for by {key.text}")


def verify_export(folder: Path, given: Sequence[Key], kept: Path | None) -> None:
    """Verify an export, and print what was found."""
    try:
        import export  # noqa: PLC0415 -- a proof needs neither it nor pyarrow
    except ModuleNotFoundError as fault:
        raise Unreadable(f"{fault.name} is not here: an export needs it") from None
    try:
        found = export.Verifier(folder, given, kept).run()
    except export.UNREADABLE as fault:
        raise Unreadable(f"{folder}: {fault}") from None
    print(f"{folder}: {found.events:,} events replayed, {found.days:,} days and")
    print(f"{found.checkpoints:,} checkpoints follow; the log's root is {found.root.hex()}")
    if found.believed:
        print("keys of the export itself were believed; name those that you trust with --key")


def verify_vectors(files: Sequence[Path]) -> None:
    """Run vectors, and print how many."""
    checks = zip(files, (check_proof_vectors, check_log_vectors), strict=False)
    counts = [(file.name, check(json.loads(file.read_text("utf-8")))) for file, check in checks]
    for name, count in counts:
        print(f"{name}: {count:,} vectors hold")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Verifies Shareback's proofs and exports.")
    commands = parser.add_subparsers(dest="command", required=True)
    proof = commands.add_parser("proof", help="that an account is counted")
    proof.add_argument("file", type=Path)
    proof.add_argument("--key", action="append", required=True, help="a key that you trust")
    vectors = commands.add_parser("vectors", help="the published test vectors")
    vectors.add_argument("file", type=Path, nargs="+", help="proofs-vectors.json, log-vectors.json")
    whole = commands.add_parser("export", help="all that a programme claims")
    whole.add_argument("folder", type=Path)
    whole.add_argument("--key", action="append", default=[], help="a key that you trust")
    whole.add_argument("--checkpoint", type=Path, help="a checkpoint that you have kept")
    return parser.parse_args()


def main() -> int:
    """Do what the command line says; the exit code."""
    told = arguments()
    try:
        if told.command == "proof":
            verify_proof(told.file, [read_key(key) for key in told.key])
        elif told.command == "export":
            verify_export(told.folder, [read_key(key) for key in told.key], told.checkpoint)
        else:
            verify_vectors(told.file)
    except Wrong as wrong:
        print(f"verify: {wrong}", file=sys.stderr)
        return 1
    except (Unreadable, OSError, ValueError, LookupError, TypeError) as fault:
        print(f"verify: cannot be read: {fault}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    # As the module that the files beside this one import: there is one class of each name.
    import verify

    sys.exit(verify.main())
