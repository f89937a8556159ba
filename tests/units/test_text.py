"""Amounts are read exactly or refused, and shown rounded as the economy says."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.units.scales import (
    PPM,
    RANGE,
    SCALE,
    UNITS_PER_POINT,
    UYUAN_PER_YUAN,
)
from shareback.units.text import (
    AmountUnreadable,
    format_down,
    format_exact,
    format_half_up,
    parse_decimal,
    per_cent,
    points,
    price,
    price_of,
    yuan,
)

scales = st.sampled_from([1, PPM, UNITS_PER_POINT, SCALE])
amounts = st.integers(0, RANGE - 1)


# ------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "uyuan"),
    [
        ("0", 0),
        ("0.0", 0),
        ("100", 100_000_000),
        ("108.63", 108_630_000),
        ("0.000001", 1),
        ("1.500000", 1_500_000),
    ],
)
def test_reads_plain_decimals(text: str, uyuan: int) -> None:
    assert parse_decimal(text, UYUAN_PER_YUAN) == uyuan


def test_reads_whole_units() -> None:
    assert parse_decimal("42", 1) == 42


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", " 1", "1 ", "1\n", "+1", "-1", "−1", "1e2", "1E2", "1e400", "inf", "NaN", "0x1"),
        *("1,000", "1_000", "1'000", "¥1", "1%", "1/2", "01", "00", "1.", ".5", ".", "1.2.3"),
        *("１", "١", "1．5", "²", "1.５", "True"),  # noqa: RUF001 - other scripts' digits are the point
    ],
)
def test_refuses_what_is_no_plain_decimal(text: str) -> None:
    with pytest.raises(AmountUnreadable, match="no plain decimal"):
        parse_decimal(text, UYUAN_PER_YUAN)


def test_refuses_what_is_finer_than_the_unit() -> None:
    with pytest.raises(AmountUnreadable, match="more than 6 decimal places"):
        parse_decimal("0.0000001", UYUAN_PER_YUAN)


def test_refuses_even_zeros_beyond_the_unit() -> None:
    with pytest.raises(AmountUnreadable, match="more than 0 decimal places"):
        parse_decimal("1.0", 1)


def test_reads_the_largest_amount_that_can_be_counted() -> None:
    assert parse_decimal("4611686018427.387903", UYUAN_PER_YUAN) == RANGE - 1


def test_refuses_one_unit_above_the_largest_amount() -> None:
    with pytest.raises(AmountUnreadable, match="too large"):
        parse_decimal("4611686018427.387904", UYUAN_PER_YUAN)


def test_takes_eighteen_digits_and_refuses_nineteen() -> None:
    assert parse_decimal("9" * 18, 1) == 10**18 - 1
    with pytest.raises(AmountUnreadable, match="at most 18 digits"):
        parse_decimal("1" + "0" * 18, 1)


def test_a_fault_shows_a_text_that_fits_in_full() -> None:
    text = "x" * 40
    with pytest.raises(AmountUnreadable) as caught:
        parse_decimal(text, 1)

    assert caught.value.text == text
    assert str(caught.value) == f"'{text}' is no plain decimal number of at most 18 digits"


def test_a_fault_shortens_a_longer_text_and_stays_on_one_line() -> None:
    with pytest.raises(AmountUnreadable) as caught:
        parse_decimal("\n" * 41, 1)

    assert caught.value.text == "\n" * 37 + "..."
    assert "\n" not in str(caught.value)


@given(amounts, st.sampled_from([PPM, UNITS_PER_POINT, SCALE]))
def test_reads_back_what_it_shows_in_full(units: int, scale: int) -> None:
    assert parse_decimal(format_exact(units, scale), scale) == units


@given(st.text(alphabet="0123456789.-+eE _,٣", max_size=24))
def test_reads_a_text_as_decimal_arithmetic_does_or_refuses_it(text: str) -> None:
    try:
        units = parse_decimal(text, UYUAN_PER_YUAN)
    except AmountUnreadable:
        return
    assert units == Decimal(text) * UYUAN_PER_YUAN


# ------------------------------------------------------------------------------------- showing


def test_shows_money_with_two_places_rounded_down() -> None:
    assert yuan(108_634_615) == "108.63"
    assert yuan(9_999) == "0.00"
    assert yuan(10_000) == "0.01"


def test_shows_points_with_four_places_rounded_down() -> None:
    assert points(1_249_500_000) == "12.4950"
    assert points(9_999) == "0.0000"


def test_rounds_a_debt_towards_zero_and_keeps_its_sign() -> None:
    assert format_down(-1_239_999, UYUAN_PER_YUAN, 2) == "-1.23"


def test_shows_no_point_without_places() -> None:
    assert format_down(1_999_999, UYUAN_PER_YUAN, 0) == "1"
    assert format_down(-1_999_999, UYUAN_PER_YUAN, 0) == "-1"


@pytest.mark.parametrize(
    ("ppm", "text"), [(225_000, "22.5"), (300_000, "30"), (0, "0"), (1, "0.0001"), (-10_000, "-1")]
)
def test_shows_rates_in_per_cent_in_full(ppm: int, text: str) -> None:
    assert per_cent(ppm) == text


@given(amounts, scales, st.integers(0, 12))
def test_shows_at_most_what_is_there_and_less_than_one_step_below(
    units: int, scale: int, places: int
) -> None:
    places = min(places, len(str(scale)) - 1)
    with localcontext(prec=60):
        exact = (Decimal(units) / scale).quantize(Decimal(1).scaleb(-places), ROUND_DOWN)

    assert format_down(units, scale, places) == f"{exact:f}"


@given(st.integers(1, RANGE), scales)
def test_a_debt_in_full_is_the_amount_with_a_sign(units: int, scale: int) -> None:
    assert format_exact(-units, scale) == "-" + format_exact(units, scale)


# -------------------------------------------------------------------------------------- prices


def test_shows_a_price_rounded_half_up() -> None:
    yuan_a_point = SCALE * UYUAN_PER_YUAN // UNITS_PER_POINT

    assert price(yuan_a_point) == "1.0000"
    assert price(yuan_a_point * 14_285 // 10_000 + yuan_a_point // 20_000) == "1.4286"
    assert price(yuan_a_point * 14_285 // 10_000 + yuan_a_point // 20_000 - 1) == "1.4285"
    assert price(0) == "0.0000"


def test_shows_the_golden_prices() -> None:
    # R3.8: 100-yuan orders; 30 yuan each go into the reserve.
    supplies = [2_100_000_000, 3_570_000_000, 4_819_500_000, 5_944_050_000]
    shown = [price_of(30_000_000 * (n + 1), supply, 4) for n, supply in enumerate(supplies)]

    assert shown == ["1.4286", "1.6807", "1.8674", "2.0188"]


def test_an_exact_ratio_rounds_half_up_at_the_boundary() -> None:
    # 0.00005 yuan a point, and one millionth of that less.
    assert price_of(50, 100 * 10**6 * 10**2, 4) == "0.0000"
    assert price_of(50, UNITS_PER_POINT, 4) == "0.0001"
    assert price_of(50 * 10**6 - 1, UNITS_PER_POINT * 10**6, 4) == "0.0000"


@given(st.integers(0, RANGE - 1), st.integers(1, RANGE - 1), st.integers(1, 8))
def test_an_exact_ratio_is_what_decimal_arithmetic_says(
    reserve: int, supply: int, places: int
) -> None:
    with localcontext(prec=200):
        exact = Decimal(reserve) * UNITS_PER_POINT / (Decimal(supply) * UYUAN_PER_YUAN)
        shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    assert price_of(reserve, supply, places) == f"{shown:f}"


@pytest.mark.parametrize(
    ("units", "shown"),
    [(0, "0.00"), (4_999, "0.00"), (5_000, "0.01"), (1_234_567, "1.23"), (1_235_000, "1.24")],
)
def test_shows_an_amount_rounded_half_up(units: int, shown: str) -> None:
    assert format_half_up(units, UYUAN_PER_YUAN, 2) == shown
