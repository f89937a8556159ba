"""Buying: what it would come to, doing it, and the cash that is still to be paid."""

import hashlib
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api.shop.buying import first_answer, preview_document, purchase_document
from shareback.api.shop.frame import member, of_member
from shareback.api.shop.once import answer, compact, told
from shareback.api.shop.openapi import KEYED
from shareback.api.shop.schemas_buying import CheckoutIn, PreviewOut, PurchaseOut
from shareback.api.writing import key_of
from shareback.mall import checkout, payments
from shareback.mall.checkout import BuyNow, Form
from shareback.mall.tender import Wish

router = Router(tags=["checkout"], auth=of_member)


def form_of(body: CheckoutIn) -> Form:
    """What a member has filled in."""
    now = body.buy_now
    return Form(
        None if now is None else BuyNow(now.good, now.quantity),
        body.address,
        Wish(body.coins, body.points),
        body.cash,
    )


@router.post("/checkout/preview", response=PreviewOut, operation_id="preview_checkout")
def preview(request: HttpRequest, body: CheckoutIn) -> HttpResponse:
    """What a checkout would come to now; nothing is written."""
    here = member(request)
    found = checkout.preview(here.shop, here.membership, form_of(body))
    return told(preview_document(found, here.membership, here.language))


@router.post(
    "/checkout",
    response={201: PurchaseOut},
    operation_id="check_out",
    openapi_extra=KEYED,
)
def check_out(request: HttpRequest, body: CheckoutIn) -> HttpResponse:
    """Buy: stock and coins are taken at once, the cash is paid at `pay.url`, and points with it."""
    here = member(request)
    key = key_of(request)
    digest = hashlib.sha256(f"{request.path}\n".encode() + request.body).digest()
    purchase, repeated = checkout.check_out(here.shop, here.membership, form_of(body), key, digest)
    return answer(compact(first_answer(purchase, here.language)), 201, replayed=repeated)


@router.get("/purchases/{uuid:number}", response=PurchaseOut, operation_id="get_purchase")
def purchase(request: HttpRequest, number: UUID) -> HttpResponse:
    """A purchase; whether it was paid is looked up where it should be known."""
    here = member(request)
    found = payments.purchase_of(here.membership, number)
    return told(purchase_document(found, here.language))


@router.post("/purchases/{uuid:number}/cancel", response=PurchaseOut, operation_id="cancel")
def cancel(request: HttpRequest, number: UUID) -> HttpResponse:
    """Give up a purchase that is not paid; coins and coupons come back."""
    here = member(request)
    found = payments.cancel(here.membership, number)
    return told(purchase_document(found, here.language))
