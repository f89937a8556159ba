"""Merchants, payments between them, and the treasury."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api import amounts
from shareback.api.access import admit
from shareback.api.clients import now_us
from shareback.api.routes.members import redeemed
from shareback.api.schemas import (
    Awarded,
    AwardIn,
    CoinsIn,
    Done,
    Exchanged,
    MerchantIn,
    MerchantPaymentIn,
    MoneyIn,
    Moved,
    Numbered,
    Paid,
    PaymentRefundIn,
    PointsIn,
    Redeemed,
)
from shareback.api.writing import write
from shareback.engine import commands as cmd

router = Router(tags=["merchants"])


@router.post("/{programme}/merchants", response={201: Numbered}, operation_id="join_merchant")
def join(request: HttpRequest, programme: int, body: MerchantIn) -> HttpResponse:
    """Open a merchant's account."""
    caller = admit(request, programme, "merchants:write")
    command = cmd.JoinMerchant(now_us(), body.merchant_id)
    return write(
        request, caller, command, lambda done: {"id": body.merchant_id, "number": done.number}
    )


@router.post(
    "/{programme}/merchants/{outside_id:merchant_id}/exchanges",
    response={201: Exchanged},
    operation_id="exchange_coins",
)
def exchange(request: HttpRequest, programme: int, merchant_id: str, body: CoinsIn) -> HttpResponse:
    """Turn a merchant's coins into points (R8.3)."""
    caller = admit(request, programme, "merchants:write")
    command = cmd.ExchangeCoins(now_us(), merchant_id, body.coins)
    return write(
        request,
        caller,
        command,
        lambda done: {
            "coins": amounts.coins(body.coins),
            "points": amounts.points(done.points),
        },
    )


@router.post(
    "/{programme}/merchants/{outside_id:merchant_id}/redemptions",
    response={201: Redeemed},
    operation_id="redeem_merchant_points",
)
def redeem(request: HttpRequest, programme: int, merchant_id: str, body: PointsIn) -> HttpResponse:
    """Sell a merchant's points, for at most what they cost (R8.3)."""
    caller = admit(request, programme, "merchants:write")
    command = cmd.RedeemMerchantPoints(now_us(), merchant_id, body.points)
    return write(request, caller, command, redeemed)


@router.post(
    "/{programme}/merchants/{outside_id:merchant_id}/settlements",
    response={201: Moved},
    operation_id="settle_merchant",
)
def settle(request: HttpRequest, programme: int, merchant_id: str, body: MoneyIn) -> HttpResponse:
    """Book that a merchant was paid what it is owed."""
    caller = admit(request, programme, "payouts:write")
    command = cmd.SettleMerchant(now_us(), merchant_id, body.amount)
    return write(request, caller, command, lambda _: {"amount": amounts.money(body.amount)})


@router.post(
    "/{programme}/merchants/{outside_id:merchant_id}/payments",
    response={201: Paid},
    operation_id="pay_between_merchants",
)
def pay(
    request: HttpRequest, programme: int, merchant_id: str, body: MerchantPaymentIn
) -> HttpResponse:
    """Pay another merchant with coins (R8.2)."""
    caller = admit(request, programme, "merchants:write")
    command = cmd.PayCoins(now_us(), body.payment_id, body.merchant_id, body.coins, "", merchant_id)
    return write(
        request,
        caller,
        command,
        lambda done: {
            "payment_id": body.payment_id,
            "number": done.number,
            "coins": amounts.coins(body.coins),
        },
    )


@router.post(
    "/{programme}/payments/{outside_id:payment_id}/refunds",
    response={201: Done},
    operation_id="refund_payment",
)
def refund(
    request: HttpRequest, programme: int, payment_id: str, body: PaymentRefundIn
) -> HttpResponse:
    """Give back what was paid with coins or points, the same way (A27)."""
    caller = admit(request, programme, "points:write")
    command: cmd.Command
    if body.coins is not None:
        command = cmd.RefundCoins(now_us(), payment_id, body.coins)
    else:
        command = cmd.RefundPointsPayment(now_us(), payment_id, body.amount or 0)
    return write(request, caller, command, lambda _: {"done": True})


@router.post(
    "/{programme}/awards", response={201: Awarded}, operation_id="award_funded", tags=["treasury"]
)
def award(request: HttpRequest, programme: int, body: AwardIn) -> HttpResponse:
    """Pay for points for a member (R4.5)."""
    caller = admit(request, programme, "treasury:write")
    command = cmd.AwardFunded(
        now_us(), body.member_id, body.amount, body.value, body.merchant_id or ""
    )
    return write(request, caller, command, lambda done: {"points": amounts.points(done.points)})


@router.post(
    "/{programme}/treasury/funds",
    response={201: Moved},
    operation_id="fund_treasury",
    tags=["treasury"],
)
def fund(request: HttpRequest, programme: int, body: MoneyIn) -> HttpResponse:
    """Put the operator's own money into the free treasury."""
    caller = admit(request, programme, "treasury:write")
    command = cmd.FundTreasury(now_us(), body.amount)
    return write(request, caller, command, lambda _: {"amount": amounts.money(body.amount)})


@router.post(
    "/{programme}/treasury/unmatched",
    response={201: Moved},
    operation_id="record_unmatched",
    tags=["treasury"],
)
def unmatched(request: HttpRequest, programme: int, body: MoneyIn) -> HttpResponse:
    """Book money that came to the bank without an order: to suspense, never to the reserve (A7)."""
    caller = admit(request, programme, "treasury:write")
    command = cmd.RecordUnmatched(now_us(), body.amount)
    return write(request, caller, command, lambda _: {"amount": amounts.money(body.amount)})
