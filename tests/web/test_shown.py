"""What the public pages say, in both languages."""

from shareback.web.shown import Voice

VOICE = Voice("en")


def test_what_came_or_went_carries_its_sign_and_nothing_is_empty() -> None:
    assert (VOICE.gain(10_000), VOICE.gain(0), VOICE.gain(-10_000)) == ("+¥0.01", "", "−¥0.01")
    assert VOICE.points_gain(123_456_789) == "+1.2345"
    assert VOICE.points_gain(-123_456_789) == "−1.2345"
    assert VOICE.coins_gain(2_000_000) == "+2.00"


def test_a_month_is_written_as_each_language_writes_it() -> None:
    assert Voice("zh").month("2026-03-01") == "2026 年 3 月"
    assert Voice("en").month("2026-03-01") == "March 2026"
