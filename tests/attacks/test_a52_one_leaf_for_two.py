"""A52: one leaf is not shown to two members who hold the same."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.documents import check_document
from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import Account, AccountKind
from tests.proofs.trees import OURS, Tree, document, note_of, text_of

SUMS = Tree(4, {}).top.sums._replace(points=500, cash=20)
SALT = bytes(range(16))
kinds, numbers = st.sampled_from(AccountKind), st.integers(1, (1 << 32) - 1)


def twins(*numbers: int) -> list[Account]:
    """Members who hold the same, under one salt, as a lying programme would draw it."""
    return [Account(AccountKind.MEMBER, number, SALT, SUMS) for number in numbers]


def test_the_second_of_two_is_shown_no_proof_that_holds() -> None:
    for counted, other in permutations(twins(1, 2)):
        tree = Tree(4, {5: counted})
        owed = tree.owed()
        for account, is_right in ((counted, True), (other, False)):
            file = document(account, 5, tree.path(5), owed, note_of(owed, [OURS]))
            if is_right:
                check_document(text_of(file), [OURS.verifier])
                continue
            with pytest.raises(ProofWrong, match="another root"):
                check_document(text_of(file), [OURS.verifier])


@given(kinds, numbers, kinds, numbers)
def test_no_two_accounts_have_one_leaf(
    kind: AccountKind, number: int, other_kind: AccountKind, other_number: int
) -> None:
    one = Account(kind, number, SALT, SUMS)
    other = Account(other_kind, other_number, SALT, SUMS)
    assert (one.leaf() == other.leaf()) == ((kind, number) == (other_kind, other_number))


def test_two_leaves_for_one_only_make_the_programme_owe_more() -> None:
    (li,) = twins(1)
    assert Tree(4, {5: li, 9: li}).top.sums.points == 2 * Tree(4, {5: li}).top.sums.points
