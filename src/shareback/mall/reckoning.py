"""What baskets come to: prices of the server's own, offers, and what stands in the way (A38)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from oscar.apps.partner.strategy import Default

from shareback.mall import offers, stock
from shareback.mall.models import Membership
from shareback.mall.offers import MallApplicator, Saving
from shareback.mall.oscar.basket.models import Basket
from shareback.mall.oscar.catalogue.models import Product
from shareback.units.scales import UYUAN_PER_YUAN

QUANTITY_MAX = 999
"""Pieces of one good in a basket (A38)."""

LINES_MAX = 100
"""Goods in one basket."""

TOTAL_MAX_UYUAN = 10_000_000 * UYUAN_PER_YUAN
"""What one order may come to; the sum of many stays in a column."""

STRATEGY = Default()
"""oscar's way to prices: that of the only stock record, without tax of its own."""


class Reckoned(NamedTuple):
    """A line of a basket as it would be bought now.

    Attributes:
        line: oscar's row.
        good: What it is.
        total: What it comes to before offers, in yuan.
        left: Pieces that can be bought; None where nobody counts them.
        problem: "closed", "sold_out" or "short"; empty where it can be bought.
    """

    line: Any
    good: Product
    total: Decimal
    left: int | None
    problem: str


class Group(NamedTuple):
    """A basket that was reckoned: it would become one order.

    Attributes:
        basket: oscar's, with the offers applied.
        lines: All of its lines, those too that are left out.
        savings: What offers take off.
        subtotal: Before offers, in yuan.
        total: After them.
    """

    basket: Basket
    lines: list[Reckoned]
    savings: list[Saving]
    subtotal: Decimal
    total: Decimal

    @property
    def total_uyuan(self) -> int:
        """What it comes to, in µ¥; whole fen, so exact."""
        return uyuan(self.total)

    @property
    def codes(self) -> list[str]:
        """The coupons that lie in the basket."""
        return [coupon.code for coupon in self.basket.vouchers.order_by("code")]

    @property
    def problems(self) -> list[Reckoned]:
        """The chosen lines that cannot be bought as they are."""
        return [one for one in self.lines if one.line.chosen and one.problem]


def uyuan(amount: Decimal) -> int:
    """Money of oscar's in µ¥; it has two places, so nothing is lost."""
    return int(amount * UYUAN_PER_YUAN)


def open_baskets(membership: Membership) -> list[Basket]:
    """A member's baskets that hold something, in the order in which they were begun."""
    found = Basket.objects.filter(
        owner_id=membership.user_id,
        programme_id=membership.programme_id,
        status=Basket.OPEN,
        lines__isnull=False,
    )
    return list(found.select_related("partner", "owner").distinct().order_by("pk"))


def reckon(baskets: Iterable[Basket], programme: int) -> list[Group]:
    """Reckon baskets of one member: prices, then offers, basket after basket.

    Lines that are not chosen, or cannot be bought at all, count for nothing.
    """
    applicator = MallApplicator(programme)
    return [group_of(basket, applicator) for basket in baskets]


def group_of(basket: Basket, applicator: MallApplicator) -> Group:
    """Reckon one basket."""
    basket.strategy = STRATEGY
    basket.only = None
    basket.reset_offer_applications()
    lines = [line_of(line, basket) for line in basket.all_lines()]
    basket.only = frozenset(
        one.line.pk
        for one in lines
        if one.line.chosen and one.problem not in {"closed", "sold_out"}
    )
    applicator.apply(basket, basket.owner)
    if not basket.only:
        return Group(basket, lines, [], Decimal("0.00"), Decimal("0.00"))
    return Group(
        basket,
        lines,
        offers.savings(basket),
        basket.total_incl_tax_excl_discounts,
        basket.total_incl_tax,
    )


def line_of(line: Any, basket: Basket) -> Reckoned:  # noqa: ANN401 - a row of oscar's
    """Look at one line of a basket."""
    good: Product = line.product
    price = line.stockrecord.price
    left = stock.left(good, line.stockrecord)
    total = Decimal("0.00") if price is None else price * line.quantity
    problem = problem_of(line, good, left) if belongs(good, basket) else "closed"
    return Reckoned(line, good, total, left, problem)


def belongs(good: Product, basket: Basket) -> bool:
    """Whether a good is still of its basket's kind and rate: an order has one of each (R2).

    Its merchant may have changed them since it was put there; it has to be put in anew.
    """
    return (good.partner_id, good.kind, good.backing_category) == (
        basket.partner_id,
        basket.kind,
        basket.backing_category,
    )


def problem_of(line: Any, good: Product, left: int | None) -> str:  # noqa: ANN401 - as above
    """What stands in the way of buying a line."""
    if not is_on_sale(good) or line.stockrecord.price is None:
        return "closed"
    if left == 0:
        return "sold_out"
    return "short" if left is not None and left < line.quantity else ""


def is_on_sale(good: Product) -> bool:
    """Whether a good is shown and its merchant sells."""
    return bool(good.is_public and good.partner.is_open)
