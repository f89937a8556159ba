"""Small trees of accounts, and the proofs that stand in them, made one node after another."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from shareback.proofs.checkpoint import Checkpoint
from shareback.proofs.notes import Purpose, Verifier, cosign, public_key, sign
from shareback.proofs.sum_tree import (
    NO_SUMS,
    NOBODY,
    Account,
    AccountKind,
    Liabilities,
    Node,
    joined,
)

ORIGIN = "mall.example/vintage"
ROOT = bytes(range(32))
"""Of the log; a proof of an account says nothing of it."""


class Key(NamedTuple):
    """A key that signs."""

    name: str
    secret: bytes
    purpose: Purpose = Purpose.NOTE

    @property
    def verifier(self) -> Verifier:
        """As others trust it."""
        return Verifier(self.name, self.purpose, public_key(self.secret))

    def line(self, text: str) -> str:
        """What it writes under a text."""
        if self.purpose == Purpose.COSIGNATURE:
            return cosign(text, self.name, self.secret, 1_700_000_000).to_line()
        return sign(text, self.name, self.secret).to_line()


OURS = Key(ORIGIN, bytes([1]) * 32)
NEXT = Key(ORIGIN, bytes([2]) * 32)
WITNESS = Key("witness.example", bytes([3]) * 32, Purpose.COSIGNATURE)
FOREIGN = Key(ORIGIN, bytes([9]) * 32)
"""A key of the same name that nobody trusts."""


class Tree:
    """A tree of accounts, of which only what is not empty is held."""

    def __init__(self, height: int, seats: dict[int, Account]) -> None:
        """Put accounts into their places."""
        self.height = height
        self.seats = seats
        self.empties = [NOBODY]
        self.levels = [{place: account.leaf() for place, account in seats.items()}]
        for level in range(height):
            below, nobody = self.levels[level], self.empties[level]
            self.levels.append(
                {
                    place: joined(below.get(2 * place, nobody), below.get(2 * place + 1, nobody))
                    for place in {place >> 1 for place in below}
                }
            )
            self.empties.append(joined(nobody, nobody))

    @property
    def top(self) -> Node:
        """The root."""
        return self.levels[self.height].get(0, self.empties[self.height])

    def path(self, place: int) -> tuple[Node, ...]:
        """The nodes beside the way from a place to the root."""
        return tuple(
            self.levels[level].get(place >> level ^ 1, self.empties[level])
            for level in range(self.height)
        )

    def owed(self, **figures: int) -> Liabilities:
        """What is said to be owed, with this tree in it."""
        told = {
            "day": 739_000,
            "size": 1_234,
            "height": self.height,
            "dividend_index": 5 * 10**12,
            "reserve": 88_000_000,
            "supply": 7 * 10**9,
            "last_price": 10**12,
        }
        return Liabilities(**(told | figures), top=self.top)

    def document(
        self, place: int, owed: Liabilities | None = None, keys: Sequence[Key] = (OURS,)
    ) -> dict[str, Any]:
        """The proof of the account in a place."""
        owed = owed or self.owed()
        return document(self.seats[place], place, self.path(place), owed, note_of(owed, keys))


def note_of(owed: Liabilities, keys: Sequence[Key]) -> str:
    """A signed checkpoint that names what is owed."""
    return signed(Checkpoint(ORIGIN, owed.size, ROOT, owed.digest()).to_text(), keys)


def signed(text: str, keys: Sequence[Key]) -> str:
    """A text, and the lines of keys under it."""
    return text + "\n" + "".join(key.line(text) for key in keys)


def document(
    account: Account, place: int, path: Sequence[Node], owed: Liabilities, note: str
) -> dict[str, Any]:
    """A proof as its file has it."""
    figures = {name: str(value) for name, value in owed._asdict().items() if name != "top"}
    return {
        "account": {
            "kind": int(account.kind),
            "number": account.number,
            "salt": account.salt.hex(),
            "sums": [str(value) for value in account.sums],
        },
        "place": place,
        "path": [shown(node) for node in path],
        "liabilities": figures | {"top": shown(owed.top)},
        "checkpoint": note,
    }


def shown(node: Node) -> dict[str, Any]:
    """A node as the file has it."""
    return {"hash": node.digest.hex(), "sums": [str(value) for value in node.sums]}


def text_of(found: object) -> str:
    """A document as its file."""
    return json.dumps(found, ensure_ascii=False)


def member(number: int, **sums: int) -> Account:
    """A member's account; with one figure of its own where none is named."""
    told = sums or {"points": 100 * number, "weight": 100 * number, "cash": 7 * number}
    found = NO_SUMS._replace(**told)
    if "weighted" not in sums:
        found = found._replace(weighted=found.weight * 10**12)
    return Account(AccountKind.MEMBER, number, bytes([number % 256]) * 16, found)


def merchant(number: int, **sums: int) -> Account:
    """A merchant's account."""
    told = sums or {"points": 5, "coins": 30 * number, "cash": 11 * number}
    salt = bytes([255 - number % 256]) * 16
    return Account(AccountKind.MERCHANT, number, salt, NO_SUMS._replace(**told))


def small_tree() -> Tree:
    """Sixteen places, four of them taken: three members and a merchant."""
    return Tree(4, {2: member(1), 3: member(2), 9: merchant(1), 12: member(3)})


def replaced(node: Node, **sums: int) -> Node:
    """A node with other sums and its own hash."""
    return Node(node.digest, node.sums._replace(**sums))
