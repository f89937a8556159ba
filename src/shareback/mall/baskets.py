"""Baskets: one for each merchant, rate of contribution and kind of goods, for vouchers each good.

Each becomes an order of its own: an order has one rate (R2), and is received as a whole (R6.3).
"""

from decimal import Decimal

from django.db import transaction

from shareback.mall import offers, stock
from shareback.mall.faults import CannotBe
from shareback.mall.models import Membership
from shareback.mall.oscar.basket.models import Basket, Line
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.reckoning import (
    LINES_MAX,
    QUANTITY_MAX,
    STRATEGY,
    Group,
    is_on_sale,
    open_baskets,
    reckon,
)

BASKETS_MAX = 50
"""Baskets of one member: as many merchants and kinds."""


def basket_groups(membership: Membership) -> list[Group]:
    """All that a member means to buy, reckoned."""
    return reckon(open_baskets(membership), membership.programme_id)


def lock_member(membership: Membership) -> None:
    """Let a member's requests that change baskets come one after the other."""
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)


def good_of(programme: int, number: int) -> Product:
    """A good of the programme that can be bought.

    Raises:
        CannotBe: There is none of this number, or it is not on sale.
    """
    found: Product | None = (
        Product.objects.filter(pk=number, programme_id=programme)
        .select_related("partner", "product_class")
        .first()
    )
    if found is None or not is_on_sale(found):
        raise CannotBe("good_gone")
    return found


def basket_for(membership: Membership, good: Product, status: str = Basket.OPEN) -> Basket:
    """The basket into which a good goes; the member is locked."""
    is_voucher = good.kind == Product.Kind.VOUCHER
    place = {
        "owner_id": membership.user_id,
        "programme_id": membership.programme_id,
        "partner_id": good.partner_id,
        "backing_category": good.backing_category,
        "kind": good.kind,
        "good": good if is_voucher else None,
        "status": status,
    }
    found: Basket | None = None
    if status == Basket.OPEN:
        found = Basket.objects.filter(**place).order_by("pk").first()
    if found is None:
        found = Basket.objects.create(**place)
    found.strategy = STRATEGY
    return found


def add(membership: Membership, number: int, quantity: int) -> None:
    """Put pieces of a good into its basket.

    Raises:
        CannotBe: It is not on sale, or there is not that much of it, or of room.
    """
    check_quantity(quantity)
    with transaction.atomic():
        lock_member(membership)
        good = good_of(membership.programme_id, number)
        basket = basket_for(membership, good)
        here = basket.lines.filter(product=good).first()
        if here is None and (
            basket.lines.count() >= LINES_MAX or len(open_baskets(membership)) >= BASKETS_MAX
        ):
            raise CannotBe("basket_full")
        check_stock(good, quantity + (here.quantity if here is not None else 0))
        line, _made = basket.add_product(good, quantity)
        if not line.chosen:
            line.chosen = True
            line.save(update_fields=["chosen"])


def check_quantity(quantity: int) -> None:
    """Whether a quantity is one (A38).

    Raises:
        CannotBe: It is not.
    """
    if not 1 <= quantity <= QUANTITY_MAX:
        raise CannotBe("quantity_invalid", f"1 to {QUANTITY_MAX}")


def check_stock(good: Product, quantity: int) -> None:
    """Whether there are so many pieces now; the checkout looks again, under the lock.

    Raises:
        CannotBe: There are not.
    """
    check_quantity(quantity)
    record = good.stockrecords.first()
    if record is None or record.price is None:
        raise CannotBe("good_gone")
    left = stock.left(good, record)
    if left is not None and left < quantity:
        raise CannotBe("sold_out" if left == 0 else "stock_short", str(left) if left else "")


def line_of(membership: Membership, number: int) -> Line:
    """A line of the member's own open baskets.

    Raises:
        CannotBe: There is none of this number.
    """
    found: Line | None = (
        Line.objects.filter(
            pk=number,
            basket__owner_id=membership.user_id,
            basket__programme_id=membership.programme_id,
            basket__status=Basket.OPEN,
        )
        .select_related("basket", "product__product_class")
        .first()
    )
    if found is None:
        raise CannotBe("line_gone")
    return found


def change(
    membership: Membership, number: int, quantity: int | None = None, *, chosen: bool | None = None
) -> None:
    """Change how many pieces a line has, or whether it goes to the checkout.

    Raises:
        CannotBe: There is no such line, or not that much of it.
    """
    with transaction.atomic():
        lock_member(membership)
        line = line_of(membership, number)
        if quantity is not None:
            if quantity > line.quantity:
                check_stock(line.product, quantity)
            check_quantity(quantity)
            line.quantity = quantity
        if chosen is not None:
            line.chosen = chosen
        line.save()


def remove(membership: Membership, number: int) -> None:
    """Take a line out; a basket that holds nothing more lets go of its coupons.

    Raises:
        CannotBe: There is no such line.
    """
    with transaction.atomic():
        lock_member(membership)
        line = line_of(membership, number)
        basket = line.basket
        line.delete()
        if not basket.lines.exists():
            basket.vouchers.clear()


def add_coupon(membership: Membership, code: str) -> None:
    """Use a coupon for the basket from which it takes most.

    Raises:
        CannotBe: It may not be used, or takes nothing off any basket.
    """
    with transaction.atomic():
        lock_member(membership)
        coupon = offers.coupon_of(membership.programme_id, code, membership.user)
        baskets = open_baskets(membership)
        if any(basket.contains_voucher(coupon.code) for basket in baskets):
            return
        best: tuple[Decimal, Basket] | None = None
        for basket in baskets:
            if basket.vouchers.count() >= offers.COUPONS_MAX:
                continue
            saves = saves_of(coupon.code, basket, membership.programme_id, coupon)
            if saves > 0 and (best is None or saves > best[0]):
                best = (saves, basket)
        if best is None:
            raise CannotBe("coupon_no_use")
        best[1].vouchers.add(coupon)


def saves_of(code: str, basket: Basket, programme: int, coupon: object) -> Decimal:
    """What a coupon would take off a basket."""
    basket.vouchers.add(coupon)
    (group,) = reckon([basket], programme)
    basket.vouchers.remove(coupon)
    return sum((one.saves for one in group.savings if one.code == code), Decimal(0))


def remove_coupon(membership: Membership, code: str) -> None:
    """Use a coupon no more; nothing happens where it is not used."""
    with transaction.atomic():
        lock_member(membership)
        for basket in open_baskets(membership):
            for coupon in basket.vouchers.filter(code=code.strip().upper()):
                basket.vouchers.remove(coupon)
