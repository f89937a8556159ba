"""A member's baskets."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api.shop.buying import basket_document
from shareback.api.shop.frame import MemberVisit, member, of_member
from shareback.api.shop.once import told
from shareback.api.shop.schemas_buying import BasketOut, CouponIn, LineChange, LineIn
from shareback.mall import baskets

router = Router(tags=["basket"], auth=of_member)


def shown(here: MemberVisit, status: int = 200) -> HttpResponse:
    """The baskets as they are now."""
    groups = baskets.basket_groups(here.membership)
    return told(basket_document(here.membership, groups, here.language), status)


@router.get("/basket", response=BasketOut, operation_id="get_basket")
def basket(request: HttpRequest) -> HttpResponse:
    """All that the member means to buy, at today's prices and with today's offers."""
    return shown(member(request))


@router.post("/basket/lines", response=BasketOut, operation_id="add_line")
def add(request: HttpRequest, body: LineIn) -> HttpResponse:
    """Put pieces of a good into its basket."""
    here = member(request)
    baskets.add(here.membership, body.good, body.quantity)
    return shown(here)


@router.patch("/basket/lines/{id:number}", response=BasketOut, operation_id="change_line")
def change(request: HttpRequest, number: int, body: LineChange) -> HttpResponse:
    """Change a quantity, or what goes to the checkout."""
    here = member(request)
    baskets.change(here.membership, number, body.quantity, chosen=body.chosen)
    return shown(here)


@router.delete("/basket/lines/{id:number}", response=BasketOut, operation_id="remove_line")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take a line out."""
    here = member(request)
    baskets.remove(here.membership, number)
    return shown(here)


@router.post("/basket/coupons", response=BasketOut, operation_id="use_coupon")
def use_coupon(request: HttpRequest, body: CouponIn) -> HttpResponse:
    """Use a coupon for the basket from which it takes most."""
    here = member(request)
    baskets.add_coupon(here.membership, body.code)
    return shown(here)


@router.delete("/basket/coupons/{code}", response=BasketOut, operation_id="drop_coupon")
def drop_coupon(request: HttpRequest, code: str) -> HttpResponse:
    """Use a coupon no more."""
    here = member(request)
    baskets.remove_coupon(here.membership, code)
    return shown(here)
