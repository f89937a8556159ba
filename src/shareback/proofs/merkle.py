"""The Merkle tree of RFC 6962 that the log is, kept as its frontier only.

The frontier of a tree of n leaves is the roots of its perfect subtrees, largest first: one for
each bit that is set in n. It is all that appending needs.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from shareback.units.scales import INT64_MAX

HASH_BYTES = 32
"""Hashes of leaves and nodes are whole SHA-256 digests."""

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
"""What sets the hash of a leaf and that of a node apart, by RFC 6962."""

_SIZE_BYTES = 8


class Frontier(NamedTuple):
    """A tree, as far as appending to it needs.

    Attributes:
        size: How many leaves it has.
        roots: The roots of its perfect subtrees, largest first, one for each bit set in size.
    """

    size: int
    roots: tuple[bytes, ...]


EMPTY = Frontier(0, ())
"""The tree without a leaf."""


class FrontierUnreadable(ValueError):
    """Bytes that are not a frontier."""

    def __init__(self, length: int, reason: str) -> None:
        """Keep how many bytes there were, and what is wrong with them."""
        self.length = length
        self.reason = reason
        super().__init__(f"{length} bytes: {reason}")


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and the entry.

    Args:
        entry: In a programme's log the leaf's salt, 16 bytes, and the canonical bytes.

    Returns:
        32 bytes.

    Source:
        RFC 6962, section 2.1.
    """
    return hashlib.sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children's: SHA-256 of 0x01, left and right.

    Args:
        left: 32 bytes.
        right: 32 bytes.

    Returns:
        32 bytes.

    Source:
        RFC 6962, section 2.1.
    """
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def append(frontier: Frontier, leaf: bytes) -> Frontier:
    """The frontier after one more leaf.

    Args:
        frontier: The tree before.
        leaf: The hash of the new leaf, 32 bytes.

    Returns:
        The tree after; its size is one more.
    """
    roots = list(frontier.roots)
    subtree = leaf
    size = frontier.size
    # Each trailing 1 of the size is a perfect subtree that the new leaf makes a pair with.
    while size & 1:
        subtree = node_hash(roots.pop(), subtree)
        size >>= 1
    return Frontier(frontier.size + 1, (*roots, subtree))


def append_many(frontier: Frontier, leaves: Iterable[bytes]) -> Frontier:
    """The frontier after the hashes of several leaves, in their order."""
    for leaf in leaves:
        frontier = append(frontier, leaf)
    return frontier


def root(frontier: Frontier) -> bytes:
    """The Merkle tree hash over all leaves.

    Args:
        frontier: The tree.

    Returns:
        32 bytes; those of SHA-256 of nothing for the empty tree.

    Source:
        RFC 6962, section 2.1.
    """
    if not frontier.roots:
        return hashlib.sha256(b"").digest()
    whole = frontier.roots[-1]
    for left in reversed(frontier.roots[:-1]):
        whole = node_hash(left, whole)
    return whole


def frontier_to_bytes(frontier: Frontier) -> bytes:
    """The frontier as it is stored: its size in 8 bytes big-endian, then its roots."""
    return frontier.size.to_bytes(_SIZE_BYTES, "big") + b"".join(frontier.roots)


def frontier_from_bytes(stored: bytes) -> Frontier:
    """Read a stored frontier.

    Args:
        stored: What `frontier_to_bytes` gave.

    Returns:
        The frontier.

    Raises:
        FrontierUnreadable: The bytes are cut off, or their number does not fit the size.
    """
    if len(stored) < _SIZE_BYTES:
        raise FrontierUnreadable(len(stored), "cut off within the size")
    size = int.from_bytes(stored[:_SIZE_BYTES], "big")
    if size > INT64_MAX:
        raise FrontierUnreadable(len(stored), "the size is above 2⁶³ − 1")
    needed = _SIZE_BYTES + HASH_BYTES * size.bit_count()
    if len(stored) != needed:
        raise FrontierUnreadable(len(stored), f"a tree of {size} leaves takes {needed}")
    roots = tuple(
        stored[start : start + HASH_BYTES] for start in range(_SIZE_BYTES, needed, HASH_BYTES)
    )
    return Frontier(size, roots)
