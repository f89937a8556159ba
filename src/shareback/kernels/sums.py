"""The tree of accounts for many at a time, compiled; bit-equal to ``proofs.sum_tree``.

A node is a row of words, most significant first: its hash, then its sums. Two that stand side by
side are, read as one row, what is hashed into the node above them.
"""

from functools import cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import bytes_of, salt_words, words_of
from shareback.kernels.sha256 import WordArray
from shareback.kernels.tiles import prefixed_digests
from shareback.kernels.wide import high_limb
from shareback.proofs.merkle import HASH_BYTES
from shareback.proofs.places import ACCOUNT_LABEL, Places
from shareback.proofs.sum_tree import ACCOUNT_PREFIX, NOBODY, SUM_PREFIX, Node, Sums, joined

Nodes: TypeAlias = WordArray
"""uint32[n, NODE_WORDS]."""

HASH_WORDS: Final = 8
SMALL_SUMS: Final = 7
"""Sums of 64 bits; the last, weight times index, has 128."""

SUM_WORDS: Final = 2 * SMALL_SUMS + 4
NODE_WORDS: Final = HASH_WORDS + SUM_WORDS
NODE_BYTES: Final = 4 * NODE_WORDS
ACCOUNT_COLUMNS: Final = 10
"""Of a table of accounts: kind, number, points, weight, quota, used, coins, cash, receivable, and
the index at the last touch."""

_SALT_WORDS: Final = 4
_LOW: Final = np.uint64(0xFFFFFFFF)
_HALF: Final = np.uint64(32)
_TOP_BIT: Final = np.uint64(1 << 31)


class SumsTooLarge(ArithmeticError):
    """A bug: the sums of accounts leave what a programme can hold."""


def account_nodes(programme_key: bytes, table: Integers) -> Nodes:
    """The leaves of accounts.

    Args:
        programme_key: 32 bytes, from which their salts come.
        table: int64[n, ACCOUNT_COLUMNS], nothing below zero.

    Returns:
        Their leaves, as ``proofs.sum_tree.Account.leaf`` gives them.

    Raises:
        SumsTooLarge: Something is below zero.
    """
    numbers = table[:, 0] << 32 | table[:, 1]
    return salted_nodes(salt_words(programme_key, ACCOUNT_LABEL, numbers), table)


def salted_nodes(salts: WordArray, table: Integers) -> Nodes:
    """As `account_nodes`, where the salts are known: uint32[n, 4]."""
    if (table < 0).any():
        raise SumsTooLarge("an account has a figure below zero")
    rows = np.empty((len(table), _SALT_WORDS + 2 + SUM_WORDS), np.uint32)
    rows[:, :_SALT_WORDS] = salts
    rows[:, _SALT_WORDS : _SALT_WORDS + 2] = table[:, :2]
    _write_sums(np.ascontiguousarray(table), rows)
    nodes = np.empty((len(table), NODE_WORDS), np.uint32)
    prefixed_digests(ACCOUNT_PREFIX[0], rows, nodes)
    nodes[:, HASH_WORDS:] = rows[:, _SALT_WORDS + 2 :]
    return nodes


def join(nodes: Nodes) -> Nodes:
    """The nodes above pairs of nodes.

    Args:
        nodes: uint32[2n, NODE_WORDS], in one piece; left and right in turn.

    Returns:
        uint32[n, NODE_WORDS], as ``proofs.sum_tree.joined`` gives them.

    Raises:
        SumsTooLarge: A sum leaves its range.
    """
    pairs = nodes.reshape(len(nodes) // 2, 2 * NODE_WORDS)
    above = np.empty((len(pairs), NODE_WORDS), np.uint32)
    if not _add(pairs, above):
        raise SumsTooLarge("the sums of two nodes")
    prefixed_digests(SUM_PREFIX[0], pairs, above)
    return above


@cache
def empty_nodes(height: int) -> tuple[Nodes, ...]:
    """For each level up to a height, the node that has no account below it: uint32[1, …] each."""
    node, rows = NOBODY, []
    for _level in range(height + 1):
        row = from_bytes(node.digest + node.sums.to_bytes())
        row.flags.writeable = False
        rows.append(row)
        node = joined(node, node)
    return tuple(rows)


def to_bytes(nodes: Nodes) -> bytes:
    """Nodes as they are kept, `NODE_BYTES` each: the hash, then the sums."""
    return bytes_of(np.ascontiguousarray(nodes)).tobytes()


def from_bytes(text: bytes) -> Nodes:
    """What `to_bytes` was given."""
    return words_of(text, NODE_BYTES)


def node_of(text: bytes) -> Node:
    """A node from its bytes.

    Raises:
        ValueError: There are more or fewer than `NODE_BYTES`.
    """
    if len(text) != NODE_BYTES:
        raise ValueError(f"{len(text)} bytes are no node")
    digest, sums = text[:HASH_BYTES], text[HASH_BYTES:]
    ends = [*range(0, 8 * SMALL_SUMS + 1, 8), len(sums)]
    values = [int.from_bytes(sums[first:end], "big") for first, end in pairwise(ends)]
    return Node(digest, Sums._make(values))


def places_of(places: Places, seats: Integers) -> Integers:
    """The places of many seats, as ``Places.of`` gives each."""
    left, right = seats >> places.right_bits, seats & (1 << places.right_bits) - 1
    for changes_left, numbers in places.rounds:
        table = np.array(numbers, np.int64)
        if changes_left:
            left = left ^ table[right]
        else:
            right = right ^ table[left]
    return left << places.right_bits | right


@njit(cache=True)
def _write_sums(table: Integers, rows: WordArray) -> None:
    """Write the sums of accounts behind salt, kind and number."""
    for row in range(table.shape[0]):
        at = 6
        for column in range(2, 2 + SMALL_SUMS):
            value = np.uint64(table[row, column])
            rows[row, at] = np.uint32(value >> _HALF)
            rows[row, at + 1] = np.uint32(value & _LOW)
            at += 2
        weight, index = np.uint64(table[row, 3]), np.uint64(table[row, 9])
        for limb in (high_limb(weight, index), np.uint64(weight * index)):
            rows[row, at] = np.uint32(limb >> _HALF)
            rows[row, at + 1] = np.uint32(limb & _LOW)
            at += 2


@njit(cache=True, nogil=True)
def _add(pairs: WordArray, above: NDArray[np.uint32]) -> bool:
    """Add the sums of pairs, with their carries; False where one leaves its range."""
    is_sound = True
    for row in range(pairs.shape[0]):
        left, right = pairs[row, HASH_WORDS:NODE_WORDS], pairs[row, NODE_WORDS + HASH_WORDS :]
        out = above[row, HASH_WORDS:]
        carry = np.uint64(0)
        for at in range(SUM_WORDS - 1, -1, -1):
            total = np.uint64(left[at]) + np.uint64(right[at]) + carry
            out[at] = np.uint32(total & _LOW)
            carry = total >> _HALF
            # The last four words are one number, those before it are pairs.
            if at <= 2 * SMALL_SUMS and at % 2 == 0:
                is_sound = bool(is_sound and total < _TOP_BIT)
                carry = np.uint64(0)
    return is_sound
