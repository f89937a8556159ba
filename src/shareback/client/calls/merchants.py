"""Calls about merchants, payments between them, and the treasury."""

from shareback.client.amounts import Amount, amount_text
from shareback.client.answers import Awarded, Exchanged, Moved, Opened, Paid, Redeemed
from shareback.client.calls.members import MOVED, OPENED, PAID, REDEEMED, one_of
from shareback.client.request import Request, given, nothing, part, reader, write

EXCHANGED = reader(Exchanged)
AWARDED = reader(Awarded)


def join_merchant(merchant_id: str, *, key: str | None = None) -> Request[Opened]:
    """Open a merchant's account."""
    return write("/merchants", {"merchant_id": merchant_id}, OPENED, key)


def exchange_coins(
    merchant_id: str, coins: Amount, *, key: str | None = None
) -> Request[Exchanged]:
    """Turn a merchant's coins into points."""
    path = f"/merchants/{part(merchant_id)}/exchanges"
    return write(path, {"coins": amount_text(coins)}, EXCHANGED, key)


def redeem_merchant_points(
    merchant_id: str, points: Amount, *, key: str | None = None
) -> Request[Redeemed]:
    """Sell a merchant's points, for at most what they cost."""
    path = f"/merchants/{part(merchant_id)}/redemptions"
    return write(path, {"points": amount_text(points)}, REDEEMED, key)


def settle_merchant(merchant_id: str, amount: Amount, *, key: str | None = None) -> Request[Moved]:
    """Book that a merchant was paid what it is owed."""
    path = f"/merchants/{part(merchant_id)}/settlements"
    return write(path, {"amount": amount_text(amount)}, MOVED, key)


def pay_between_merchants(
    payer_id: str, payment_id: str, merchant_id: str, coins: Amount, *, key: str | None = None
) -> Request[Paid]:
    """Pay a merchant with another merchant's coins."""
    document = {
        "payment_id": payment_id,
        "merchant_id": merchant_id,
        "coins": amount_text(coins),
    }
    return write(f"/merchants/{part(payer_id)}/payments", document, PAID, key)


def refund_payment(
    payment_id: str,
    *,
    coins: Amount | None = None,
    amount: Amount | None = None,
    key: str | None = None,
) -> Request[None]:
    """Give back what was paid, the same way.

    Args:
        payment_id: The payment.
        coins: How many coins, where it was paid with coins, or
        amount: how much of its worth in yuan, where it was paid with points.
        key: The idempotency key; a new one where there is none.

    Raises:
        ValueError: Both are given, or none.
    """
    document = one_of(coins=coins, amount=amount)
    return write(f"/payments/{part(payment_id)}/refunds", document, nothing, key)


def award_funded(
    member_id: str,
    amount: Amount,
    value: Amount,
    *,
    merchant_id: str | None = None,
    key: str | None = None,
) -> Request[Awarded]:
    """Pay for points for a member.

    Args:
        member_id: Who gets them.
        amount: What is paid, in yuan.
        value: What the points are worth, in yuan, <= amount.
        merchant_id: Who pays out of what it is owed; the treasury where nobody is named.
        key: The idempotency key; a new one where there is none.
    """
    document = given(
        member_id=member_id,
        amount=amount_text(amount),
        value=amount_text(value),
        merchant_id=merchant_id,
    )
    return write("/awards", document, AWARDED, key)


def fund_treasury(amount: Amount, *, key: str | None = None) -> Request[Moved]:
    """Put the operator's own money into the free treasury."""
    return write("/treasury/funds", {"amount": amount_text(amount)}, MOVED, key)


def record_unmatched(amount: Amount, *, key: str | None = None) -> Request[Moved]:
    """Book money that came to the bank without an order: to suspense, never to the reserve."""
    return write("/treasury/unmatched", {"amount": amount_text(amount)}, MOVED, key)
