"""Amounts: exact, never a float, and the same text for the same amount."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.client import Mall, PayLine, RefundLine
from shareback.client.amounts import amount_text
from shareback.client.calls import members, merchants, orders, reading

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100, "100"),
        ("100.00", "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00000001"), "0.00000001"),
        ("0.10", "0.1"),
        ("-1", "-1"),
        (Decimal("123456789012345678901234567890.12345678"),) * 2,
        (0, "0"),
    ],
)
def test_an_amount_is_written_in_full_and_without_zeros_at_its_end(value: Any, text: Any) -> None:  # noqa: ANN401 - what a caller gives
    assert amount_text(value) == str(text)


@pytest.mark.parametrize("value", [1.5, 0.1, 100.0, float("nan"), True, None, b"1", 1j])
def test_a_float_and_what_is_no_number_is_refused_in_clear_words(value: Any) -> None:  # noqa: ANN401 - as above
    kind = type(value).__name__
    with pytest.raises(TypeError, match=rf"is a {kind}: give a Decimal, a str such as .* an int"):
        amount_text(value)


@pytest.mark.parametrize(
    "value",
    [
        *("", " 1", "1e3", "1_000", "\uff11", "1,000", ".5", "5.", "NaN", "0x1", "1\n"),
        *(Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), Decimal("1E-999999")),
    ],
)
def test_what_is_no_plain_decimal_number_is_refused(value: str | Decimal) -> None:
    with pytest.raises(ValueError, match="is no "):
        amount_text(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=8))
def test_nothing_is_lost_on_the_way(value: Decimal) -> None:
    assert Decimal(amount_text(value)) == value
    assert amount_text(value) == amount_text(amount_text(value))


def test_every_call_that_takes_an_amount_refuses_a_float() -> None:
    f: Any = 1.5
    attempts: list[Callable[[], object]] = [
        lambda: members.redeem("li", f),
        lambda: members.convert("li", f),
        lambda: members.pay_merchant("li", "p", "m", coins=f),
        lambda: members.pay_merchant("li", "p", "m", points=f),
        lambda: members.withdraw_cash("li", f),
        lambda: merchants.exchange_coins("m", f),
        lambda: merchants.redeem_merchant_points("m", f),
        lambda: merchants.settle_merchant("m", f),
        lambda: merchants.pay_between_merchants("m", "p", "n", f),
        lambda: merchants.refund_payment("p", coins=f),
        lambda: merchants.refund_payment("p", amount=f),
        lambda: merchants.award_funded("li", f, 1),
        lambda: merchants.award_funded("li", 1, f),
        lambda: merchants.fund_treasury(f),
        lambda: merchants.record_unmatched(f),
        lambda: orders.pay_order("o", "li", f),
        lambda: orders.pay_order("o", "li", 1, profit=f),
        lambda: orders.refund_order("o", "r", f),
        lambda: reading.quote("li", f),
        lambda: PayLine("o", "li", f),
        lambda: PayLine("o", "li", 1, profit=f),
        lambda: RefundLine("o", "r", f),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError, match=r"1\.5 is a float"):
            attempt()


def test_exactly_one_of_two_instruments_is_taken() -> None:
    with pytest.raises(ValueError, match="give either coins or points"):
        members.pay_merchant("li", "p", "m")
    with pytest.raises(ValueError, match="give either coins or points"):
        members.pay_merchant("li", "p", "m", coins=1, points=1)
    with pytest.raises(ValueError, match="give either coins or amount"):
        merchants.refund_payment("p")


def test_nothing_is_sent_where_an_amount_is_refused() -> None:
    amount: Any = 1.5
    with (
        Mall("http://127.0.0.1:1/api/v1", "id", "secret", 1) as client,
        pytest.raises(TypeError, match="is a float"),
    ):
        client.pay_order("o", "li", amount)
