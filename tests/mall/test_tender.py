"""With what orders are paid: whole fen of each instrument, by the rules' own figures."""

from hypothesis import given
from hypothesis import strategies as st

from shareback.gateways.payments.interface import FEN
from shareback.mall.tender import (
    ALL,
    Wallet,
    Wish,
    after,
    gross_for,
    less,
    net_of,
    part_of,
    parts_of,
)
from shareback.rules.holding import without_dust
from shareback.units.exact import mul_div
from tests.backends.house import YUAN

POINT = 10**8
RICH = Wallet(
    coins=50 * YUAN,
    points=100 * POINT,
    left=1_000 * YUAN,
    reserve=2_000 * YUAN,
    supply=1_000 * POINT,
    fee_ppm=0,
)
"""Points are worth two yuan each."""

WALLETS = st.builds(
    Wallet,
    coins=st.integers(0, 10**12),
    points=st.integers(0, 10**14),
    left=st.integers(0, 10**13),
    reserve=st.integers(1, 10**15),
    supply=st.integers(10**6, 10**16),
    fee_ppm=st.integers(0, 500_000),
    promised=st.integers(0, 10**14) | st.just(0),
).filter(lambda one: one.points <= one.supply and one.reserve <= one.supply * 10_000)


def test_coins_pay_first_then_points_then_cash() -> None:
    part = part_of(RICH, 300 * YUAN, Wish(ALL, ALL))
    assert part == (50 * YUAN, 100 * POINT, 200 * YUAN, 50 * YUAN)


def test_no_more_than_is_owed_is_taken() -> None:
    part = part_of(RICH, 60 * YUAN, Wish(ALL, ALL))
    assert part == (50 * YUAN, 5 * POINT, 10 * YUAN, 0)


def test_no_more_than_is_wished_is_taken() -> None:
    part = part_of(RICH, 60 * YUAN, Wish(5 * YUAN, 3 * POINT))
    assert part == (5 * YUAN, 3 * POINT, 6 * YUAN, 49 * YUAN)


def test_fractions_of_a_fen_stay_with_the_member() -> None:
    part = part_of(RICH._replace(coins=1_239_999), 60 * YUAN, Wish(ALL, 0))
    assert part == (1_230_000, 0, 0, 60 * YUAN - 1_230_000)


def test_a_yuan_stays_where_what_stays_would_be_dust() -> None:
    part = part_of(RICH, 199 * YUAN + 500_000, Wish(0, ALL))
    assert part == (0, 99 * POINT + POINT // 2, 199 * YUAN, 500_000)


def test_all_points_go_where_they_come_to_what_is_owed() -> None:
    assert part_of(RICH, 200 * YUAN, Wish(0, ALL)) == (0, 100 * POINT, 200 * YUAN, 0)


def test_no_points_are_used_above_the_quota_left() -> None:
    part = part_of(RICH._replace(left=30 * YUAN), 100 * YUAN, Wish(0, ALL))
    assert part == (0, 15 * POINT, 30 * YUAN, 70 * YUAN)


def test_nobody_gives_up_all_points_for_less_than_their_worth() -> None:
    part = part_of(RICH._replace(left=150 * YUAN), 200 * YUAN, Wish(0, ALL))
    assert part == (0, 75 * POINT, 150 * YUAN, 50 * YUAN)


def test_points_that_are_promised_are_not_promised_again() -> None:
    part = part_of(RICH._replace(promised=90 * POINT), 100 * YUAN, Wish(0, ALL))
    assert part == (0, 10 * POINT, 20 * YUAN, 80 * YUAN)
    assert part_of(RICH._replace(promised=100 * POINT), 100 * YUAN, Wish(0, ALL)).points == 0


def test_the_fee_of_goods_comes_on_top() -> None:
    part = part_of(RICH._replace(fee_ppm=100_000), 90 * YUAN, Wish(0, ALL))
    assert (part.points, part.worth) == (50 * POINT, 90 * YUAN)


def test_a_second_order_gets_what_the_first_has_left() -> None:
    first, second = parts_of(RICH, [40 * YUAN, 40 * YUAN], Wish(ALL, 10 * POINT))
    assert first == (40 * YUAN, 0, 0, 0)
    assert second == (10 * YUAN, 10 * POINT, 20 * YUAN, 10 * YUAN)


@given(WALLETS, st.integers(1, 10**9), st.integers(-1, 10**13), st.integers(-1, 10**14))
def test_what_is_planned_is_what_the_rules_would_take(
    wallet: Wallet, fen: int, coins: int, points: int
) -> None:
    total = fen * FEN
    part = part_of(wallet, total, Wish(coins, points))
    assert part.coins + part.worth + part.cash == total
    assert part.coins % FEN == part.worth % FEN == part.cash % FEN == 0
    assert min(part) >= 0
    assert part.coins <= wallet.coins
    assert coins == ALL or part.coins <= coins
    assert part.points <= max(0, wallet.points - wallet.promised)
    assert points == ALL or part.points <= points
    if part.points == 0:
        return
    # R3.3, R3.4 and R3.6, as `rules.holding` decides.
    taken = without_dust(part.points, wallet.points, wallet.reserve, wallet.supply)
    assert taken == part.points
    gross = min(mul_div(taken, wallet.reserve, wallet.supply), wallet.left)
    assert part.worth <= net_of(gross, wallet.fee_ppm) < part.worth + FEN + FEN


@given(st.integers(1, 10**13), st.integers(0, 500_000))
def test_the_gross_for_a_net_is_the_least_and_exact(net: int, fee_ppm: int) -> None:
    gross = gross_for(net, fee_ppm)
    assert net_of(gross, fee_ppm) == net
    assert net_of(gross - 1, fee_ppm) < net


@given(WALLETS, st.lists(st.integers(1, 10**7), min_size=1, max_size=4))
def test_a_wallet_never_goes_below_nothing(wallet: Wallet, fens: list[int]) -> None:
    wish = Wish(ALL, ALL)
    for fen in fens:
        part = part_of(wallet, fen * FEN, wish)
        wallet, wish = after(wallet, part), less(wish, part)
        assert min(wallet) >= 0
