"""Calls about members: accounts, referrers, what they sell, convert and spend."""

from shareback.client.amounts import Amount, amount_text
from shareback.client.answers import Converted, Moved, Opened, Paid, Redeemed
from shareback.client.request import Request, given, nothing, part, reader, write

OPENED = reader(Opened)
REDEEMED = reader(Redeemed)
CONVERTED = reader(Converted)
PAID = reader(Paid)
MOVED = reader(Moved)


def join_member(
    member_id: str, referrer_id: str | None = None, *, key: str | None = None
) -> Request[Opened]:
    """Open a member's account; the referrer has joined before."""
    return write("/members", given(member_id=member_id, referrer_id=referrer_id), OPENED, key)


def set_referrer(member_id: str, referrer_id: str, *, key: str | None = None) -> Request[None]:
    """Name a member's referrer, once; orders that were paid before keep theirs."""
    path = f"/members/{part(member_id)}/referrer"
    return write(path, {"referrer_id": referrer_id}, nothing, key, "PUT")


def link_party(
    party: int,
    *,
    member_id: str | None = None,
    merchant_id: str | None = None,
    key: str | None = None,
) -> Request[None]:
    """Say who stands behind a member, a merchant, or both: linked parties earn nothing."""
    document = given(party=party, member_id=member_id, merchant_id=merchant_id)
    return write("/parties", document, nothing, key)


def redeem(member_id: str, points: Amount, *, key: str | None = None) -> Request[Redeemed]:
    """Sell points back: the money goes to the member's cash balance."""
    path = f"/members/{part(member_id)}/redemptions"
    return write(path, {"points": amount_text(points)}, REDEEMED, key)


def convert(member_id: str, points: Amount, *, key: str | None = None) -> Request[Converted]:
    """Turn points into coins."""
    path = f"/members/{part(member_id)}/conversions"
    return write(path, {"points": amount_text(points)}, CONVERTED, key)


def pay_merchant(
    member_id: str,
    payment_id: str,
    merchant_id: str,
    *,
    coins: Amount | None = None,
    points: Amount | None = None,
    key: str | None = None,
) -> Request[Paid]:
    """Pay a merchant with a member's coins or points.

    Args:
        member_id: Who pays.
        payment_id: The caller's own.
        merchant_id: Who is paid.
        coins: How many coins, or
        points: how many points: one of the two.
        key: The idempotency key; a new one where there is none.

    Raises:
        ValueError: Both are given, or none.
    """
    document = {"payment_id": payment_id, "merchant_id": merchant_id}
    document |= one_of(coins=coins, points=points)
    return write(f"/members/{part(member_id)}/payments", document, PAID, key)


def one_of(**amounts: Amount | None) -> dict[str, str]:
    """The one amount of several that is given.

    Raises:
        ValueError: There are more, or none.
    """
    found = given(**amounts)
    if len(found) != 1:
        raise ValueError(f"give either {' or '.join(amounts)}")
    return {name: amount_text(value) for name, value in found.items()}


def withdraw_cash(member_id: str, amount: Amount, *, key: str | None = None) -> Request[Moved]:
    """Book that cash was paid out to a member."""
    path = f"/members/{part(member_id)}/withdrawals"
    return write(path, {"amount": amount_text(amount)}, MOVED, key)
