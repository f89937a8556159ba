"""Members: join, referrers, who stands behind them; what they sell, convert and spend."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api import amounts
from shareback.api.access import admit
from shareback.api.clients import now_us
from shareback.api.schemas import (
    Converted,
    Done,
    MemberIn,
    MoneyIn,
    Moved,
    Numbered,
    Paid,
    PartyIn,
    PaymentIn,
    PointsIn,
    Redeemed,
    ReferrerIn,
)
from shareback.api.writing import write
from shareback.engine import commands as cmd

router = Router(tags=["members"])


@router.post("/{programme}/members", response={201: Numbered}, operation_id="join_member")
def join(request: HttpRequest, programme: int, body: MemberIn) -> HttpResponse:
    """Open a member's account; the referrer has joined before."""
    caller = admit(request, programme, "members:write")
    command = cmd.JoinMember(now_us(), body.member_id, body.referrer_id or "")
    return write(
        request, caller, command, lambda done: {"id": body.member_id, "number": done.number}
    )


@router.put(
    "/{programme}/members/{outside_id:member_id}/referrer",
    response={200: Done},
    operation_id="set_referrer",
)
def referrer(
    request: HttpRequest, programme: int, member_id: str, body: ReferrerIn
) -> HttpResponse:
    """Name a member's referrer, once; orders that were paid before keep theirs (A31)."""
    caller = admit(request, programme, "members:write")
    command = cmd.SetReferrer(now_us(), member_id, body.referrer_id)
    return write(request, caller, command, lambda _: {"done": True}, 200)


@router.post("/{programme}/parties", response={201: Done}, operation_id="link_party")
def link(request: HttpRequest, programme: int, body: PartyIn) -> HttpResponse:
    """Say who stands behind a member, a merchant, or both: linked parties earn nothing (R4.4)."""
    caller = admit(request, programme, "members:write")
    command = cmd.LinkParty(now_us(), body.party, body.member_id or "", body.merchant_id or "")
    return write(request, caller, command, lambda _: {"done": True})


@router.post(
    "/{programme}/members/{outside_id:member_id}/redemptions",
    response={201: Redeemed},
    operation_id="redeem_points",
)
def redeem(request: HttpRequest, programme: int, member_id: str, body: PointsIn) -> HttpResponse:
    """Sell points back: the money goes to the member's cash balance (R3.3)."""
    caller = admit(request, programme, "points:write")
    command = cmd.RedeemPoints(now_us(), member_id, body.points)
    return write(request, caller, command, redeemed)


def redeemed(done: cmd.Answer) -> dict[str, str]:
    """What a sale came to."""
    return {
        "points": amounts.points(done.points),
        "gross": amounts.money(done.money_uyuan),
        "fee": amounts.money(done.fee_uyuan),
        "net": amounts.money(done.money_uyuan - done.fee_uyuan),
    }


@router.post(
    "/{programme}/members/{outside_id:member_id}/conversions",
    response={201: Converted},
    operation_id="convert_points",
)
def convert(request: HttpRequest, programme: int, member_id: str, body: PointsIn) -> HttpResponse:
    """Turn points into coins (R8.1)."""
    caller = admit(request, programme, "points:write")
    command = cmd.ConvertPoints(now_us(), member_id, body.points)
    return write(
        request,
        caller,
        command,
        lambda done: {
            "points": amounts.points(done.points),
            "coins": amounts.coins(done.money_uyuan),
        },
    )


@router.post(
    "/{programme}/members/{outside_id:member_id}/payments",
    response={201: Paid},
    operation_id="pay_merchant",
)
def pay(request: HttpRequest, programme: int, member_id: str, body: PaymentIn) -> HttpResponse:
    """Pay a merchant with coins (R8.2) or points (R3.4)."""
    caller = admit(request, programme, "points:write")
    at, payment, merchant = now_us(), body.payment_id, body.merchant_id
    if body.coins is not None:
        coins = body.coins
        command = cmd.PayCoins(at, payment, merchant, coins, member_id)
        return write(
            request,
            caller,
            command,
            lambda done: {
                "payment_id": payment,
                "number": done.number,
                "coins": amounts.coins(coins),
            },
        )
    spend = cmd.SpendPoints(at, payment, member_id, merchant, body.points or 0)
    return write(
        request,
        caller,
        spend,
        lambda done: {
            "payment_id": payment,
            "number": done.number,
            "points": amounts.points(done.points),
            "gross": amounts.money(done.money_uyuan),
            "fee": amounts.money(done.fee_uyuan),
        },
    )


@router.post(
    "/{programme}/members/{outside_id:member_id}/withdrawals",
    response={201: Moved},
    operation_id="withdraw_cash",
)
def withdraw(request: HttpRequest, programme: int, member_id: str, body: MoneyIn) -> HttpResponse:
    """Book that cash was paid out to a member."""
    caller = admit(request, programme, "payouts:write")
    command = cmd.WithdrawCash(now_us(), member_id, body.amount)
    return write(request, caller, command, lambda _: {"amount": amounts.money(body.amount)})
