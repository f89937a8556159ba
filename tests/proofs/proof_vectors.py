"""Makes the test vectors of ``docs/reference/proofs.md``.

``python -m tests.proofs.proof_vectors`` writes them anew, in ``proofs-vectors.json`` beside it.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from shareback.proofs.commitment import drawn
from shareback.proofs.places import ACCOUNT_LABEL, account_number, places, seat_of
from shareback.proofs.sum_tree import SUM_MAX, AccountKind, empty
from tests.proofs.proof_faults import FAULTS, OTHER_ROOT
from tests.proofs.trees import (
    FOREIGN,
    NEXT,
    OURS,
    WITNESS,
    Key,
    Tree,
    document,
    member,
    merchant,
    note_of,
    small_tree,
)

FILE = Path(__file__).parents[2] / "docs" / "reference" / "proofs-vectors.json"
PROGRAMME_KEY = bytes(range(32))


def shop_and_shoppers() -> list[tuple[str, dict[str, Any], list[Key]]]:
    """Proofs that hold: what each shows, the document, and the keys that are trusted."""
    small = small_tree()
    wide = Tree(7, {place: member(place + 1) for place in range(0, 128, 3)})
    huge = Tree(5, {17: member(1, points=SUM_MAX, weight=SUM_MAX, weighted=SUM_MAX * SUM_MAX)})
    most = huge.owed(dividend_index=SUM_MAX, reserve=SUM_MAX, supply=SUM_MAX, last_price=SUM_MAX)
    tall = Tree(32, {(1 << 32) - 1: merchant(2**32 - 1), 0: member(1), 5: member(2)})
    owing = Tree(4, {0: member(1, cash=0, receivable=9, quota=50, used=20), 1: merchant(1)})
    kept = small.document(2) | {"keys": [OURS.verifier.to_text()], "date": "2024-04-29"}
    return [
        ("a member beside another", small.document(2), [OURS]),
        ("a member beside an empty place", small.document(12), [OURS]),
        ("a merchant", small.document(9), [OURS]),
        ("a member in a tree of seven levels", wide.document(63), [OURS]),
        ("the largest sums", huge.document(17, most), [OURS]),
        ("a member in a tree of 32 levels", tall.document(5), [OURS]),
        ("the last place of a tree of 32 levels", tall.document((1 << 32) - 1), [OURS]),
        ("a member who owes and has quota", owing.document(0), [OURS]),
        ("an old and a new key", small.document(3, keys=[NEXT, OURS]), [OURS]),
        ("both keys trusted", small.document(3, keys=[NEXT, OURS]), [OURS, NEXT]),
        ("a witness", small.document(2, keys=[OURS, WITNESS]), [OURS, WITNESS]),
        ("a line of a key that is not trusted", small.document(2, keys=[FOREIGN, OURS]), [OURS]),
        ("what is in the file beside the proof", kept, [OURS]),
    ]


def left_out() -> dict[str, Any]:
    """What a member can be shown at best who is not in the tree (A51)."""
    small = small_tree()
    robbed = Tree(4, {place: one for place, one in small.seats.items() if place != 2})
    owed = robbed.owed()
    return document(small.seats[2], 2, robbed.path(2), owed, note_of(owed, [OURS]))


def touched_later() -> dict[str, Any]:
    """An account that says it was touched at an index that is still to come."""
    tree = Tree(4, {2: member(1, points=100, weight=100, weighted=100 * 6 * 10**12)})
    return tree.document(2)


def touched_later_among_others() -> dict[str, Any]:
    """As `touched_later`, hidden from the sum by others who were touched long ago."""
    late = member(1, points=100, weight=100, weighted=100 * 6 * 10**12)
    early = member(2, points=900, weight=900, weighted=0)
    return Tree(4, {2: late, 3: early}).document(2)


def refused() -> list[dict[str, Any]]:
    """Proofs that do not hold, each with the check at which it falls, and why."""
    rows = []
    for fault in FAULTS:
        found = deepcopy(small_tree().document(2))
        fault.change(found)
        rows.append((fault.name, fault.check, fault.reason, found))
    rows.append(("an account left out", "root", OTHER_ROOT, left_out()))
    later = "an account was touched at an index above the last"
    rows.append(("touched later than the close", "index", later, touched_later()))
    rows.append(("touched later, hidden by others", "index", later, touched_later_among_others()))
    trusted = [OURS.verifier.to_text(), WITNESS.verifier.to_text()]
    return [
        {"name": name, "check": check, "reason": reason, "trusted": trusted, "document": found}
        for name, check, reason, found in rows
    ]


def accepted() -> list[dict[str, Any]]:
    """Proofs that hold, each with what it shows."""
    rows = []
    for name, found, trusted in shop_and_shoppers():
        *_others, weighted = map(int, found["account"]["sums"])
        weight = int(found["account"]["sums"][1])
        index = int(found["liabilities"]["dividend_index"])
        rows.append(
            {
                "name": name,
                "trusted": [key.verifier.to_text() for key in trusted],
                "accrued": str((weight * index - weighted) // 10**12),
                "vouched": [key.verifier.to_text() for key in trusted],
                "document": found,
            }
        )
    return rows


def placed() -> list[dict[str, Any]]:
    """Where leaves stand, and their salts, by the programme's key."""
    rows = []
    for height in (4, 5, 13):
        order = places(height, lambda label, number: drawn(PROGRAMME_KEY, label, number))
        for kind, number in (
            (AccountKind.MEMBER, 1),
            (AccountKind.MEMBER, 7),
            (AccountKind.MERCHANT, 1),
        ):
            salt = drawn(PROGRAMME_KEY, ACCOUNT_LABEL, account_number(kind, number))
            seat = seat_of(kind, number, height)
            rows.append(
                {
                    "height": height,
                    "kind": int(kind),
                    "number": number,
                    "seat": seat,
                    "place": order.of(seat),
                    "salt": salt.hex(),
                }
            )
    return rows


def made() -> dict[str, Any]:
    """All of the vectors."""
    return {
        "programme_key": PROGRAMME_KEY.hex(),
        "places": placed(),
        "empty": [
            {"height": height, "hash": empty(height).digest.hex()} for height in (0, 1, 4, 32)
        ],
        "accepted": accepted(),
        "refused": refused(),
    }


def written() -> str:
    """The file."""
    return json.dumps(made(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
