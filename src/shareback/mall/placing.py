"""Placing orders: oscar's way, with numbers of our own."""

import secrets
from typing import Any

from django.utils import timezone
from oscar.apps.checkout.calculators import OrderTotalCalculator
from oscar.apps.order.utils import OrderCreator
from oscar.apps.shipping.methods import Free, NoShippingRequired
from oscar.core.loading import get_model

from shareback.mall import offers
from shareback.mall.addresses import of_user
from shareback.mall.faults import CannotBe
from shareback.mall.local import day_of
from shareback.mall.models import Membership, Purchase
from shareback.mall.oscar.basket.models import Basket, Line
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.reckoning import Group

ShippingAddress = get_model("order", "ShippingAddress")

DIGITS = 10
"""Random digits of an order's number: nobody comes upon another's by trying."""


class OrderNumberGenerator:
    """Numbers of orders: the local date, then ten random digits, such as 2607011234567890."""

    def order_number(self, programme: int) -> str:
        """A number that no order has."""
        today = day_of(programme)
        while True:
            number = f"{today:%y%m%d}{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
            if not Order.objects.filter(number=number).exists():
                return number


def take_chosen(basket: Basket) -> Basket:
    """Move what is chosen of a basket into one of its own, with the coupons of the basket.

    One that is left empty lets go of them: what comes into it later has not asked for them.
    """
    taken: Basket = Basket.objects.create(
        owner_id=basket.owner_id,
        programme_id=basket.programme_id,
        partner_id=basket.partner_id,
        backing_category=basket.backing_category,
        kind=basket.kind,
        good_id=basket.good_id,
        # One that is saved can still be written to, and is none of the member's open ones.
        status=Basket.SAVED,
    )
    Line.objects.filter(basket=basket, chosen=True).update(basket=taken)
    taken.vouchers.set(basket.vouchers.all())
    if not basket.lines.exists():
        basket.vouchers.clear()
    return taken


def address_of(membership: Membership, number: int | None) -> Any:  # noqa: ANN401 - a row of oscar's
    """One of a member's addresses; the default one where none is named, or the last one used.

    Raises:
        CannotBe: The one that is named is not the member's.
    """
    mine = of_user(membership.user)
    if number is None:
        return mine.first()
    found = mine.filter(pk=number).first()
    if found is None:
        raise CannotBe("address_gone")
    return found


def copied(address: Any) -> Any:  # noqa: ANN401 - a row of oscar's
    """An address as it stands now, kept with the orders that go there."""
    kept = ShippingAddress()
    address.populate_alternative_model(kept)
    kept.save()
    return kept


def place(
    purchase: Purchase,
    group: Group,
    address: Any,  # noqa: ANN401 - a row of oscar's
) -> Order:
    """Write the order of a group; its stock and coupons are locked.

    oscar counts the use of offers and coupons, and allocates the stock.

    Args:
        purchase: What it belongs to.
        group: Reckoned under the locks.
        address: Where it goes, for goods that are shipped.
    """
    basket = group.basket
    offers.drop_unused(basket)
    is_shipped = basket.kind == Product.Kind.SHIPPED
    method = Free() if is_shipped else NoShippingRequired()
    charge = method.calculate(basket)
    order: Order = OrderCreator().place_order(
        basket,
        OrderTotalCalculator().calculate(basket, charge),
        method,
        charge,
        user=basket.owner,
        shipping_address=address if is_shipped else None,
        order_number=OrderNumberGenerator().order_number(purchase.programme_id),
        programme_id=purchase.programme_id,
        partner_id=basket.partner_id,
        purchase=purchase,
        membership_id=purchase.membership_id,
        backing_category=basket.backing_category,
        kind=basket.kind,
        concession_ppm=basket.partner.concession_ppm,
        date_placed=timezone.now(),
    )
    basket.submit()
    return order
