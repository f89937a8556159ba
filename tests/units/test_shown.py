"""Figures are shown exactly, rounded towards zero, with their thousands apart."""

import pytest

from shareback.units.shown import Amounts, gained, grouped, share_text, sign_of

AMOUNTS = Amounts()


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("0.00", "0.00"),
        ("999.99", "999.99"),
        ("1000.00", "1,000.00"),
        ("-1234567.8", "−1,234,567.8"),
        ("12345", "12,345"),
        ("-0.00", "0.00"),
        ("-0.01", "−0.01"),
    ],
)
def test_thousands_stand_apart(plain: str, shown: str) -> None:
    assert grouped(plain) == shown


@pytest.mark.parametrize(
    ("uyuan", "shown"),
    [
        (0, "¥0.00"),
        (9_999, "¥0.00"),
        (10_000, "¥0.01"),
        (1_234_567_890_000, "¥1,234,567.89"),
        (-10_000, "−¥0.01"),
        (-9_999, "¥0.00"),
    ],
)
def test_money_has_two_decimals_rounded_towards_zero(uyuan: int, shown: str) -> None:
    assert AMOUNTS.money(uyuan) == shown


def test_a_huge_amount_loses_no_digit() -> None:
    assert AMOUNTS.money(4_611_686_018_427_387_903) == "¥4,611,686,018,427.38"


@pytest.mark.parametrize(
    ("part", "whole", "places", "shown"),
    [
        (1, 3, 2, "33.33%"),
        (2, 3, 2, "66.66%"),
        (-1, 3, 2, "−33.33%"),
        (0, 3, 1, "0.0%"),
        (5, 0, 2, "–"),
        (5, -1, 2, "–"),
        (30, 1, 2, "3,000.00%"),
    ],
)
def test_a_share_is_rounded_down_and_of_nothing_a_dash(
    part: int, whole: int, places: int, shown: str
) -> None:
    assert share_text(part, whole, places) == shown


def test_what_came_or_went_carries_its_sign_and_nothing_is_empty() -> None:
    assert [gained(one, "x") for one in (1, 0, -1)] == ["+x", "", "x"]


def test_money_in_full_carries_its_sign_before_the_currency() -> None:
    assert AMOUNTS.money_exact(1_000_001) == "¥1.000001"
    assert AMOUNTS.money_exact(-1) == "−¥0.000001"


def test_points_coins_prices_and_counts() -> None:
    assert AMOUNTS.points(-123_456_789) == "−1.2345"
    assert AMOUNTS.coins(1_999_999) == "1.99"
    assert AMOUNTS.price(51_731_499_999) == "¥5.1731"
    assert AMOUNTS.count(1_234_567) == "1,234,567"


def test_a_currency_without_a_sign_of_its_own_is_named() -> None:
    assert sign_of("CNY") == "¥"
    assert Amounts(sign=sign_of("JPY")).money(1_000_000) == "JPY 1.00"
