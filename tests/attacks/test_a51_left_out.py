"""A51: a member who is left out of what is owed finds it out; who checked is counted."""

import pytest

from shareback.proofs.documents import check_document
from shareback.proofs.paths import ProofWrong
from shareback.proofs.sum_tree import NOBODY, Account, Liabilities, Node
from tests.proofs.trees import OURS, Tree, document, member, merchant, note_of, text_of

LI, WANG, WINERY = member(1, points=900, cash=50), member(2, points=700), merchant(1, coins=30)
ALL = {3: LI, 6: WANG, 12: WINERY}


def robbed(of: int) -> Tree:
    """The tree without whoever stands in a place."""
    return Tree(4, {place: one for place, one in ALL.items() if place != of})


def shown(account: Account, place: int, path: tuple[Node, ...], owed: Liabilities) -> None:
    """Check what somebody is shown, under a checkpoint that the programme has signed."""
    file = document(account, place, path, owed, note_of(owed, [OURS]))
    check_document(text_of(file), [OURS.verifier])


@pytest.mark.parametrize("place", ALL)
def test_whoever_is_left_out_is_shown_no_proof_that_holds(place: int) -> None:
    tree = robbed(place)
    for at in range(16):
        with pytest.raises(ProofWrong, match="another root"):
            shown(ALL[place], at, tree.path(at), tree.owed())


@pytest.mark.parametrize("place", ALL)
def test_nor_the_proof_of_the_whole_tree_under_the_smaller_root(place: int) -> None:
    whole = Tree(4, ALL)
    shown(ALL[place], place, whole.path(place), whole.owed())
    with pytest.raises(ProofWrong, match="another root"):
        shown(ALL[place], place, whole.path(place), robbed(place).owed())


@pytest.mark.parametrize("place", ALL)
def test_nor_an_account_with_nothing_in_it_as_their_own(place: int) -> None:
    """An empty place proves nothing: it is no account's leaf, and no empty account's either."""
    tree = robbed(place)
    nothing = ALL[place]._replace(sums=NOBODY.sums)
    with pytest.raises(ProofWrong, match="another root"):
        shown(nothing, place, tree.path(place), tree.owed())


def test_the_others_see_no_difference_which_is_why_everybody_checks() -> None:
    tree = robbed(3)
    for place in (6, 12):
        shown(ALL[place], place, tree.path(place), tree.owed())
