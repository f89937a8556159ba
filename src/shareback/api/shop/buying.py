"""Baskets, checkouts and purchases as documents."""

from collections.abc import Iterator, Sequence
from typing import Any

from shareback.api import amounts
from shareback.api.problems import title_of
from shareback.api.shop.addresses import address_document
from shareback.api.shop.cards import STOCK_TOLD_MAX, card, merchant_ref
from shareback.api.shop.shown import moment, money
from shareback.api.shop.words_buying import BUYING
from shareback.mall.checkout import Hindrance, Preview
from shareback.mall.models import CashPayment, Membership, Purchase
from shareback.mall.reckoning import Group, Reckoned
from shareback.mall.tender import gross_for
from shareback.mall.terms import earning, in_force
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div
from shareback.units.text import yuan


def line_document(one: Reckoned, parameters: Parameters, language: str) -> dict[str, Any]:
    """A line of a basket."""
    good: Any = one.good
    good.price = one.line.stockrecord.price or 0
    told = one.left if one.left is not None and one.left <= STOCK_TOLD_MAX else None
    return {
        "id": one.line.pk,
        "good": card(good, parameters, language),
        "quantity": one.line.quantity,
        "chosen": one.line.chosen,
        "total": money(one.total),
        "left": told,
        "problem": one.problem or None,
    }


def award_of(group: Group, parameters: Parameters) -> int:
    """What a group would earn, paid in cash, in µ¥."""
    basket = group.basket
    concession = basket.partner.concession_ppm
    return earning(parameters, group.total_uyuan, concession, basket.backing_category).award


def group_document(
    group: Group, parameters: Parameters, language: str, *, chosen_only: bool = False
) -> dict[str, Any]:
    """A basket as it was reckoned."""
    return {
        "id": group.basket.pk,
        "merchant": merchant_ref(group.basket.partner, language),
        "lines": [
            line_document(one, parameters, language)
            for one in group.lines
            if one.line.chosen or not chosen_only
        ],
        "offers": [{"name": one.name, "saves": money(one.saves)} for one in group.savings],
        "coupons": group.codes,
        "subtotal": money(group.subtotal),
        "saves": money(group.subtotal - group.total),
        "total": money(group.total),
        "earns": amounts.money(award_of(group, parameters)),
    }


def basket_document(
    membership: Membership, groups: Sequence[Group], language: str
) -> dict[str, Any]:
    """All baskets of a member."""
    parameters = in_force(membership.programme_id)
    return {
        "groups": [group_document(group, parameters, language) for group in groups],
        "count": sum(one.line.quantity for group in groups for one in group.lines),
        "total": yuan(sum(group.total_uyuan for group in groups)),
        "earns": amounts.money(sum(award_of(group, parameters) for group in groups)),
    }


def hindrance_document(one: Hindrance, language: str) -> dict[str, Any]:
    """What stands in the way, in words."""
    _status, english, chinese = BUYING.get(one.code, (409, "", ""))
    said = chinese if language == "zh" else english
    detail = f"{said} ({one.detail})" if one.detail else said
    return {"code": one.code, "detail": detail, "line": one.line}


def preview_document(told: Preview, membership: Membership, language: str) -> dict[str, Any]:
    """What a checkout would come to."""
    parameters = in_force(membership.programme_id)
    return {
        "groups": [
            group_document(group, parameters, language, chosen_only=True) for group in told.groups
        ],
        "address": None if told.address is None else address_document(told.address),
        "needs_address": told.needs_address,
        "shipping": "0.00",
        "total": yuan(sum(group.total_uyuan for group in told.groups)),
        **instruments(told),
        "cash": yuan(sum(part.cash for part in told.parts)),
        "earns": {
            "award": amounts.money(told.earns.award),
            "quota": amounts.money(told.earns.quota),
            "matures_after_days": told.earns.matures_after_days,
        },
        "problems": [hindrance_document(one, language) for one in told.hindrances],
    }


def taken_of_quota(told: Preview) -> Iterator[int]:
    """What each order's points take of the quota, in µ¥: their worth before the fee (R4.2)."""
    return (gross_for(part.worth, told.wallet.fee_ppm) for part in told.parts)


def instruments(told: Preview) -> dict[str, Any]:
    """Coins and points: what there is, what could be used, and what would be."""
    wallet = told.wallet
    worth = mul_div(wallet.points, wallet.reserve, wallet.supply) if wallet.supply else 0
    total = sum(group.total_uyuan for group in told.groups)
    return {
        "coins": {
            "balance": amounts.coins(wallet.coins),
            "usable": amounts.coins(min(wallet.coins // 10_000 * 10_000, total)),
            "used": amounts.coins(sum(part.coins for part in told.parts)),
        },
        "points": {
            "held": amounts.points(wallet.points),
            "worth": amounts.money(worth),
            "usable_points": amounts.points(sum(part.points for part in told.usable)),
            "used_points": amounts.points(sum(part.points for part in told.parts)),
            "used_worth": amounts.money(sum(part.worth for part in told.parts)),
            "quota_left_after": amounts.money(max(0, wallet.left - sum(taken_of_quota(told)))),
            "halted": wallet.halted,
        },
    }


def purchase_document(purchase: Purchase, language: str) -> dict[str, Any]:
    """A purchase as it stands."""
    is_open = purchase.state == Purchase.State.AWAITING
    return {
        "id": str(purchase.pk),
        "state": purchase.state,
        "cash": yuan(purchase.cash_uyuan),
        "expires_at": moment(purchase.expires_at),
        "orders": list(purchase.orders.order_by("pk").values_list("number", flat=True)),
        "pay": pay_document(purchase) if is_open else None,
        "problem": problem_document(purchase.problem, language) if purchase.problem else None,
    }


GOES_BACK = {
    "en": "Everything that was paid goes back the way it came.",
    "zh": "已付的款项将全部原路退回。",
}


def problem_document(code: str, language: str) -> dict[str, str]:
    """Why a purchase could not be taken, in words, and what becomes of what was paid."""
    space = " " if language == "en" else ""
    return {"code": code, "detail": f"{title_of(code, language)}{space}{GOES_BACK[language]}"}


def pay_document(purchase: Purchase) -> dict[str, str]:
    """Where a purchase is paid."""
    gateway = CashPayment.objects.values_list("gateway", flat=True).get(purchase=purchase)
    return {"gateway": gateway, "url": f"/pay/{purchase.pk}"}


def first_answer(purchase: Purchase, language: str) -> dict[str, Any]:
    """What the checkout answered, whatever has become of the purchase since (A20)."""
    is_open = purchase.cash_uyuan > 0
    state = Purchase.State.AWAITING if is_open else Purchase.State.PAID
    return {
        **purchase_document(purchase, language),
        "state": state.value,
        "pay": pay_document(purchase) if is_open else None,
        "problem": None,
    }
