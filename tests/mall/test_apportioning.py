"""What goes back of an order never exceeds what each instrument paid, and comes to it (A27)."""

from hypothesis import given
from hypothesis import strategies as st

from shareback.gateways.payments.interface import FEN
from shareback.mall.apportioning import Back, apportion

AMOUNTS = st.integers(0, 10**9).map(lambda fen: fen * FEN)


def test_each_instrument_gives_its_share() -> None:
    rest = Back(cash=60_000_000, coins=30_000_000, points=10_000_000)
    assert apportion(rest, 50_000_000) == Back(30_000_000, 15_000_000, 5_000_000)


def test_cash_takes_the_rounding() -> None:
    rest = Back(cash=3 * FEN, coins=3 * FEN, points=3 * FEN)
    assert apportion(rest, 4 * FEN) == Back(2 * FEN, FEN, FEN)


def test_coins_take_it_where_there_is_no_cash() -> None:
    rest = Back(cash=0, coins=3 * FEN, points=3 * FEN)
    assert apportion(rest, FEN) == Back(0, FEN, 0)


def test_nothing_of_nothing_comes_back() -> None:
    assert apportion(Back(0, 0, 0), 0) == Back(0, 0, 0)


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.lists(st.integers(0, 10**9), max_size=8))
def test_parts_never_exceed_what_was_paid_and_come_to_it(
    cash: int, coins: int, points: int, wanted: list[int]
) -> None:
    rest = Back(cash, coins, points)
    for fen in wanted:
        worth = min(fen * FEN, rest.sum)
        back = apportion(rest, worth)
        assert back.sum == worth
        assert min(back) >= 0
        assert all(amount % FEN == 0 for amount in back)
        rest = Back(rest.cash - back.cash, rest.coins - back.coins, rest.points - back.points)
        assert min(rest) >= 0
    assert apportion(rest, rest.sum) == rest


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.integers(0, 10**9))
def test_a_part_is_within_a_fen_of_its_share(cash: int, coins: int, points: int, fen: int) -> None:
    rest = Back(cash, coins, points)
    worth = min(fen * FEN, rest.sum)
    back = apportion(rest, worth)
    for paid, given_back in zip(rest, back, strict=True):
        assert abs(given_back * rest.sum - paid * worth) <= 2 * FEN * rest.sum
