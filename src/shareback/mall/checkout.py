"""The checkout: what it would come to, and the one transaction that does it.

Stock is locked and looked at, orders are placed, coins are debited, all or nothing. Points are
debited at once where nothing is left to be paid in cash, and else when the cash is there. What
goes out to the world goes out after the commit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from shareback.mall import offers, stock
from shareback.mall.baskets import basket_for, check_quantity, good_of, lock_member
from shareback.mall.debiting import debit, promise
from shareback.mall.engines import begin_day
from shareback.mall.faults import CannotBe
from shareback.mall.models import CashPayment, Membership, Purchase, Shop
from shareback.mall.oscar.basket.models import Basket, Line
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.paid import mark_paid
from shareback.mall.payments import gateway_for
from shareback.mall.placing import address_of, copied, place, take_chosen
from shareback.mall.reckoning import TOTAL_MAX_UYUAN, Group, open_baskets, reckon
from shareback.mall.tender import ALL, Part, Wallet, Wish, parts_of, wallet_of
from shareback.mall.terms import Earning, earning, in_force

MINUTES_TO_PAY = 30
"""Coins and stock of an order are kept so long for whoever has not paid the cash."""

AWAITED_MAX = 5
"""Purchases of one member that wait for their cash: more would only keep goods from others."""

LINE_PROBLEMS = {"closed": "good_gone", "sold_out": "sold_out", "short": "stock_short"}


class BuyNow(NamedTuple):
    """Some pieces of one good, past the basket."""

    good: int
    quantity: int


class Form(NamedTuple):
    """What a member fills in; prices are never part of it (A38).

    Attributes:
        buy_now: What to buy; what is chosen in the baskets where nothing is said.
        address: Which of the member's addresses; the default one where nothing is said.
        wish: Coins and points to use.
        cash_uyuan: The cash that the member was shown, if it is to be refused when it differs.
    """

    buy_now: BuyNow | None = None
    address: int | None = None
    wish: Wish = Wish()
    cash_uyuan: int | None = None


class Hindrance(NamedTuple):
    """What stands in the way: a code with words, a detail, and the line that it is about."""

    code: str
    detail: str = ""
    line: int | None = None


class Preview(NamedTuple):
    """What a checkout would come to now.

    Attributes:
        groups: The orders that it would make.
        parts: How each would be paid.
        wallet: What the member has.
        usable: How each would be paid with as much of coins and points as there is.
        address: Where it would go, if anywhere.
        needs_address: Whether anything is shipped.
        earns: What the cash of all of them would earn.
        hindrances: What stands in the way.
    """

    groups: list[Group]
    parts: list[Part]
    wallet: Wallet
    usable: list[Part]
    address: Any
    needs_address: bool
    earns: Earning
    hindrances: list[Hindrance]

    @property
    def cash(self) -> int:
        """What is to be paid in cash, in µ¥."""
        return sum(part.cash for part in self.parts)


def preview(shop: Shop, membership: Membership, form: Form) -> Preview:
    """What a checkout would come to now; nothing is written.

    Raises:
        CannotBe: The good of `Form.buy_now` or the address is not there.
    """
    with groups_of(membership, form) as groups:
        return previewed(shop, membership, form, groups)


@contextmanager
def groups_of(membership: Membership, form: Form) -> Iterator[list[Group]]:
    """The groups of a form, reckoned; a basket that is made for them is not kept."""
    if form.buy_now is None:
        yield reckon(chosen_baskets(membership), membership.programme_id)
        return
    with transaction.atomic():
        basket = at_once(membership, form.buy_now)
        yield reckon([basket], membership.programme_id)
        transaction.set_rollback(True)


def chosen_baskets(membership: Membership) -> list[Basket]:
    """The baskets of which something is chosen."""
    found = open_baskets(membership)
    return [basket for basket in found if basket.lines.filter(chosen=True).exists()]


def at_once(membership: Membership, wanted: BuyNow) -> Basket:
    """A basket of its own for what is bought past the basket.

    Raises:
        CannotBe: It is not on sale.
    """
    check_quantity(wanted.quantity)
    good = good_of(membership.programme_id, wanted.good)
    if not good.stockrecords.filter(price__isnull=False).exists():
        raise CannotBe("good_gone")
    basket = basket_for(membership, good, status=Basket.SAVED)
    basket.add_product(good, wanted.quantity)
    return basket


def previewed(shop: Shop, membership: Membership, form: Form, groups: list[Group]) -> Preview:
    """What reckoned groups come to for a member."""
    wallet = wallet_of(membership)
    totals = [group.total_uyuan for group in groups]
    most = 0 if wallet.halted else ALL
    # An order would be refused: so none is shown that points pay for.
    wish = form.wish._replace(points=0) if wallet.halted else form.wish
    parts = parts_of(wallet, totals, wish)
    address = address_of(membership, form.address)
    needs_address = any(group.basket.kind == Product.Kind.SHIPPED for group in groups)
    hindrances = hindrances_of(shop, groups)
    if needs_address and address is None:
        hindrances.append(Hindrance("address_needed"))
    if groups and any(part.cash for part in parts):
        hindrances += gateway_missing(shop)
    return Preview(
        groups=groups,
        parts=parts,
        wallet=wallet,
        usable=parts_of(wallet, totals, form.wish._replace(points=most)),
        address=address if needs_address else None,
        needs_address=needs_address,
        earns=earns_of(groups, parts),
        hindrances=hindrances,
    )


def earns_of(groups: Sequence[Group], parts: Sequence[Part]) -> Earning:
    """What the cash of some groups would earn (R4.1)."""
    if not groups:
        return Earning(0, 0, 0)
    parameters = in_force(groups[0].basket.programme_id)
    each = [
        earning(
            parameters,
            part.cash,
            group.basket.partner.concession_ppm,
            group.basket.backing_category,
        )
        for group, part in zip(groups, parts, strict=True)
    ]
    return Earning(
        sum(one.award for one in each), sum(one.quota for one in each), parameters.maturity_days
    )


def hindrances_of(shop: Shop, groups: Sequence[Group]) -> list[Hindrance]:
    """What stands in the way of buying some groups, the address apart."""
    found = [] if shop.is_open else [Hindrance("shop_closed")]
    if not any(one.line.chosen for group in groups for one in group.lines):
        found.append(Hindrance("nothing_chosen"))
    for group in groups:
        for one in group.problems:
            detail = str(one.left) if one.problem == "short" else ""
            found.append(Hindrance(LINE_PROBLEMS[one.problem], detail, one.line.pk))
        if group.total_uyuan > TOTAL_MAX_UYUAN:
            found.append(Hindrance("too_much"))
    return found


def gateway_missing(shop: Shop) -> list[Hindrance]:
    """Whether there is nobody to take cash."""
    try:
        gateway_for(shop.programme_id)
    except CannotBe as fault:
        return [Hindrance(fault.code)]
    return []


def purchase_of(membership: Membership, key: str, request: bytes) -> Purchase | None:
    """The purchase that a key has made already; the member is locked (A20).

    Raises:
        CannotBe: It was made by another request.
    """
    found = Purchase.objects.filter(membership=membership, key=key).first()
    if found is not None and bytes(found.request) != request:
        raise CannotBe("key_taken")
    return found


def check_out(
    shop: Shop, membership: Membership, form: Form, key: str, request: bytes
) -> tuple[Purchase, bool]:
    """Buy: place the orders, debit coins, and points too unless some cash has to come first.

    Args:
        shop: Whose.
        membership: Who buys.
        form: What, where to, and with what.
        key: Makes it once, for ever (A20, A21).
        request: SHA-256 of what was asked, 32 bytes: the same key takes no other.

    Returns:
        The purchase, and whether the key had made it before.

    Raises:
        CannotBe: Something stands in the way, or the key was used for something else.
        Refused: The engine refuses a debit.
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    # On its own, since it locks the programme's head, which comes after stock in every checkout.
    begin_day(shop.programme_id)
    with transaction.atomic():
        lock_member(membership)
        before = purchase_of(membership, key, request)
        if before is not None:
            return before, True
        check_awaited(membership)
        groups = locked_groups(membership, form)
        told = previewed(shop, membership, form, groups)
        if told.hindrances:
            raise CannotBe(told.hindrances[0].code, told.hindrances[0].detail)
        purchase = purchased(shop, membership, key, request, told.cash)
        orders = placed(purchase, told)
        if form.cash_uyuan is not None and told.cash != form.cash_uyuan:
            raise CannotBe("price_moved")
        if told.cash > 0:
            promise(membership, orders, told.parts)
            await_cash(purchase)
        else:
            debit(membership, orders, form.wish)
            mark_paid(purchase, timezone.now())
        return purchase, False


def check_awaited(membership: Membership) -> None:
    """Whether a member, who is locked, may begin another purchase.

    Raises:
        CannotBe: Too many of theirs wait for their cash already.
    """
    awaited = Purchase.objects.filter(membership=membership, state=Purchase.State.AWAITING)
    if awaited.count() >= AWAITED_MAX:
        raise CannotBe("too_many_unpaid")


def purchased(
    shop: Shop, membership: Membership, key: str, request: bytes, cash_uyuan: int
) -> Purchase:
    """The row of a purchase."""
    return Purchase.objects.create(
        programme_id=shop.programme_id,
        membership=membership,
        key=key,
        request=request,
        cash_uyuan=cash_uyuan,
        expires_at=timezone.now() + timedelta(minutes=MINUTES_TO_PAY),
    )


def await_cash(purchase: Purchase) -> None:
    """Note that a purchase is paid for at a gateway; that is told of it after the commit."""
    gateway = gateway_for(purchase.programme_id)
    CashPayment.objects.create(
        purchase=purchase, gateway=gateway.name, amount_uyuan=purchase.cash_uyuan
    )


def locked_groups(membership: Membership, form: Form) -> list[Group]:
    """The groups of a form, in baskets of their own, reckoned with stock and coupons locked."""
    if form.buy_now is not None:
        baskets = [at_once(membership, form.buy_now)]
    else:
        baskets = [take_chosen(basket) for basket in chosen_baskets(membership)]
    lines = Line.objects.filter(basket__in=[basket.pk for basket in baskets])
    stock.lock_goods(lines.values_list("product_id", flat=True))
    stock.lock(lines.values_list("stockrecord_id", flat=True))
    offers.lock(baskets, membership.programme_id)
    return reckon(baskets, membership.programme_id)


def placed(purchase: Purchase, told: Preview) -> list[Order]:
    """The orders of a purchase, each with what it comes to."""
    address = copied(told.address) if told.address is not None else None
    return [place(purchase, group, address) for group in told.groups]
