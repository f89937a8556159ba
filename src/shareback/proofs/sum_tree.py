"""What a programme owes: a Merkle tree over all accounts, with sums inside the hashes.

A leaf is an account as it stood at a close, a node has the sums of all accounts below it, and its
hash holds both children's sums: no part can be made smaller without another root. Whoever is
shown the way from an account to the root knows that the account is counted in what the root says.

A leaf changes only when its account is touched. Dividends that have accrued since are in no leaf:
they follow from the weight, from what it was worth at the last touch, and from the index that
stands beside the root (R5.1), for one account and for the sum of all alike.
"""

import hashlib
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from shareback.proofs.merkle import HASH_BYTES
from shareback.proofs.paths import ProofWrong

ACCOUNT_PREFIX = b"\x03"
SUM_PREFIX = b"\x04"
LIABILITIES_PREFIX = b"\x05"
"""What sets an account, a node and the liabilities apart from each other and from the log."""

SUM_MAX = (1 << 63) - 1
"""The largest of a sum, and of every figure beside the root."""

WEIGHTED_MAX = (1 << 127) - 1
"""The largest sum of weight times index."""

HEIGHT_MAX = 32
"""How many levels a tree may have above its leaves."""

SUM_BYTES, WEIGHTED_BYTES = 8, 16
SCALE = 10**12
"""Of the dividend index (R1)."""


class AccountKind(IntEnum):
    """Whose account it is."""

    MEMBER = 1
    MERCHANT = 2


class Sums(NamedTuple):
    """What is held, granted and owed: of an account, or of all accounts below a node.

    Attributes:
        points: Points, in 10⁻⁸ point.
        weight: By which dividends are shared (R5.1); a merchant's is 0.
        quota: Quota granted, in µ¥.
        used: Quota used, in µ¥.
        coins: Coins, in 10⁻⁶ coin.
        cash: A member's cash balance or what is payable to a merchant, in µ¥.
        receivable: What the account owes the programme, in µ¥; never taken off what it is owed.
        weighted: Σ weight · index at the last touch.
    """

    points: int
    weight: int
    quota: int
    used: int
    coins: int
    cash: int
    receivable: int
    weighted: int

    def to_bytes(self) -> bytes:
        """72 bytes: seven of 8 and one of 16, most significant first.

        Raises:
            ProofWrong: One is below zero or too large.
        """
        if not (min(self) >= 0 and max(self[:-1]) <= SUM_MAX and self.weighted <= WEIGHTED_MAX):
            raise ProofWrong("a sum is below zero or too large")
        small = b"".join(value.to_bytes(SUM_BYTES, "big") for value in self[:-1])
        return small + self.weighted.to_bytes(WEIGHTED_BYTES, "big")

    def accrued(self, index: int) -> int:
        """Dividends that have accrued since the last touch, in µ¥ rounded down (R5.1).

        Of the sum of many accounts it is at most one µ¥ an account more than all are owed.

        Args:
            index: The dividend index A.

        Raises:
            ProofWrong: An account was touched at an index that is still to come.
        """
        earned = self.weight * index - self.weighted
        if earned < 0:
            raise ProofWrong("an account was touched at an index above the last")
        return earned // SCALE


NO_SUMS = Sums(0, 0, 0, 0, 0, 0, 0, 0)


class Node(NamedTuple):
    """A node of the tree: its hash, and the sums of all accounts below it."""

    digest: bytes
    sums: Sums


class Account(NamedTuple):
    """An account as a leaf holds it.

    Attributes:
        kind: Whose it is.
        number: Its number in the programme; with the kind it is in one leaf only.
        salt: 16 bytes that nobody else can guess.
        sums: What is held, granted and owed.
    """

    kind: AccountKind
    number: int
    salt: bytes
    sums: Sums

    def leaf(self) -> Node:
        """The leaf.

        Raises:
            ProofWrong: A sum is below zero or too large.
        """
        who = self.kind.to_bytes(4, "big") + self.number.to_bytes(4, "big")
        said = ACCOUNT_PREFIX + self.salt + who + self.sums.to_bytes()
        return Node(hashlib.sha256(said).digest(), self.sums)


NOBODY = Node(hashlib.sha256(ACCOUNT_PREFIX).digest(), NO_SUMS)
"""The leaf of a place where no account is."""


class Liabilities(NamedTuple):
    """The tree's root, and the figures that go with it; a checkpoint names their digest.

    Attributes:
        day: The day that had closed, the programme's local day number.
        size: How many entries the log had then.
        height: How many levels the tree has above its leaves.
        dividend_index: A.
        reserve: R, in µ¥.
        supply: S, in 10⁻⁸ point.
        last_price: The scaled price that holds while S is 0 (R3).
        top: The tree's root.
    """

    day: int
    size: int
    height: int
    dividend_index: int
    reserve: int
    supply: int
    last_price: int
    top: Node

    def to_bytes(self) -> bytes:
        """160 bytes: seven figures of 8, most significant first, the root's hash and its sums.

        Raises:
            ProofWrong: A figure is below zero or too large.
        """
        figures = self[:-1]
        if not (min(figures) >= 0 and max(figures) <= SUM_MAX and self.height <= HEIGHT_MAX):
            raise ProofWrong("a figure is below zero or too large")
        if len(self.top.digest) != HASH_BYTES:
            raise ProofWrong(f"a hash of {len(self.top.digest)} bytes")
        said = b"".join(value.to_bytes(SUM_BYTES, "big") for value in figures)
        return said + self.top.digest + self.top.sums.to_bytes()

    def digest(self) -> bytes:
        """32 bytes, as they stand in the checkpoint.

        Raises:
            ProofWrong: A figure is below zero or too large.
        """
        return hashlib.sha256(LIABILITIES_PREFIX + self.to_bytes()).digest()


def joined(left: Node, right: Node) -> Node:
    """The node above two others.

    Raises:
        ProofWrong: A sum is below zero or too large, or a hash is none.
    """
    if {len(left.digest), len(right.digest)} != {HASH_BYTES}:
        raise ProofWrong("a hash is not of 32 bytes")
    said = [SUM_PREFIX, left.digest, left.sums.to_bytes(), right.digest, right.sums.to_bytes()]
    sums = Sums(*(one + other for one, other in zip(left.sums, right.sums, strict=True)))
    sums.to_bytes()
    return Node(hashlib.sha256(b"".join(said)).digest(), sums)


def empty(height: int) -> Node:
    """The root of a tree without any account."""
    node = NOBODY
    for _level in range(height):
        node = joined(node, node)
    return node


def check_account(
    account: Account, place: int, path: Sequence[Node], liabilities: Liabilities
) -> None:
    """Check that an account is counted in what a programme says that it owes.

    Args:
        account: It.
        place: The place of its leaf.
        path: The nodes beside the way to the root, from the leaf up.
        liabilities: What the programme says; trust it if a checkpoint names its digest.

    Raises:
        ProofWrong: It is not, or something is below zero on the way.
    """
    if len(path) != liabilities.height or not 0 <= place < 1 << liabilities.height:
        raise ProofWrong("the proof is not of the tree's height")
    node = account.leaf()
    for beside in path:
        node = joined(beside, node) if place & 1 else joined(node, beside)
        place >>= 1
    if node != liabilities.top:
        raise ProofWrong("the proof leads to another root")
    node.sums.accrued(liabilities.dividend_index)
    account.sums.accrued(liabilities.dividend_index)
