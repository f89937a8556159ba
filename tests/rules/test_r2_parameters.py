"""R2: a programme that cannot keep its promises is refused, with the reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shareback.rules.layout import TERM_WIDTH, Term
from shareback.rules.programme import TEST_ISSUER, Issuer, Programme, uscc_is_valid
from tests.rules.world import POINT, YUAN, World


def programme(**parameters: object) -> Programme:
    return Programme.model_validate({"issuer": TEST_ISSUER, **parameters})


def refuses(reason: str, **parameters: object) -> None:
    with pytest.raises(ValidationError, match=reason):
        programme(**parameters)


def test_the_defaults_are_the_wine_malls() -> None:
    terms = programme().terms_row()
    assert len(terms) == TERM_WIDTH
    assert terms[Term.ISSUE_PRICE] == YUAN
    assert terms[Term.SUPPLY_CAP] == 100_000_000 * POINT
    assert terms[Term.BACKING : Term.PER_SPEND] == [300_000, 700_000, 100_000]
    assert terms[Term.PER_SPEND : Term.MARGIN] == [0, 0, 0]
    assert terms[Term.MARGIN : Term.MATURITY_DAYS] == [500_000, 300_000, 2_000_000, 100_000, 0]
    assert terms[Term.MATURITY_DAYS :] == [7, 1, 1_000 * YUAN, 0]
    assert programme().tier_rows() == [[0, 1_000_000]]


def test_the_sales_can_fill_forty_five_of_two_hundred_of_all_quota() -> None:
    assert programme().share_of_quota_ppm() == 225_000
    assert programme(quota_multiple=1).share_of_quota_ppm() == 450_000


def test_backing_and_dividends_may_take_the_whole_margin_and_no_more() -> None:
    programme(backing_rate="0.35")
    refuses("more than its sales earn", backing_rate="0.350001")
    programme(backing_rate="0.000001", margin_rate="0.000002", dividend_rate="0.5")
    refuses("more than its sales earn", backing_rate="0.000001", margin_rate="0.000001")


def test_a_category_keeps_the_same_promise() -> None:
    programme(backing_by_category={"green": "0.35"})
    refuses("green", backing_by_category={"green": "0.350001"})
    refuses("must be above 0", backing_by_category={"free": 0})
    refuses("greater_than", backing_rate=0)


def test_awards_and_referral_together_may_be_the_whole_contribution() -> None:
    programme(award_rate="0.9")
    refuses("above 1", award_rate="0.900001")
    refuses("above 1", award_rate=1, referral_rate="0.000001")
    programme(award_rate=1, referral_rate=0)


def test_the_quota_multiple_is_above_every_backing_rate() -> None:
    programme(quota_multiple="0.300001")
    refuses("exit at once", quota_multiple="0.3")
    refuses("green", quota_multiple="0.32", backing_by_category={"green": "0.32"})


@pytest.mark.parametrize("fee", ["redemption_fee", "goods_redemption_fee"])
def test_a_fee_is_at_most_a_half(fee: str) -> None:
    programme(**{fee: "0.5"})
    refuses(fee, **{fee: "0.500001"})


def tiers(*thresholds: object) -> list[dict[str, object]]:
    return [{"name": f"tier {row}", "threshold": one} for row, one in enumerate(thresholds)]


def test_tiers_rise_from_above_nothing() -> None:
    programme(tiers=tiers("0.00000001", 2, 3))
    refuses("tiers must rise", tiers=tiers(0, 2))
    refuses("tiers must rise", tiers=tiers(1, 2, 2))
    refuses("tiers must rise", tiers=tiers(1, 3, 2))


def test_a_tiers_multiplier_is_above_nothing() -> None:
    lowest = {"name": "slow", "threshold": 1, "multiplier": "0.000001"}
    assert programme(tiers=[lowest]).tier_rows() == [[0, 1_000_000], [POINT, 1]]
    refuses("greater_than", tiers=[lowest | {"multiplier": 0}])


def test_the_cap_times_the_largest_multiplier_stays_below_two_to_the_sixty_second() -> None:
    programme(supply_cap="46116860184.27387903")
    refuses("too large to be counted", supply_cap="46116860184.27387904")
    twice = {"name": "gold", "threshold": 1, "multiplier": 2}
    programme(supply_cap="23058430092.13693951", tiers=[twice])
    refuses("out of range", supply_cap="23058430092.13693952", tiers=[twice])
    half = twice | {"multiplier": "0.5"}
    programme(supply_cap="46116860184.27387903", tiers=[half])


def test_the_cap_and_the_issue_price_are_above_nothing() -> None:
    refuses("supply_cap", supply_cap=0)
    refuses("issue_price", issue_price=0)
    programme(issue_price=1_000_000)
    refuses("issue_price", issue_price="1000000.000001")


def test_awards_per_spend_name_both_points_and_spend() -> None:
    terms = programme(award_mode="per_spend", award_points=1, award_spend=200).terms_row()
    assert terms[Term.PER_SPEND : Term.MARGIN] == [1, POINT, 200 * YUAN]
    refuses("needs award_points", award_mode="per_spend", award_points=1)
    refuses("needs award_points", award_mode="per_spend", award_spend=200)


@pytest.mark.parametrize(
    "value", ["1e-1", "NaN", "inf", "-0.1", "0.1234567", "", " 0.1", "0,3", 0.3, None, True, [1]]
)
def test_a_rate_is_a_plain_decimal_text(value: object) -> None:
    refuses("backing_rate", backing_rate=value)


def test_a_parameter_that_nobody_knows_is_refused() -> None:
    refuses("bonus_rate", bonus_rate="0.1")
    with pytest.raises(ValidationError, match="frozen"):
        programme().award_rate = 1  # type: ignore[misc]


def test_the_parameters_stand_in_the_log_as_people_wrote_them() -> None:
    one = programme(supply_cap="100.5", tiers=tiers(1))
    fields = json.loads(one.canonical())
    assert (fields["supply_cap"], fields["backing_rate"]) == ("100.5", "0.3")
    assert Programme.model_validate(fields) == one
    assert b" " not in programme(name="x").canonical().replace(b"Test issuer (no company)", b"")


VALID = "91350100M000100Y43"


def test_the_check_digit_of_a_credit_code_is_verified() -> None:
    assert uscc_is_valid(VALID)
    assert Issuer(name="A company", code=VALID).code == VALID
    with pytest.raises(ValidationError, match="no valid unified social credit code"):
        Issuer(name="A company", code=VALID[:-1] + "4")


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_a_credit_code_with_one_letter_changed_is_none(place: int, letter: str) -> None:
    changed = VALID[:place] + letter + VALID[place + 1 :]
    assert uscc_is_valid(changed) == (changed == VALID)


@pytest.mark.parametrize("code", ["", VALID[:-1], VALID + "1", VALID.lower(), "I" + VALID[1:]])
def test_what_is_no_credit_code_at_all_is_refused(code: str) -> None:
    assert not uscc_is_valid(code)


def test_a_foreign_issuer_names_a_register_and_its_number() -> None:
    entry = {"name": "Ltd", "register": "Zürich", "number": "CHE-1"}
    assert Issuer.model_validate(entry).register_name == "Zürich"
    for missing in ({"register": "Zürich"}, {"number": "CHE-1"}, {}):
        with pytest.raises(ValidationError, match="needs a unified social credit code"):
            Issuer.model_validate({"name": "Ltd", **missing})


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_accepted_pays_out_at_most_the_margin(
    backing: int, margin: int, dividend: int
) -> None:
    rates = {"backing_rate": backing, "margin_rate": margin, "dividend_rate": dividend}
    texts = {name: f"{rate // 10**6}.{rate % 10**6:06}" for name, rate in rates.items()}
    keeps = backing > 0 and backing * 10**6 + dividend * margin <= margin * 10**6
    if keeps:
        assert programme(**texts).backing_rate == backing
    else:
        with pytest.raises(ValidationError):
            programme(**texts)


def test_every_world_of_these_tests_is_a_programme() -> None:
    assert World().programme == programme()


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "\t", "a\u2028b"])
def test_a_name_holds_no_control_character(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        Programme.model_validate({"issuer": TEST_ISSUER, "name": name})
    with pytest.raises(ValidationError, match="tiers"):
        Programme.model_validate(
            {"issuer": TEST_ISSUER, "tiers": [{"name": name, "threshold": "1"}]}
        )
