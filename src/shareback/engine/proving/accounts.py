"""The proof that an account is counted in what its programme says that it owes."""

from typing import NamedTuple

import numpy as np
from django.db import DEFAULT_DB_ALIAS

from shareback.engine.proving.blocks import StoredTree
from shareback.engine.proving.checkpoints import liabilities_from_bytes, permutation, places_in
from shareback.engine.snapshot import snapshot
from shareback.journal.models import Checkpoint, Cosignature, Programme
from shareback.kernels.sums import node_of, to_bytes
from shareback.proofs.commitment import drawn
from shareback.proofs.places import ACCOUNT_LABEL, account_number
from shareback.proofs.sum_tree import Account, AccountKind, Liabilities, Node


class AccountProof(NamedTuple):
    """All that somebody needs who checks an account by themselves.

    Attributes:
        account: It, as it stood at the last close that was drawn up.
        place: Where its leaf stands.
        path: The nodes beside the way to the root, from the leaf up.
        liabilities: What the programme owed.
        note: The checkpoint that names it, with all who vouch for it.
    """

    account: Account
    place: int
    path: tuple[Node, ...]
    liabilities: Liabilities
    note: str

    def document(self) -> dict[str, object]:
        """As JSON; byte strings in lower-case hexadecimal, amounts as decimal strings of units."""
        owed = self.liabilities
        figures = {name: str(value) for name, value in owed._asdict().items() if name != "top"}
        return {
            "account": {
                "kind": int(self.account.kind),
                "number": self.account.number,
                "salt": self.account.salt.hex(),
                "sums": shown(self.account.sums),
            },
            "place": self.place,
            "path": [shown_node(node) for node in self.path],
            "liabilities": figures | {"top": shown_node(owed.top)},
            "checkpoint": self.note,
        }


def shown(sums: tuple[int, ...]) -> list[str]:
    """Sums in their order."""
    return [str(value) for value in sums]


def shown_node(node: Node) -> dict[str, object]:
    """A node as JSON."""
    return {"hash": node.digest.hex(), "sums": shown(node.sums)}


def prove(
    programme: Programme, kind: AccountKind, number: int, alias: str = DEFAULT_DB_ALIAS
) -> AccountProof | None:
    """The proof of an account at the last close that was drawn up.

    Args:
        programme: Its head row.
        kind: Whose account.
        number: Its number.
        alias: Which of Django's databases holds it.

    Returns:
        It; none before the first close, or where the account is younger than the last.
    """
    with snapshot(alias):
        return proved(programme, kind, number, alias)


def proved(programme: Programme, kind: AccountKind, number: int, alias: str) -> AccountProof | None:
    """As `prove`, in one view of the database: the pass after a close changes all of it."""
    rows = Checkpoint.objects.using(alias).filter(programme_id=programme.pk)
    last = rows.order_by("-day").first()
    if last is None:
        return None
    owed = liabilities_from_bytes(bytes(last.liabilities))
    if not 1 <= number <= 1 << owed.height:
        return None
    key = bytes(programme.key)
    tree = StoredTree(programme.pk, alias, owed.height, owed.top)
    (place,) = places_in(permutation(key, owed.height), np.array([[kind, number]])).tolist()
    leaf = node_of(to_bytes(tree.leaves(np.array([place]))))
    salt = drawn(key, ACCOUNT_LABEL, account_number(kind, number))
    account = Account(kind, number, salt, leaf.sums)
    if account.leaf() != leaf:
        return None
    path = tuple(map(node_of, tree.path(place)))
    return AccountProof(account, place, path, owed, whole_note(last, alias))


def whole_note(checkpoint: Checkpoint, alias: str = DEFAULT_DB_ALIAS) -> str:
    """A checkpoint with the lines of its witnesses."""
    lines = Cosignature.objects.using(alias).filter(
        programme_id=checkpoint.programme_id, day=checkpoint.day
    )
    return str(checkpoint.note) + "".join(lines.order_by("witness").values_list("line", flat=True))
