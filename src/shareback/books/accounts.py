"""The chart of accounts: the first columns of a programme's head, as a bookkeeper names them.

Signs follow Beancount: what a programme has is above zero, what it owes and what is its owner's
below; the postings of every event then add up to nothing, in money, in points and in coins.
"""

from enum import IntEnum
from typing import NamedTuple

from shareback.rules.layout import ACCOUNTS, Head
from shareback.units.scales import UCOIN_PER_COIN, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_down


class Unit(IntEnum):
    """What an account is kept in; the three never meet in one sum."""

    MONEY = 0
    POINTS = 1
    COINS = 2


class Account(NamedTuple):
    """An account of the books.

    Attributes:
        column: Where it stands in the head.
        name: Its name, from the general to the particular.
        unit: What it is kept in.
        sign: 1 where the figure of the head is had, -1 where it is owed.
    """

    column: Head
    name: str
    unit: Unit
    sign: int


CHART: tuple[Account, ...] = (
    Account(Head.RESERVE, "Liabilities:Reserve", Unit.MONEY, -1),
    Account(Head.ORDER_ESCROW, "Liabilities:OrderEscrow", Unit.MONEY, -1),
    Account(Head.POT, "Liabilities:DividendPot", Unit.MONEY, -1),
    Account(Head.PAYABLE, "Liabilities:DividendsPayable", Unit.MONEY, -1),
    Account(Head.CASH, "Liabilities:Members:Cash", Unit.MONEY, -1),
    Account(Head.MERCHANT_PAYABLE, "Liabilities:Merchants:Payable", Unit.MONEY, -1),
    Account(Head.FREE, "Equity:Treasury:Free", Unit.MONEY, -1),
    Account(Head.BOUND, "Equity:Treasury:Bound", Unit.MONEY, -1),
    Account(Head.SUSPENSE, "Liabilities:Suspense", Unit.MONEY, -1),
    Account(Head.COINS_OWED, "Liabilities:CoinsOwed", Unit.MONEY, -1),
    Account(Head.BANK, "Assets:Bank", Unit.MONEY, 1),
    Account(Head.POINTS_MEMBERS, "Liabilities:Points:Members", Unit.POINTS, -1),
    Account(Head.POINTS_MERCHANTS, "Liabilities:Points:Merchants", Unit.POINTS, -1),
    Account(Head.POINTS_ESCROW, "Liabilities:Points:Escrow", Unit.POINTS, -1),
    Account(Head.ISSUED, "Equity:Points:Issued", Unit.POINTS, 1),
    Account(Head.BURNED, "Equity:Points:Burned", Unit.POINTS, -1),
    Account(Head.COINS_MEMBERS, "Liabilities:Coins:Members", Unit.COINS, -1),
    Account(Head.COINS_MERCHANTS, "Liabilities:Coins:Merchants", Unit.COINS, -1),
    Account(Head.COINS_ISSUED, "Equity:Coins:Issued", Unit.COINS, 1),
    Account(Head.COINS_RETIRED, "Equity:Coins:Retired", Unit.COINS, -1),
)
"""Every account, in the order of the head's columns (R10)."""

NOTHING: tuple[int, ...] = (0,) * ACCOUNTS
"""The accounts of a programme that has just opened."""

UNITS_PER_ONE: dict[Unit, int] = {
    Unit.MONEY: UYUAN_PER_YUAN,
    Unit.POINTS: UNITS_PER_POINT,
    Unit.COINS: UCOIN_PER_COIN,
}
"""How many units one yuan, one point and one coin have (R1)."""

PLACES: dict[Unit, int] = {Unit.MONEY: 6, Unit.POINTS: 8, Unit.COINS: 6}
"""Decimal places that show an amount in full."""


def commodity(unit: Unit, currency: str) -> str:
    """What an amount is counted in, as Beancount writes it.

    Args:
        unit: What it is kept in.
        currency: The programme's currency, such as ``"CNY"``.

    Returns:
        The currency, ``"POINT"`` or ``"COIN"``.
    """
    return {Unit.MONEY: currency, Unit.POINTS: "POINT", Unit.COINS: "COIN"}[unit]


def amount(units: int, unit: Unit) -> str:
    """An amount in full, with all of its unit's decimal places.

    Args:
        units: Of either sign, in µ¥, 10⁻⁸ point or 10⁻⁶ coin.
        unit: Which of them.

    Returns:
        The decimal text, such as ``"-0.000001"``.
    """
    return format_down(units, UNITS_PER_ONE[unit], PLACES[unit])
