"""The scales fit each other and the 64-bit columns that hold them."""

from shareback.units import scales


def test_the_range_ends_where_a_64_bit_column_is_half_full() -> None:
    assert scales.RANGE == 1 << 62
    assert scales.INT64_MAX == (1 << 63) - 1
    assert 2 * scales.RANGE - 1 == scales.INT64_MAX


def test_one_coin_buys_goods_for_one_yuan() -> None:
    assert scales.UCOIN_PER_COIN == scales.UYUAN_PER_YUAN


def test_the_top_price_is_a_million_yuan_a_point() -> None:
    per_point = scales.TOP_UYUAN_PER_UNIT * scales.UNITS_PER_POINT
    assert per_point == 1_000_000 * scales.UYUAN_PER_YUAN


def test_the_top_price_stays_in_range() -> None:
    assert scales.TOP_UYUAN_PER_UNIT * scales.SCALE < scales.RANGE


def test_the_largest_programme_of_the_seed_stays_in_range() -> None:
    assert 6_000_000_000 * scales.UNITS_PER_POINT < scales.RANGE


def test_dust_and_coarseness_are_the_sums_they_are_named_for() -> None:
    assert scales.COARSE_UYUAN * 100 == scales.UYUAN_PER_YUAN
    assert scales.DUST_UYUAN == scales.UYUAN_PER_YUAN
    assert scales.DUST_UNITS * 100 == scales.UNITS_PER_POINT


def test_a_whole_is_a_million_parts() -> None:
    assert scales.PPM == 10**6
