"""R9: what a profile forbids is refused; points are never sold nor given from member to member."""

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from shareback.rules.codes import Code
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import Head, Member, Term
from shareback.rules.profiles import ALLOWED, DOCUMENT_BEHIND, Feature, allows
from shareback.rules.programme import TEST_ISSUER, Programme
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import COIN, POINT, YUAN, World

GOODS_ONLY: dict[str, object] = {
    "profile": "goods-only",
    "maturity_days": 0,
    "referral_rate": 0,
}
AUTHORITY = {"jurisdiction": "CH", "licence": "1", "approvers": ["a", "b"]}


def test_goods_only_pays_no_money_for_points() -> None:
    world = World(**GOODS_ONLY)
    world.buy(world.join())
    world.open_shop()
    refusal = world.refused(Code.PROFILE_FORBIDS, world.redeem, 1, POINT)
    assert (refusal.rule, refusal.document) == (
        "R9",
        "《防范和处置非法集资条例》（国务院令第737号，2021年）",
    )
    world.refused(Code.PROFILE_FORBIDS, world.redeem_merchant, 1, POINT)
    world.spend(1, 1, POINT)
    world.convert(1, POINT)


def test_goods_only_pays_no_dividends() -> None:
    world = World(**GOODS_ONLY)
    world.buy(world.join())
    world.close(3)
    assert world.head(Head.DIVIDENDS_IN) == 0
    with pytest.raises(ValidationError, match="goods-only pays no dividends"):
        World(**(GOODS_ONLY | {"dividend_rate": "0.000001"}))
    World(**(GOODS_ONLY | {"dividend_rate": 0}))


def test_in_goods_only_an_exit_gives_coins_instead_of_money() -> None:
    world = World(**(GOODS_ONLY | {"quota_multiple": "0.31"}))
    world.buy(world.join())
    world.buy(world.join())
    # The second order lifts the first member's 30 yuan above a quota of 31.
    row = world.member(1)
    assert (row[Member.POINTS], row[Member.COINS], row[Member.CASH]) == (0, 31 * COIN, 0)
    assert world.left(1) == 0
    assert world.head(Head.POINTS_ESCROW) == 21 * POINT
    assert (world.supply, world.reserve) == (3_570_000_000, 60 * YUAN)


@pytest.mark.parametrize(
    "parameters",
    [
        {"profile": "profit-share"},
        {"profile": "sandbox"},
        {"profile": "authorised", "authority": AUTHORITY},
    ],
)
def test_the_other_profiles_buy_back(parameters: dict[str, object]) -> None:
    world = World(maturity_days=0, **parameters)
    world.buy(world.join())
    world.redeem(1, POINT)
    assert world.terms[Term.DIVIDEND] == 300_000


def test_authority_needs_two_approvers_and_a_licence() -> None:
    for authority in (None, AUTHORITY | {"approvers": ["a"]}, AUTHORITY | {"licence": ""}):
        with pytest.raises(ValidationError):
            World(profile="authorised", authority=authority)
    for one_person in (["a", "a"], ["a", " A "], ["a", ""]):
        with pytest.raises(ValidationError, match="must be two persons or more"):
            World(profile="authorised", authority=AUTHORITY | {"approvers": one_person})


def test_an_unknown_profile_is_none() -> None:
    with pytest.raises(ValidationError, match="profile"):
        Programme.model_validate({"issuer": TEST_ISSUER, "profile": "casino"})


def test_no_command_sells_points_or_moves_them_between_members() -> None:
    takes_points = {kind for kind, fields in FIELDS.items() if "points" in fields}
    assert takes_points == {
        Kind.REDEEM_POINTS,
        Kind.SPEND_POINTS,
        Kind.CONVERT_POINTS,
        Kind.REDEEM_MERCHANT_POINTS,
    }
    # The only command that names two members names a referrer.
    two = {kind for kind, fields in FIELDS.items() if "referrer" in fields}
    assert two == {Kind.JOIN_MEMBER, Kind.SET_REFERRER}


def test_only_what_a_profile_forbids_names_a_document() -> None:
    world = World(maturity_days=0)
    world.buy(world.join())
    assert world.refused(Code.POINTS_SHORT, world.redeem, 1, 22 * POINT).document == ""


def test_what_leads_outside_needs_a_sandbox_or_an_authority() -> None:
    outside = {
        Feature.BRIDGE,
        Feature.EXCHANGE,
        Feature.COLLECTIBLES,
        Feature.TOKEN,
        Feature.REGISTRY,
        Feature.STOCK_CONVERSION,
    }
    for profile in ALLOWED:
        is_open = profile in {"sandbox", "authorised"}
        assert {allows(profile, feature) for feature in outside} == {is_open}
        assert allows(profile, Feature.STOCK_REGISTER) == (profile != "goods-only")
    assert not allows(Programme(issuer=TEST_ISSUER).profile, Feature.EXCHANGE)


def test_no_profile_sells_points_passes_them_on_or_pays_two_levels() -> None:
    never = {Feature.POINTS_FOR_MONEY, Feature.TRANSFER, Feature.SECOND_LEVEL}
    assert [p for p, features in ALLOWED.items() if features & never] == []


def test_every_refusal_of_a_feature_has_its_document() -> None:
    refused = {f for features in ALLOWED.values() for f in set(Feature) - features}
    assert refused == set(DOCUMENT_BEHIND)


@settings(max_examples=40)
@given(steps)
def test_in_goods_only_no_member_ever_gets_cash(taken: list[Step]) -> None:
    world = settled(World(**(GOODS_ONLY | {"quota_multiple": "0.5", "referral_rate": "0.2"})))
    walk(world, taken)
    assert world.head(Head.CASH) == 0
    assert world.head(Head.POT) == world.head(Head.PAYABLE) == 0
