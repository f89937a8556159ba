"""The first day of the demo's mall: people buy, merchants send, buyers say what they think."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from oscar.core.loading import get_model

from shareback.gateways.payments import builtin
from shareback.mall import baskets, checkout, orders, payments, returns, vouchers
from shareback.mall.demo.people import BASKET, DAY, SENT_BACK, Bought
from shareback.mall.models import CashPayment, GoodsVoucher, Purchase
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.tender import ALL, Wish

if TYPE_CHECKING:
    from shareback.mall.demo.making import Mall

CARRIERS = ("顺丰速运", "中通快递", "京东物流")


def live(mall: "Mall", step: Callable[[], None]) -> None:
    """Live the day."""
    for place, bought in enumerate(DAY):
        buy(mall, place, bought)
        step()
    first = mall.members[0]
    for title, pieces in BASKET:
        baskets.add(first, mall.goods[title].pk, pieces)
    title, reason = SENT_BACK
    order = Order.objects.get(membership=first, lines__product=mall.goods[title], status="received")
    returns.ask(first, order.number, {order.lines.get().pk: 1}, reason)


def buy(mall: "Mall", place: int, bought: Bought) -> None:
    """Buy something, and let it come as far as it does."""
    buyer, good = mall.members[bought.buyer], mall.goods[bought.title]
    wish = Wish(ALL if bought.coins else 0, ALL if bought.points else 0)
    form = checkout.Form(checkout.BuyNow(good.pk, bought.pieces), wish=wish)
    request = hashlib.sha256(repr(form).encode()).digest()
    purchase, _again = checkout.check_out(mall.shop, buyer, form, f"demo-{place}", request)
    if bought.until == "unpaid":
        return
    pay(purchase)
    order = Order.objects.get(purchase=purchase)
    if good.kind == Product.Kind.SHIPPED and bought.until != "paid":
        send(mall, place, order)
    if bought.until == "received":
        arrive(mall, order, bought)


def pay(purchase: Purchase) -> None:
    """Pay at the built-in test gateway, as its cashier's page does."""
    if purchase.state != Purchase.State.AWAITING:
        return
    payments.start(purchase)
    sent = builtin.pay(CashPayment.objects.get(purchase=purchase).reference)
    if sent is not None:
        payments.take_notice(builtin.NAME, sent.body, sent.headers)


def send(mall: "Mall", place: int, order: Order) -> None:
    """The merchant sends an order."""
    carrier = CARRIERS[place % len(CARRIERS)]
    orders.ship(mall.partners[order.partner.name], order.number, carrier, f"SF{order.number[-10:]}")


def arrive(mall: "Mall", order: Order, bought: Bought) -> None:
    """An order arrives, in the way of its kind; the buyer says something of it."""
    buyer = mall.members[bought.buyer]
    if order.kind == Product.Kind.SHIPPED:
        orders.receive(buyer, order.number)
    elif order.kind == Product.Kind.VOUCHER:
        name = order.partner.name
        for voucher in GoodsVoucher.objects.filter(line__order=order):
            vouchers.redeem(mall.partners[name], voucher.code, mall.clerks[name])
    if bought.score:
        get_model("reviews", "ProductReview").objects.create(
            # Read anew: oscar writes back all of the good that it is told of.
            product=Product.objects.get(pk=mall.goods[bought.title].pk),
            user=buyer.user,
            score=bought.score,
            title=bought.text,
            body=bought.text,
            status=1,
        )
