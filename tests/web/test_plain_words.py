"""The plain words of R11 come from the rules' own figures."""

import pytest

from shareback.engine.statements.pace import days_to_quota
from shareback.rules.programme import TEST_ISSUER, Programme
from shareback.units.scales import INT64_MAX
from shareback.web.plain_words import programme_words, times_to_double
from shareback.web.shown import Voice


def programme(**terms: object) -> Programme:
    return Programme.model_validate({"issuer": TEST_ISSUER.model_dump(by_alias=True), **terms})


def test_doubling_takes_ten_times_the_orders_at_the_defaults() -> None:
    assert times_to_double(programme()) == 10


@pytest.mark.parametrize(
    ("award_rate", "times"), [("0.5", 4), ("0", 2), ("0.9", 1_024), ("0.94", 104_031)]
)
def test_doubling_takes_more_orders_where_more_is_awarded(award_rate: str, times: int) -> None:
    assert times_to_double(programme(award_rate=award_rate, referral_rate="0")) == times


@pytest.mark.parametrize("award_rate", ["0.95", "0.99", "1"])
def test_a_factor_that_tells_nobody_anything_is_left_out(award_rate: str) -> None:
    assert times_to_double(programme(award_rate=award_rate, referral_rate="0")) is None


def test_fixed_awards_have_no_such_factor() -> None:
    fixed = programme(award_mode="per_spend", award_points="1", award_spend="200")

    assert times_to_double(fixed) is None


def test_the_defaults_give_back_45_of_100_and_fill_22_and_a_half_per_cent() -> None:
    said = " ".join(word.body for word in programme_words(programme(), 0, Voice("en")))

    assert "¥45.00 of every ¥100.00" in said
    assert "22.5% of all quota" in said


def test_a_programme_for_goods_only_promises_no_buy_back_and_no_dividends() -> None:
    goods = programme(profile="goods-only")
    titles = [word.title for word in programme_words(goods, 0, Voice("en"))]

    assert "For goods only" in titles
    assert not any("Dividends" in title or "fee" in title for title in titles)


@pytest.mark.parametrize(
    ("key", "now", "then", "window", "days"),
    [
        (200, 100, 90, 10, 100),
        (201, 100, 90, 10, 101),
        (100, 100, 90, 10, 1),
        (100 + 3_652, 100, 90, 10, 3_652),
        (100 + 3_653, 100, 90, 10, None),
        (200, 100, 100, 10, None),
        (INT64_MAX, 100, 90, 10, None),
    ],
)
def test_the_pace_is_carried_on_for_at_most_ten_years(
    key: int, now: int, then: int, window: int, days: int | None
) -> None:
    assert days_to_quota(key, now, then, window) == days
