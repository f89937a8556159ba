"""The Merkle tree, against RFC 6962's definition and the roots its reference code tests with."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.merkle import (
    EMPTY,
    Frontier,
    FrontierUnreadable,
    append,
    append_many,
    frontier_from_bytes,
    frontier_to_bytes,
    leaf_hash,
    node_hash,
    root,
)

# The entries and roots that Certificate Transparency's reference code is tested with.
ENTRIES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

leaf_lists = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while 2 * left < len(leaves):
        left *= 2
    return hashlib.sha256(
        b"\x01" + root_by_definition(leaves[:left]) + root_by_definition(leaves[left:])
    ).digest()


@pytest.mark.parametrize("size", range(9))
def test_gives_the_roots_known_from_certificate_transparency(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES[:size]]
    assert root(append_many(EMPTY, leaves)).hex() == ROOTS[size]


@given(leaf_lists)
def test_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert root(append_many(EMPTY, leaves)) == root_by_definition(leaves)


@given(leaf_lists, leaf_lists)
def test_appending_in_two_goes_is_appending_in_one(first: list[bytes], then: list[bytes]) -> None:
    assert append_many(append_many(EMPTY, first), then) == append_many(EMPTY, first + then)


@given(leaf_lists, st.data())
def test_another_leaf_gives_another_root(leaves: list[bytes], data: st.DataObject) -> None:
    if not leaves:
        return
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = [*leaves[:place], hashlib.sha256(leaves[place]).digest(), *leaves[place + 1 :]]
    assert root(append_many(EMPTY, leaves)) != root(append_many(EMPTY, other))


def test_a_leaf_never_hashes_as_a_node() -> None:
    left, right = bytes(32), bytes(range(32))
    assert leaf_hash(left + right) != node_hash(left, right)
    assert node_hash(left, right) != node_hash(right, left)


def test_appending_leaves_the_frontier_before_untouched() -> None:
    before = append(EMPTY, bytes(32))
    append(before, bytes(range(32)))
    assert before == Frontier(1, (bytes(32),))


@given(leaf_lists)
def test_a_stored_frontier_reads_back(leaves: list[bytes]) -> None:
    frontier = append_many(EMPTY, leaves)
    stored = frontier_to_bytes(frontier)
    assert frontier_from_bytes(stored) == frontier
    assert len(stored) == 8 + 32 * len(leaves).bit_count()


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (b"", "cut off"),
        (bytes(7), "cut off"),
        (bytes(9), "a tree of 0 leaves takes 8"),
        (bytes(7) + b"\x01", "a tree of 1 leaves takes 40"),
        (bytes(7) + b"\x01" + bytes(31), "a tree of 1 leaves takes 40"),
        (bytes(7) + b"\x03" + bytes(96), "a tree of 3 leaves takes 72"),
        (b"\x80" + bytes(7) + bytes(32), "above 2"),
    ],
)
def test_refuses_a_frontier_whose_length_does_not_fit(stored: bytes, reason: str) -> None:
    with pytest.raises(FrontierUnreadable, match=reason) as caught:
        frontier_from_bytes(stored)
    assert caught.value.length == len(stored)


def test_reads_the_largest_frontier() -> None:
    stored = (2**63 - 1).to_bytes(8, "big") + bytes(32 * 63)
    assert frontier_to_bytes(frontier_from_bytes(stored)) == stored
