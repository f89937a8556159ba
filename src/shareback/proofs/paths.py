"""Proofs over the Merkle tree of RFC 6962: that a leaf is in it, and that it only grew.

A proof is made from the roots of perfect subtrees, which never change once they are full: level 0
is a leaf's hash, level h the root over 2ʰ leaves. Whoever holds two trees' sizes and roots checks
it with nothing else.
"""

from collections.abc import Callable, Iterator

from shareback.proofs.merkle import HASH_BYTES, node_hash

Nodes = Callable[[int, int], bytes]
"""Gives the root of a perfect subtree, by its level and its place among those of that level."""

Path = tuple[bytes, ...]
"""The hashes of a proof, 32 bytes each, as RFC 6962 orders them: from the leaves to the root."""


class ProofWrong(ValueError):
    """A proof that does not prove what it is shown for."""

    def __init__(self, reason: str) -> None:
        """Keep what is wrong with it."""
        self.reason = reason
        super().__init__(reason)


def halfway(width: int) -> int:
    """The largest power of two that is smaller than a number of leaves above one."""
    return 1 << (width - 1).bit_length() - 1


def root_between(nodes: Nodes, start: int, end: int) -> bytes:
    """The tree hash over a run of leaves that begins where a subtree as wide could.

    Args:
        nodes: The tree's perfect subtrees.
        start: The first leaf.
        end: The leaf after the last, > start.

    Returns:
        32 bytes.

    Source:
        RFC 6962, section 2.1: MTH(D[start:end]).
    """
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + halfway(width)
    return node_hash(root_between(nodes, start, middle), root_between(nodes, middle, end))


def inclusion_proof(nodes: Nodes, index: int, size: int) -> Path:
    """The proof that a leaf is in a tree.

    Args:
        nodes: The tree's perfect subtrees.
        index: The leaf's place, 0 <= index < size.
        size: How many leaves the tree has.

    Returns:
        At most one hash for each level.

    Raises:
        ValueError: The tree has no such leaf.

    Source:
        RFC 6962, section 2.1.1: PATH(index, D[size]).
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + halfway(end - start)
        if index < middle:
            path.append(root_between(nodes, middle, end))
            end = middle
        else:
            path.append(root_between(nodes, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(nodes: Nodes, older: int, size: int) -> Path:
    """The proof that a tree grew from an older one by nothing but appending.

    Args:
        nodes: The tree's perfect subtrees.
        older: How many leaves the older tree had, 0 <= older <= size.
        size: How many leaves the tree has.

    Returns:
        The hashes; none where the older tree was empty or is the same.

    Raises:
        ValueError: The older tree is the larger one.

    Source:
        RFC 6962, section 2.1.2: PROOF(older, D[size]).
    """
    if not 0 <= older <= size:
        raise ValueError(f"a tree of {size} leaves did not grow from one of {older}")
    if older == 0:
        return ()
    start, end, is_known = 0, size, True
    path: list[bytes] = []
    while end > older:
        middle = start + halfway(end - start)
        if older <= middle:
            path.append(root_between(nodes, middle, end))
            end = middle
        else:
            path.append(root_between(nodes, start, middle))
            # The older tree's root is not a node of this one, so its part has to be told.
            start, is_known = middle, False
    if not is_known:
        path.append(root_between(nodes, start, end))
    return tuple(reversed(path))


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Path) -> bytes:
    """The root of the tree in which a proof places a leaf.

    Args:
        leaf: The leaf's hash, 32 bytes.
        index: Its place.
        size: How many leaves the tree has.
        path: The proof.

    Returns:
        32 bytes: the proof holds if they are the root that is known.

    Raises:
        ProofWrong: It is not as long as a proof of these sizes, or no hashes.

    Source:
        RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofWrong(f"a tree of {size} leaves has no leaf {index}")
    hashes = hashes_of(path)
    node, last = index, size - 1
    found = leaf
    for sibling in hashes:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while node & 1 == 0:
                # It is the last of its level, so it stands for those above as it is.
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofWrong("the proof is too short")
    return found


def check_inclusion(leaf: bytes, index: int, size: int, path: Path, root: bytes) -> None:
    """Check that a leaf is in a tree.

    Args:
        leaf: The leaf's hash, 32 bytes.
        index: Its place.
        size: How many leaves the tree has.
        path: The proof.
        root: The tree's root, 32 bytes, from a checkpoint that is trusted.

    Raises:
        ProofWrong: It does not prove it.

    Source:
        RFC 9162, section 2.1.3.2.
    """
    if root_by_inclusion(leaf, index, size, path) != root:
        raise ProofWrong("the proof leads to another root")


def check_consistency(older: int, older_root: bytes, size: int, root: bytes, path: Path) -> None:
    """Check that a tree grew from an older one.

    Args:
        older: How many leaves the older tree had.
        older_root: Its root, 32 bytes; not looked at where it was empty.
        size: How many leaves the tree has.
        root: Its root, 32 bytes.
        path: The proof.

    Raises:
        ProofWrong: It does not prove it.

    Source:
        RFC 9162, section 2.1.4.2.
    """
    if not 0 <= older <= size:
        raise ProofWrong(f"a tree of {size} leaves did not grow from one of {older}")
    if older in {0, size}:
        if path:
            raise ProofWrong("the proof is too long")
        if older == size and older_root != root:
            raise ProofWrong("two roots of one size")
        return
    before, after = roots_by_consistency(older, older_root, size, path)
    if before != older_root:
        raise ProofWrong("the proof leads to another older root")
    if after != root:
        raise ProofWrong("the proof leads to another root")


def roots_by_consistency(
    older: int, older_root: bytes, size: int, path: Path
) -> tuple[bytes, bytes]:
    """The roots of the older and the newer tree to which a proof leads; 0 < older < size.

    Raises:
        ProofWrong: It is not as long as a proof of these sizes, or no hashes.
    """
    hashes = hashes_of(path)
    node, last = older - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    # A tree whose size is a power of two is a node itself: its root need not be told.
    before = after = older_root if node == 0 else next(hashes, b"")
    if not before:
        raise ProofWrong("the proof is too short")
    for sibling in hashes:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while node & 1 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofWrong("the proof is too short")
    return before, after


def hashes_of(path: Path) -> Iterator[bytes]:
    """The hashes of a proof, one after another.

    Raises:
        ProofWrong: One of them is no hash.
    """
    for found in path:
        if len(found) != HASH_BYTES:
            raise ProofWrong(f"a hash of {len(found)} bytes")
        yield found
