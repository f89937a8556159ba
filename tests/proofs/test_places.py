"""Where leaves stand: each in a place of its own, which only the key tells."""

import pytest

from shareback.proofs.commitment import drawn
from shareback.proofs.places import (
    HEIGHT_MIN,
    PLACE_LABEL,
    ROUNDS,
    account_number,
    height_for,
    places,
    seat_of,
)
from shareback.proofs.sum_tree import HEIGHT_MAX, AccountKind

KEYS = [bytes([number]) * 32 for number in (1, 2)]
MEMBER, MERCHANT = AccountKind.MEMBER, AccountKind.MERCHANT


def order_of(key: bytes, height: int) -> list[int]:
    """The place of every seat."""
    order = places(height, lambda label, number: drawn(key, label, number))
    return [order.of(seat) for seat in range(1 << height)]


@pytest.mark.parametrize("key", KEYS, ids=["one", "other"])
@pytest.mark.parametrize("height", range(HEIGHT_MIN, 12))
def test_every_seat_has_a_place_of_its_own(key: bytes, height: int) -> None:
    assert sorted(order_of(key, height)) == list(range(1 << height))


@pytest.mark.parametrize("height", [HEIGHT_MIN, 7, 10])
def test_another_key_gives_another_order_and_none_is_the_order_of_numbers(height: int) -> None:
    one, other = (order_of(key, height) for key in KEYS)
    assert one != other
    assert one != sorted(one)
    # A neighbour's number tells nothing of one's own: hardly any two stay side by side.
    stay = sum(place ^ 1 == one[seat ^ 1] for seat, place in enumerate(one))
    assert stay <= max(8, 1 << height - 4)


def test_a_tree_that_grows_has_a_new_order() -> None:
    small, large = order_of(KEYS[0], 4), order_of(KEYS[0], 5)
    assert large[:16] != small


def test_the_key_is_asked_for_the_numbers_of_the_specification() -> None:
    asked: list[tuple[bytes, int]] = []

    def draw(label: bytes, number: int) -> bytes:
        asked.append((label, number))
        return b"\xff" * 16

    order = places(5, draw)
    assert {label for label, _number in asked} == {PLACE_LABEL}
    values = [(turn, value) for turn in range(ROUNDS) for value in range((8, 4)[turn % 2])]
    assert [number for _label, number in asked] == [5 << 48 | t << 40 | v for t, v in values]
    # The halves are of two and three bits; whatever all ones change is changed eight times.
    assert [max(one.numbers) for one in order.rounds] == [3, 7] * 4
    assert [order.of(seat) for seat in range(32)] == list(range(32))


@pytest.mark.parametrize(
    ("members", "merchants", "height"),
    [(0, 0, 4), (1, 0, 4), (15, 1, 4), (15, 2, 5), (16, 16, 5), (33, 0, 6), (1 << 32, 0, 32)],
)
def test_a_tree_is_as_high_as_its_accounts_need(members: int, merchants: int, height: int) -> None:
    assert height_for(members, merchants) == height


def test_more_accounts_than_a_tree_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match=f"at most 2\\^{HEIGHT_MAX}"):
        height_for(1 << 32, 1)


@pytest.mark.parametrize(("members", "merchants"), [(1, 0), (15, 1), (7, 9), (900, 124)])
def test_no_two_accounts_have_one_seat(members: int, merchants: int) -> None:
    height = height_for(members, merchants)
    seats = [seat_of(MEMBER, number + 1, height) for number in range(members)]
    seats += [seat_of(MERCHANT, number + 1, height) for number in range(merchants)]
    assert len(set(seats)) == members + merchants
    assert all(0 <= seat < 1 << height for seat in seats)


def test_no_two_accounts_have_one_number_for_their_salts() -> None:
    assert account_number(MEMBER, 7) == 1 << 32 | 7
    assert account_number(MERCHANT, 7) == 2 << 32 | 7
