"""Proofs of inclusion and consistency: right ones hold, and no other."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.merkle import EMPTY, append_many, leaf_hash, root
from shareback.proofs.paths import (
    Nodes,
    Path,
    ProofWrong,
    check_consistency,
    check_inclusion,
    consistency_proof,
    halfway,
    inclusion_proof,
    root_between,
    root_by_inclusion,
)

# The leaves on which RFC 6962's first implementations were tried, and what came of them.
INPUTS = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

SIZES = st.integers(1, 70)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(count.to_bytes(2, "big")) for count in range(count)]


def tree(hashes: list[bytes]) -> Nodes:
    def node(level: int, place: int) -> bytes:
        first = place << level
        return root_of(hashes[first : first + (1 << level)])

    return node


def root_of(hashes: list[bytes]) -> bytes:
    return root(append_many(EMPTY, hashes))


def from_hex(path: list[str]) -> Path:
    return tuple(map(bytes.fromhex, path))


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_known_proofs_of_inclusion(index: int, size: int) -> None:
    path = from_hex(INCLUSION[index, size])
    assert inclusion_proof(tree(LEAVES), index, size) == path
    check_inclusion(LEAVES[index], index, size, path, root_of(LEAVES[:size]))


@pytest.mark.parametrize(("older", "size"), CONSISTENCY)
def test_known_proofs_of_consistency(older: int, size: int) -> None:
    path = from_hex(CONSISTENCY[older, size])
    assert consistency_proof(tree(LEAVES), older, size) == path
    check_consistency(older, root_of(LEAVES[:older]), size, root_of(LEAVES[:size]), path)


@given(SIZES)
def test_the_root_of_any_run_that_begins_at_the_first_leaf(size: int) -> None:
    hashes = leaves(size)
    assert root_between(tree(hashes), 0, size) == root_of(hashes)


@given(SIZES.filter(lambda size: size > 1))
def test_halfway_is_the_largest_power_of_two_below(width: int) -> None:
    found = halfway(width)
    assert found < width <= 2 * found
    assert found & (found - 1) == 0


def test_every_leaf_of_every_small_tree_is_proved() -> None:
    hashes = leaves(40)
    for size in range(1, 41):
        nodes, known = tree(hashes[:size]), root_of(hashes[:size])
        for index in range(size):
            path = inclusion_proof(nodes, index, size)
            check_inclusion(hashes[index], index, size, path, known)
            assert len(path) <= (size - 1).bit_length()


def test_every_older_tree_of_every_small_one_is_proved() -> None:
    hashes = leaves(40)
    roots = [root_of(hashes[:size]) for size in range(41)]
    for size in range(41):
        nodes = tree(hashes[:size])
        for older in range(size + 1):
            path = consistency_proof(nodes, older, size)
            check_consistency(older, roots[older], size, roots[size], path)


@given(st.data())
def test_a_proof_of_inclusion_proves_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 40))
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    known, path = root_of(hashes), inclusion_proof(tree(hashes), index, size)
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
    wrong = [
        (hashes[other], index, size, path, known),
        (hashes[index], index, size, path, hashes[0]),
        (hashes[index], index, size, (*path, hashes[0]), known),
        (hashes[index], index, size, path[:-1], known),
        (hashes[index], index, size, (*path[:-1], flipped(path[-1])), known),
        (hashes[index], index, size, (*path[:-1], path[-1][:-1]), known),
        (hashes[index], size, size, path, known),
        (hashes[index], -1, size, path, known),
    ]
    for one in wrong:
        with pytest.raises(ProofWrong):
            check_inclusion(*one)


@given(st.data())
def test_a_proof_of_consistency_proves_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 40))
    older = data.draw(st.integers(1, size - 1))
    hashes = leaves(size)
    first, known = root_of(hashes[:older]), root_of(hashes)
    path = consistency_proof(tree(hashes), older, size)
    fork = [leaf_hash(b"another"), *hashes[1:]]
    wrong = [
        (older, root_of(fork[:older]), size, known, path),
        (older, first, size, root_of(fork), path),
        (older, first, size, known, (*path, hashes[0])),
        (older, first, size, known, path[:-1]),
        (older, first, size, known, ()),
        (older, first, size, known, (*path[:-1], flipped(path[-1]))),
        (older, first, size, known, (*path[:-1], b"")),
        (size + 1, first, size, known, path),
        (0, b"", size, known, path),
        (size, first, size, known, ()),
        (size, known, size, known, path),
    ]
    for one in wrong:
        with pytest.raises(ProofWrong):
            check_consistency(*one)
    check_consistency(0, b"", size, known, ())
    check_consistency(size, known, size, known, ())


def flipped(found: bytes) -> bytes:
    return bytes((found[0] ^ 1,)) + found[1:]


def test_a_proof_of_a_leaf_that_is_not_there_cannot_be_made() -> None:
    nodes = tree(leaves(3))
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_proof(nodes, index, size)
    for older, size in ((4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="did not grow"):
            consistency_proof(nodes, older, size)


def test_a_leaf_alone_is_its_own_root() -> None:
    leaf = hashlib.sha256(b"x").digest()
    assert root_by_inclusion(leaf, 0, 1, ()) == leaf
