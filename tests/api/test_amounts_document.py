"""The document's pattern of an amount and the reader of amounts take the same texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shareback.api.amounts import Coins, Money, MoneyOrNone, Points
from shareback.units.text import format_exact

TOO_LARGE, NOTHING = "is too large to be counted", "is not above 0"


class Taken(BaseModel):
    """One amount of each kind."""

    money: Money = 1
    money_or_none: MoneyOrNone = 1
    points: Points = 1
    coins: Coins = 1


PATTERNS = {
    name: field["pattern"] for name, field in Taken.model_json_schema()["properties"].items()
}
DIGITS = st.text("0123456789", min_size=1, max_size=20)
TEXTS = st.one_of(DIGITS, st.builds("{}.{}".format, DIGITS, DIGITS), st.text("0123456789.-+eE \n"))


def fault_of(name: str, text: str) -> str:
    """What is wrong with an amount; nothing where it is taken."""
    try:
        Taken.model_validate({name: text})
    except ValidationError as fault:
        return str(fault.errors()[0]["msg"])
    return ""


@pytest.mark.parametrize("name", PATTERNS)
@given(text=TEXTS)
def test_what_is_taken_fits_the_pattern_and_what_fits_is_taken_if_it_can_be(
    name: str, text: str
) -> None:
    fault = fault_of(name, text)
    fits = re.search(PATTERNS[name], text) is not None and not text.endswith("\n")
    assert fits == (fault == "" or fault.endswith((TOO_LARGE, NOTHING)))


@pytest.mark.parametrize(("name", "units"), [("money", 10**6), ("points", 10**8), ("coins", 10**6)])
def test_the_largest_amount_fits_the_pattern(name: str, units: int) -> None:
    most = (1 << 62) - 1
    assert fault_of(name, format_exact(most, units)) == ""
    assert re.search(PATTERNS[name], format_exact(most, units))
    assert fault_of(name, format_exact(most + 1, units)).endswith(TOO_LARGE)
