"""A50: an invented account with less than nothing makes no debt smaller."""

import pytest

from shareback.proofs.documents import check_document
from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import NOBODY, SUM_MAX, Account, Node, Sums, check_account, joined
from tests.proofs.trees import OURS, Tree, member, text_of

LI = member(1, points=900)
SUMS = [name for name in Sums._fields if name != "weighted"]


@pytest.mark.parametrize("name", SUMS)
def test_no_leaf_holds_less_than_nothing(name: str) -> None:
    invented: Account = member(2, **{name: -1})
    with pytest.raises(ProofWrong, match="below zero"):
        invented.leaf()


@pytest.mark.parametrize("name", SUMS)
def test_nor_does_a_node_on_the_way(name: str) -> None:
    less = Node(bytes(32), NOBODY.sums._replace(**{name: -500}))
    for pair in ((LI.leaf(), less), (less, LI.leaf())):
        with pytest.raises(ProofWrong, match="below zero"):
            joined(*pair)


def test_nor_one_that_would_wrap_where_numbers_have_64_bits() -> None:
    """Two to the 64th less 500 is minus 500 to whoever counts in 64 bits."""
    for wraps in ((1 << 64) - 500, SUM_MAX):
        with pytest.raises(ProofWrong, match="too large"):
            joined(LI.leaf(), Node(bytes(32), NOBODY.sums._replace(points=wraps)))


def test_a_file_cannot_carry_one() -> None:
    tree = Tree(4, {0: LI})
    found = tree.document(0)
    check_document(text_of(found), [OURS.verifier])
    for wrong in ("-500", str((1 << 64) - 500)):
        found["path"][0]["sums"][0] = wrong
        with pytest.raises(ProofWrong, match="below zero or too large"):
            check_document(text_of(found), [OURS.verifier])


def test_the_sum_alone_made_smaller_is_another_root() -> None:
    """Maxwell's flaw: where only the sum of both children is hashed, each may be told as less."""
    wang = member(2, points=700)
    tree = Tree(4, {0: LI, 1: wang})
    less = wang.leaf()._replace(sums=wang.sums._replace(points=0))
    top = joined(LI.leaf(), less)
    for beside in tree.path(0)[1:]:
        top = joined(top, beside)
    assert top.sums.points == 900
    # Li sees nothing of it, but Wang's own proof leads elsewhere.
    owed = tree.owed()._replace(top=top)
    check_account(LI, 0, (less, *tree.path(0)[1:]), owed)
    with pytest.raises(ProofWrong, match="another root"):
        check_account(wang, 1, tree.path(1), owed)
