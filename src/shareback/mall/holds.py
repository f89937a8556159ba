"""What a merchant has been paid and may have to give back any minute."""

from django.db.models import Sum

from shareback.journal.models import Merchant
from shareback.mall.faults import CannotBe
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner


def held(partner: Partner, column: str) -> int:
    """A sum over the merchant's orders that wait for the rest of their payment."""
    waiting = Order.objects.filter(
        programme_id=partner.programme_id, partner=partner, status="awaiting_payment"
    )
    return int(waiting.aggregate(sum=Sum(column))["sum"] or 0)


def held_coins(partner: Partner) -> int:
    """Coins, in 10⁻⁶ coin, that are not the merchant's to exchange yet.

    They were debited when the order was placed, and go back if its cash is not paid in time.
    """
    return held(partner, "coins")


def held_uyuan(partner: Partner) -> int:
    """Money for points, in µ¥, that is not to be settled with the merchant yet."""
    return held(partner, "points_uyuan")


def check_exchange(partner: Partner, coins: int) -> None:
    """Whether a merchant may turn so many coins into points.

    Raises:
        CannotBe: Some of them are of orders that wait for the rest of their payment.
    """
    account = Merchant.objects.get(programme_id=partner.programme_id, number=partner.number)
    if account.coins - held_coins(partner) < coins <= account.coins:
        raise CannotBe("coins_held")
