"""Offers and coupons of a programme: applied by oscar, bounded by us (A39, A40).

oscar lets an offer pass its budget by one order, and knows no programme; both are mended here.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from oscar.apps.offer.applicator import Applicator
from oscar.core.loading import get_model

from shareback.mall.faults import CannotBe
from shareback.mall.oscar.basket.models import Basket
from shareback.mall.oscar.offer.models import ConditionalOffer
from shareback.mall.oscar.voucher.models import Voucher

OrderDiscount = get_model("order", "OrderDiscount")
VoucherApplication = get_model("voucher", "VoucherApplication")

COUPONS_MAX = 10
"""Coupons in one basket: oscar tries each of their offers again and again."""


class Saving(NamedTuple):
    """What an offer takes off a basket: its name, the coupon that brought it, and yuan."""

    name: str
    code: str
    saves: Decimal


class MallApplicator(Applicator):  # type: ignore[misc] # oscar ships no types
    """Applies the offers of one programme to the baskets of one checkout, in their order.

    What an earlier basket used of an offer or a coupon is not there for a later one, though no
    order of theirs is written yet.
    """

    def __init__(self, programme: int) -> None:
        """Nothing is used yet."""
        self.programme = programme
        self.used: dict[int, tuple[int, Decimal]] = {}
        self.coupons: set[int] = set()

    def get_site_offers(self) -> Any:  # noqa: ANN401 - oscar's own shape
        """Offers that need no coupon."""
        found = ConditionalOffer.active.filter(
            offer_type=ConditionalOffer.SITE, programme_id=self.programme
        )
        return found.select_related("condition", "benefit")

    def get_offers(
        self,
        basket: Basket,
        user: Any = None,  # noqa: ANN401 - oscar's own shape
        request: Any = None,  # noqa: ANN401 - as above
    ) -> list[Any]:
        """All offers for a basket, as far as earlier baskets have left something of them."""
        offers = super().get_offers(basket, user, request)
        # Of a coupon's offers oscar takes those too that somebody has suspended.
        mine = [
            offer
            for offer in offers
            if offer.programme_id == self.programme
            and not offer.is_suspended
            and not self.is_spent(offer.get_voucher())
        ]
        for offer in mine:
            times, discount = self.used.get(offer.pk, (0, Decimal(0)))
            offer.num_applications += times
            offer.total_discount += discount
            offer.spent_by_user = times
        return mine

    def apply(
        self,
        basket: Basket,
        user: Any = None,  # noqa: ANN401 - oscar's own shape
        request: Any = None,  # noqa: ANN401 - as above
    ) -> None:
        """Apply what there is; an offer that would pass its budget is left out altogether."""
        offers = self.get_offers(basket, user, request)
        while True:
            basket.reset_offer_applications()
            self.apply_offers(basket, offers)
            over = {
                given["offer"].pk for given in basket.offer_applications if passes_budget(given)
            }
            if not over:
                break
            offers = [offer for offer in offers if offer.pk not in over]
        for given in basket.offer_applications:
            times, discount = self.used.get(given["offer"].pk, (0, Decimal(0)))
            self.used[given["offer"].pk] = (
                times + given["freq"],
                discount + given["discount"],
            )
            if given["voucher"] is not None and given["discount"] > 0:
                self.coupons.add(given["voucher"].pk)

    def is_spent(self, coupon: Voucher | None) -> bool:
        """Whether a coupon that can be used once was used for an earlier basket."""
        if coupon is None or coupon.usage == Voucher.MULTI_USE:
            return False
        return coupon.pk in self.coupons


def passes_budget(given: dict[str, Any]) -> bool:
    """Whether an offer would give more than it may in all (A40)."""
    most = given["offer"].max_discount
    return bool(most) and given["offer"].total_discount + given["discount"] > most


def savings(basket: Basket) -> list[Saving]:
    """What each offer takes off a basket that was reckoned."""
    return [
        Saving(given["name"], given["voucher"].code if given["voucher"] else "", given["discount"])
        for given in basket.offer_applications
        if given["discount"] > 0
    ]


def lock(baskets: Iterable[Basket], programme: int) -> None:
    """Lock the coupons of some baskets, then all offers that could apply, by key (A17, A40)."""
    pks = [basket.pk for basket in baskets]
    lock_rows(Voucher, pk__in=Voucher.objects.filter(basket__in=pks).values("pk"))
    lock_rows(ConditionalOffer, programme_id=programme, status=ConditionalOffer.OPEN)


def drop_unused(basket: Basket) -> None:
    """Let go of coupons that take nothing off: oscar would count them as used."""
    codes = {saving.code for saving in savings(basket)}
    for coupon in basket.vouchers.all():
        if coupon.code not in codes:
            basket.vouchers.remove(coupon)


def coupon_of(programme: int, code: str, user: object) -> Voucher:
    """A coupon that may be used now, by its code.

    Raises:
        CannotBe: There is none, its time is over or has not come, or it was used.
    """
    found: Voucher | None = Voucher.objects.filter(
        programme_id=programme, code=code.strip().upper()
    ).first()
    if found is None:
        raise CannotBe("coupon_unknown")
    if not found.is_active(timezone.now()):
        raise CannotBe("coupon_expired")
    available, _message = found.is_available_to_user(user=user)
    if not available:
        raise CannotBe("coupon_used")
    return found


def give_back(orders: Iterable[Any]) -> None:
    """Let offers and coupons of orders that were never paid be used again, within their time."""
    pks = [order.pk for order in orders]
    uses = VoucherApplication.objects.filter(order__in=pks).order_by("voucher_id", "pk")
    discounts = OrderDiscount.objects.filter(order__in=pks).order_by("offer_id", "pk")
    # Coupons come before offers, each by key, as in every checkout.
    lock_rows(Voucher, pk__in=uses.order_by().values("voucher_id"))
    lock_rows(ConditionalOffer, pk__in=discounts.order_by().values("offer_id"))
    for use in uses:
        Voucher.objects.filter(pk=use.voucher_id).update(
            num_orders=Greatest(F("num_orders") - 1, Value(0))
        )
        use.delete()
    for given in discounts:
        offers = ConditionalOffer.objects.filter(pk=given.offer_id)
        offers.update(
            num_applications=Greatest(F("num_applications") - (given.frequency or 0), Value(0)),
            total_discount=Greatest(F("total_discount") - given.amount, Value(Decimal(0))),
            num_orders=Greatest(F("num_orders") - 1, Value(0)),
        )
        for offer in offers:
            # It may have been used up by this order alone: saving it looks again.
            offer.save(update_fields=["status"])


def lock_rows(model: Any, **which: Any) -> None:  # noqa: ANN401 - a model of oscar's
    """Lock rows in the order of their keys."""
    list(model.objects.select_for_update(no_key=True).filter(**which).order_by("pk"))
