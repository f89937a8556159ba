"""The tree of what is owed: its nodes, and that no proof holds but of an account in it."""

import hashlib
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import (
    HEIGHT_MAX,
    NO_SUMS,
    NOBODY,
    SUM_MAX,
    WEIGHTED_MAX,
    Account,
    AccountKind,
    Liabilities,
    Node,
    Sums,
    check_account,
    empty,
    joined,
)
from tests.proofs.trees import Tree, member, merchant, replaced, small_tree

SMALL = [name for name in Sums._fields if name != "weighted"]
figures = st.integers(0, 1 << 40)
accounts = st.builds(
    lambda kind, number, points, weight, cash, at: Account(
        AccountKind(kind),
        number,
        bytes([number % 251]) * 16,
        NO_SUMS._replace(points=points, weight=weight, cash=cash, weighted=weight * at),
    ),
    st.sampled_from(AccountKind),
    st.integers(1, 1 << 32 - 1),
    figures,
    figures,
    figures,
    st.integers(0, 5 * 10**12),
)
trees = st.dictionaries(st.integers(0, 15), accounts, min_size=1, max_size=5).map(
    # No account stands in two places.
    lambda seats: Tree(4, {place: one._replace(number=place + 1) for place, one in seats.items()})
)


class Shown(NamedTuple):
    """What somebody is shown who checks an account."""

    account: Account
    place: int
    path: tuple[Node, ...]
    owed: Liabilities

    def check(self) -> None:
        """Check it."""
        check_account(self.account, self.place, self.path, self.owed)


def shown(tree: Tree, place: int) -> Shown:
    """The proof of a place."""
    return Shown(tree.seats[place], place, tree.path(place), tree.owed())


def refused(proof: Shown, reason: str) -> None:
    """Check a proof that does not hold."""
    with pytest.raises(ProofWrong, match=reason):
        proof.check()


def test_a_leaf_has_the_bytes_of_the_specification() -> None:
    account = Account(AccountKind.MERCHANT, 258, bytes(range(16)), Sums(1, 2, 3, 4, 5, 6, 7, 8))
    said = (
        "03" + bytes(range(16)).hex() + "00000002" + "00000102"
        + "".join(f"{value:016x}" for value in range(1, 8)) + f"{8:032x}"
    )  # fmt: skip
    assert account.leaf() == Node(hashlib.sha256(bytes.fromhex(said)).digest(), account.sums)


def test_a_node_has_the_bytes_of_the_specification() -> None:
    left, right = member(1).leaf(), merchant(2).leaf()
    said = b"\x04" + left.digest + left.sums.to_bytes() + right.digest + right.sums.to_bytes()
    node = joined(left, right)
    assert node.digest == hashlib.sha256(said).digest()
    assert node.sums == tuple(a + b for a, b in zip(left.sums, right.sums, strict=True))


def test_what_is_owed_has_the_bytes_of_the_specification() -> None:
    top = member(1).leaf()
    owed = Liabilities(1, 2, 3, 4, 5, 6, 7, top)
    figures = b"".join(value.to_bytes(8, "big") for value in range(1, 8))
    said = b"\x05" + figures + top.digest + top.sums.to_bytes()
    assert owed.digest() == hashlib.sha256(said).digest()


def test_an_empty_tree_owes_nothing() -> None:
    assert empty(0) == NOBODY
    assert empty(3) == Tree(3, {}).top
    assert empty(HEIGHT_MAX).sums == NO_SUMS


@pytest.mark.parametrize("name", SMALL)
def test_a_sum_stays_within_63_bits(name: str) -> None:
    most = NO_SUMS._replace(**{name: SUM_MAX})
    assert most.to_bytes().count(b"\xff") == 7
    for wrong in (SUM_MAX + 1, -1):
        with pytest.raises(ProofWrong, match="below zero or too large"):
            NO_SUMS._replace(**{name: wrong}).to_bytes()


def test_the_weighted_sum_stays_within_127_bits() -> None:
    assert NO_SUMS._replace(weighted=WEIGHTED_MAX).to_bytes()[-16] == 0x7F
    for wrong in (WEIGHTED_MAX + 1, -1):
        with pytest.raises(ProofWrong, match="below zero or too large"):
            NO_SUMS._replace(weighted=wrong).to_bytes()


def test_two_nodes_whose_sums_are_too_large_together_are_not_joined() -> None:
    most, least = (member(1, cash=cash).leaf() for cash in (SUM_MAX, 1))
    assert joined(most, NOBODY).sums.cash == SUM_MAX
    with pytest.raises(ProofWrong, match="too large"):
        joined(most, least)


def test_a_node_without_a_whole_hash_is_not_joined() -> None:
    with pytest.raises(ProofWrong, match="32 bytes"):
        joined(Node(b"\0" * 31, NO_SUMS), NOBODY)
    with pytest.raises(ProofWrong, match="32 bytes"):
        joined(NOBODY, Node(b"\0" * 33, NO_SUMS))


@pytest.mark.parametrize("name", [name for name in Liabilities._fields if name != "top"])
def test_figures_stay_within_their_range(name: str) -> None:
    most = HEIGHT_MAX if name == "height" else SUM_MAX
    small_tree().owed(**{name: most}).digest()
    for wrong in (most + 1, -1):
        with pytest.raises(ProofWrong, match="a figure"):
            small_tree().owed(**{name: wrong}).digest()


def test_what_is_owed_has_a_whole_hash() -> None:
    owed = small_tree().owed()
    with pytest.raises(ProofWrong, match="a hash of 5 bytes"):
        owed._replace(top=Node(b"short", NO_SUMS)).digest()


def test_dividends_accrue_from_the_last_touch_and_are_rounded_down() -> None:
    sums = NO_SUMS._replace(weight=3, weighted=3 * 10**12)
    assert sums.accrued(10**12) == 0
    assert sums.accrued(10**12 + 333_333_333_333) == 0
    assert sums.accrued(10**12 + 333_333_333_334) == 1
    with pytest.raises(ProofWrong, match="above the last"):
        sums.accrued(10**12 - 1)


@given(trees)
def test_every_account_of_a_tree_is_proved(tree: Tree) -> None:
    for place in tree.seats:
        shown(tree, place).check()


@given(trees, st.data())
def test_nothing_else_is(tree: Tree, data: st.DataObject) -> None:
    proof = shown(tree, data.draw(st.sampled_from(sorted(tree.seats))))
    account, path = proof.account, proof.path
    name, level = data.draw(st.sampled_from(SMALL)), data.draw(st.integers(0, 3))
    more = account.sums._replace(**{name: getattr(account.sums, name) + 1})
    other = replaced(path[level], **{name: getattr(path[level].sums, name) + 1})
    for wrong in (
        proof._replace(account=account._replace(sums=more)),
        proof._replace(account=account._replace(number=account.number ^ 1)),
        proof._replace(account=account._replace(salt=b"\xff" * 16)),
        proof._replace(path=(*path[:level], other, *path[level + 1 :])),
        proof._replace(place=proof.place ^ 1 << level),
    ):
        refused(wrong, "another root")


@given(trees, st.data())
def test_no_root_with_less_in_it_has_the_account(tree: Tree, data: st.DataObject) -> None:
    proof = shown(tree, data.draw(st.sampled_from(sorted(tree.seats))))
    owing = [name for name in SMALL if getattr(tree.top.sums, name)]
    for name in owing:
        less = replaced(tree.top, **{name: getattr(tree.top.sums, name) - 1})
        refused(proof._replace(owed=proof.owed._replace(top=less)), "another root")


@pytest.mark.parametrize("place", [-1, 16, 18])
def test_a_place_is_in_the_tree(place: int) -> None:
    refused(shown(small_tree(), 2)._replace(place=place), "height")


@pytest.mark.parametrize("levels", [0, 3, 5])
def test_a_path_is_as_long_as_the_tree_is_high(levels: int) -> None:
    proof = shown(small_tree(), 2)
    refused(proof._replace(path=(*proof.path, NOBODY)[:levels]), "height")


def test_neither_the_account_nor_all_were_touched_after_the_close() -> None:
    late = member(1, points=1, weight=1, weighted=6 * 10**12)
    refused(shown(Tree(4, {3: late}), 3), "above the last")
    hidden = Tree(4, {3: late, 5: member(2, points=9, weight=9, weighted=0)})
    shown(hidden, 5).check()
    refused(shown(hidden, 3), "above the last")
