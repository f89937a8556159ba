"""What a merchant has been paid and may have to give back any minute."""

from django.db.models import Sum

from shareback.journal.models import Merchant
from shareback.mall.faults import CannotBe
from shareback.mall.models import CoinRefund
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner


def held_coins(partner: Partner) -> int:
    """Coins, in 10⁻⁶ coin, that are not the merchant's to exchange or spend yet.

    They were debited when an order was placed, and go back if its cash is not paid in time; or
    they were due back already, and the merchant had not so many.
    """
    waiting = Order.objects.filter(
        programme_id=partner.programme_id, partner=partner, status="awaiting_payment"
    )
    due = CoinRefund.objects.filter(order__partner=partner, done_at__isnull=True)
    sums = (one.aggregate(sum=Sum("coins"))["sum"] for one in (waiting, due))
    return sum(int(found or 0) for found in sums)


def check_held(partner: Partner) -> None:
    """Whether a merchant still has the coins that are held.

    Asked after the command that took coins away, in its transaction: then the programme's head is
    locked, and nobody changes the account or what is held of it.

    Raises:
        CannotBe: It has not; the transaction around must be rolled back.
    """
    account = Merchant.objects.get(programme_id=partner.programme_id, number=partner.number)
    if account.coins < held_coins(partner):
        raise CannotBe("coins_held")
