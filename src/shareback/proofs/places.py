"""Where an account's leaf stands: nowhere that its number would tell.

A proof shows the sums of its neighbours. So that nobody knows whose they are, leaves stand in an
order that only the programme's key tells: a permutation of all places, by a network of Feistel's.
"""

from collections.abc import Callable
from typing import NamedTuple

from shareback.proofs.sum_tree import HEIGHT_MAX, AccountKind

PLACE_LABEL = b"shareback/spot/1"
"""Sets the permutation's numbers apart from whatever else a programme's key may serve."""

ACCOUNT_LABEL = b"shareback/acct/1"
"""Sets the salts of accounts apart."""

ROUNDS = 8
HEIGHT_MIN = 4


class Round(NamedTuple):
    """One round: which half is changed, and by which numbers.

    Attributes:
        changes_left: Whether it changes the left half by the right one.
        numbers: For each value of the half that stays, what the other is changed by.
    """

    changes_left: bool
    numbers: tuple[int, ...]


class Places(NamedTuple):
    """The permutation of the places of a tree.

    Attributes:
        height: How many levels the tree has above its leaves.
        right_bits: How many bits the right half of a place has.
        rounds: They.
    """

    height: int
    right_bits: int
    rounds: tuple[Round, ...]

    def of(self, seat: int) -> int:
        """The place of a seat; both 0 <= … < 2^height."""
        left, right = seat >> self.right_bits, seat & (1 << self.right_bits) - 1
        for changes_left, numbers in self.rounds:
            if changes_left:
                left ^= numbers[right]
            else:
                right ^= numbers[left]
        return left << self.right_bits | right


def account_number(kind: AccountKind, number: int) -> int:
    """What stands for an account under `ACCOUNT_LABEL`."""
    return kind << 32 | number


def height_for(members: int, merchants: int) -> int:
    """How high a tree is that holds so many accounts.

    Raises:
        ValueError: There are too many.
    """
    height = max(HEIGHT_MIN, (members + merchants - 1).bit_length())
    if height > HEIGHT_MAX:
        raise ValueError(f"{members + merchants} accounts, at most 2^{HEIGHT_MAX}")
    return height


def seat_of(kind: AccountKind, number: int, height: int) -> int:
    """Which seat an account has: members from the first on, merchants from the last back."""
    return number - 1 if kind == AccountKind.MEMBER else (1 << height) - number


def places(height: int, draw: Callable[[bytes, int], bytes]) -> Places:
    """The permutation for a tree.

    Args:
        height: The tree's, `HEIGHT_MIN` <= height <= `HEIGHT_MAX`.
        draw: Gives at least four bytes for a label and a number, which only the key tells.
    """
    left_bits = height // 2
    right_bits = height - left_bits
    rounds = []
    for turn in range(ROUNDS):
        changes_left = turn % 2 == 0
        stays, changed = (right_bits, left_bits) if changes_left else (left_bits, right_bits)
        first = height << 48 | turn << 40
        numbers = (
            int.from_bytes(draw(PLACE_LABEL, first | value)[:4], "big") >> 32 - changed
            for value in range(1 << stays)
        )
        rounds.append(Round(changes_left, tuple(numbers)))
    return Places(height, right_bits, tuple(rounds))
