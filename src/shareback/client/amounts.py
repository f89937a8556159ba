"""Amounts on their way out: exact decimals as the API takes them, never a float (R1)."""

import re
from decimal import Decimal
from typing import TypeAlias

Amount: TypeAlias = Decimal | str | int
"""What a caller may give as an amount: yuan, points or coins."""

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
DIGITS_MAX = 60
"""Far more than the API takes; a decimal's exponent must not ask for a gigabyte of zeros."""


def amount_text(value: Amount) -> str:
    """An amount as the API takes it; equal amounts give the same text.

    Args:
        value: A decimal, a whole number, or a text such as ``"12.50"``.

    Returns:
        The amount in full, without zeros at its end: ``"12.5"``.

    Raises:
        TypeError: It is a float, which cannot hold most decimal amounts, or no number at all.
        ValueError: It is no plain decimal number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | str | int):
        kind = type(value).__name__
        raise TypeError(f'{value!r} is a {kind}: give a Decimal, a str such as "12.50", or an int')
    if isinstance(value, str) and not PLAIN.fullmatch(value):
        raise ValueError(f'{value!r} is no plain decimal number such as "12.50"')
    exact = Decimal(value)
    exponent = exact.as_tuple().exponent
    if not isinstance(exponent, int) or max(abs(exponent), abs(exact.adjusted())) > DIGITS_MAX:
        raise ValueError(f"{value!r} is no amount that could be counted")
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
