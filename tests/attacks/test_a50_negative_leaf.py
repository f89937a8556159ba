"""A50: an invented account with less than nothing makes no debt smaller."""

import pytest

from shareback.proofs.documents import check_document
from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import NOBODY, SUM_MAX, Account, Node, Sums, check_account, joined
from tests.proofs.trees import OURS, Tree, member, text_of

LI = member(1, points=900)
SUMS = Sums._fields
TOO_LARGE = {name: 1 << (127 if name == "weighted" else 63) for name in SUMS}
HEIGHT = 4


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


@pytest.mark.parametrize("name", SUMS)
def test_nor_does_any_sum_wrap_in_a_node(name: str) -> None:
    most = Node(bytes(32), NOBODY.sums._replace(**{name: TOO_LARGE[name] - 1}))
    one = Node(bytes(32), NOBODY.sums._replace(**{name: 1}))
    assert joined(most, Node(bytes(32), NOBODY.sums)).sums == most.sums
    for pair in ((most, one), (one, most), (most, most)):
        with pytest.raises(ProofWrong, match="too large"):
            joined(*pair)


@pytest.mark.parametrize("level", [*range(HEIGHT), "leaf", "top"])
@pytest.mark.parametrize("name", SUMS)
def test_a_file_carries_none_at_any_node_and_in_no_sum(level: int | str, name: str) -> None:
    tree = Tree(HEIGHT, {0: LI, 5: member(2), 9: member(3)})
    column = SUMS.index(name)
    check_document(text_of(tree.document(0)), [OURS.verifier])
    for wrong in ("-500", "-1", str(TOO_LARGE[name]), str((1 << 128) - 500)):
        found = tree.document(0)
        places = {"leaf": found["account"], "top": found["liabilities"]["top"]}
        node = places[level] if isinstance(level, str) else found["path"][level]
        node["sums"][column] = wrong
        with pytest.raises(ProofWrong, match=r"below zero or too large|decimal digits"):
            check_document(text_of(found), [OURS.verifier])


@pytest.mark.parametrize("level", range(HEIGHT))
@pytest.mark.parametrize("name", SUMS)
def test_no_node_beside_the_way_can_be_told_as_less_or_more(level: int, name: str) -> None:
    """Its own hash may be right: the parent's hash holds the sums of both children too."""
    places = {0: LI, 1: member(2), 2: member(3), 5: member(4), 9: member(5)}
    tree = Tree(HEIGHT, places)
    path, owed = tree.path(0), tree.owed()
    beside = path[level]
    for change in (1, -1):
        told = getattr(beside.sums, name) + change
        if told < 0:
            continue
        other = beside._replace(sums=beside.sums._replace(**{name: told}))
        with pytest.raises(ProofWrong, match=r"another root|too large"):
            check_account(LI, 0, (*path[:level], other, *path[level + 1 :]), owed)
    check_account(LI, 0, path, owed)


@pytest.mark.parametrize("level", range(1, HEIGHT))
def test_the_sum_of_an_inner_node_made_smaller_robs_somebody_below_it(level: int) -> None:
    """Maxwell's flaw above the leaves: who stands below the node is led to another root."""
    wang = member(2, points=700)
    place = 1 << level
    tree = Tree(HEIGHT, {0: LI, place: wang})
    path = tree.path(0)
    less = path[level]._replace(sums=path[level].sums._replace(points=0))
    top = LI.leaf()
    for at, beside in enumerate(path):
        top = joined(top, less if at == level else beside)
    assert top.sums.points == 900
    owed = tree.owed()._replace(top=top)
    # Li sees nothing of it, but Wang's own proof leads elsewhere.
    check_account(LI, 0, (*path[:level], less, *path[level + 1 :]), owed)
    with pytest.raises(ProofWrong, match="another root"):
        check_account(wang, place, tree.path(place), owed)


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
