"""What the API tells: rows of the journal as documents, figures by the rules' own leaves."""

import base64
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpResponse

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.engine.calendar import day_text
from shareback.engine.reporting import MemberFigures, coverage_text, member_figures
from shareback.engine.snapshot import snapshot
from shareback.engine.statements.pending import pending_worth
from shareback.engine.wellformed import is_encodable
from shareback.journal.models import (
    Day,
    Event,
    Identity,
    Maturity,
    Member,
    Merchant,
    Order,
    Programme,
    Terms,
)
from shareback.journal.shapes import MEMBER, ORDER
from shareback.proofs.canonical import decode
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.rules.codes import Code
from shareback.rules.holding import without_dust
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import ABSENT, Head, OrderState, Phase
from shareback.rules.pool import price_scaled
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import PPM, UNITS_PER_POINT
from shareback.units.text import AmountUnreadable, parse_decimal, price

PAGE = 100
PAGE_MAX = 1_000
STATES = {OrderState.PAID: "paid", OrderState.MATURED: "matured", OrderState.CLOSED: "closed"}
PHASES = {Phase.RUNNING: "running", Phase.ANNOUNCED: "end_announced", Phase.ENDED: "ended"}

Row = TypeVar("Row")
P = ParamSpec("P")


def of_one_state(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A view that reads one state of the journal, however many statements that takes.

    Else a batch that commits between two of them would show in one half of the answer only.
    """

    @wraps(view)
    def steady(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with snapshot():
            return view(*args, **kwargs)

    return steady


def page(
    rows: Sequence[Row],
    limit: int,
    shown: Callable[[Row], dict[str, Any]],
    key: Callable[[Row], int],
) -> dict[str, Any]:
    """A page of rows, of which there is one more where more follow.

    Returns:
        ``items``, and ``next``: what to ask for as ``after``, or null at the end.
    """
    here = rows[:limit]
    following = key(here[-1]) if len(rows) > limit else None
    return {"items": [shown(row) for row in here], "next": following}


def programme_of(number: int) -> Programme:
    """A programme's head row."""
    return Programme.objects.get(pk=number)


def parameters_of(number: int) -> list[Parameters]:
    """All versions of a programme's parameters."""
    rows = Terms.objects.filter(programme_id=number).order_by("version")
    return [
        Parameters.model_validate(json.loads(text))
        for text in rows.values_list("parameters", flat=True)
    ]


def head_document(row: Programme | Day) -> dict[str, Any]:
    """The figures that a head and a closed day share."""
    head = row.figures()
    scaled = price_scaled(row.reserve, row.supply, row.last_price)
    return {
        "price": price(scaled),
        "reserve": amounts.money(row.reserve),
        "supply": amounts.points(row.supply),
        "issued": amounts.points(row.issued),
        "burned": amounts.points(row.burned),
        "coverage": coverage_text(head, row.quota_open),
        "order_escrow": amounts.money(row.order_escrow),
        "dividend_pot": amounts.money(row.pot),
        "dividends": amounts.money(row.payable + row.dividends_credited),
        "coins": amounts.coins(row.coins_members + row.coins_merchants),
        "treasury_free": amounts.money(row.free),
        "treasury_bound": amounts.money(row.bound),
        "receivables": amounts.money(row.receivables),
        "members": row.members,
        "merchants": row.merchants,
        "orders": row.orders,
        "exits": row.exits,
        "sequence": row.sequence,
    }


def programme_document(row: Programme) -> dict[str, Any]:
    """A programme as it stands now."""
    parameters = parameters_of(row.pk)[row.terms]
    return {
        "id": row.pk,
        "name": row.name,
        "day": day_text(row.day),
        "phase": PHASES[Phase(row.phase)],
        "log_root": root(frontier_from_bytes(bytes(row.frontier))).hex(),
        **head_document(row),
        "parameters": parameters.model_dump(mode="json", by_alias=True),
    }


def day_document(row: Day) -> dict[str, Any]:
    """The figures of a closed day."""
    return {
        "day": row.day,
        "date": day_text(row.day),
        "log_root": bytes(row.root).hex(),
        **head_document(row),
    }


def account_of(programme: int, kind: Identity.Kind, outside_id: str) -> int:
    """The number of an account.

    Raises:
        Problem: There is none of this id.
    """
    found = None
    if is_encodable(outside_id):
        found = Identity.objects.filter(
            programme_id=programme, kind=kind, outside_id=outside_id
        ).first()
    if found is None:
        raise Problem(404, "not_found")
    return found.number


def figures_of(programme: int, number: int) -> tuple[MemberFigures, list[int], Parameters]:
    """A member as it stands, the head, and the parameters in force."""
    head = programme_of(programme)
    versions = parameters_of(programme)
    member = Member.objects.get(programme_id=programme, number=number)
    row = [getattr(member, name) for name in MEMBER.integers]
    tiers = list(versions[0].tier_rows())
    return member_figures(row, head.figures(), tiers), head.figures(), versions[head.terms]


def member_document(programme: int, member_id: str, number: int) -> dict[str, Any]:
    """A member's balances."""
    figures, _head, parameters = figures_of(programme, number)
    tiers = ("", *(tier.name for tier in parameters.tiers))
    return {
        "member_id": member_id,
        "number": number,
        "points": amounts.points(figures.points),
        "value": amounts.money(figures.worth),
        "cash": amounts.money(figures.cash),
        "coins": amounts.coins(figures.coins),
        "quota": amounts.money(figures.quota),
        "quota_used": amounts.money(figures.used),
        "quota_left": amounts.money(max(0, figures.quota - figures.used)),
        "dividends_accrued": amounts.money(figures.accrued),
        "receivable": amounts.money(figures.receivable),
        "tier": tiers[figures.tier],
    }


def quote(programme: int, number: int, asked: str) -> dict[str, Any]:
    """What some points would fetch now, by the leaves that would decide it (R3.3, R3.4, R8.1).

    Raises:
        Problem: The points are no number above 0, or more than are held.
    """
    try:
        points = parse_decimal(asked, UNITS_PER_POINT)
    except AmountUnreadable as fault:
        raise Problem(422, "invalid", f"points: {fault}") from None
    figures, head, parameters = figures_of(programme, number)
    if points == 0:
        raise Problem(422, Code.AMOUNT_INVALID.name.lower(), "points: must be above 0", rule="R1")
    if points > figures.points:
        held, needed = amounts.points(figures.points), amounts.points(points)
        code = Code.POINTS_SHORT.name.lower()
        raise Problem(409, code, rule="R3.3", have=held, need=needed)
    reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
    taken = without_dust(points, figures.points, reserve, supply)
    left = max(0, figures.quota - figures.used)
    gross = min(mul_div(taken, reserve, supply), left)
    fee = mul_div_up(gross, parameters.redemption_fee, PPM)
    goods_fee = mul_div_up(gross, parameters.goods_redemption_fee, PPM)
    return {
        "points": amounts.points(taken),
        "price": price(price_scaled(reserve, supply, head[Head.LAST_PRICE])),
        "gross": amounts.money(gross),
        "fee": amounts.money(fee),
        "net": amounts.money(gross - fee),
        "goods_fee": amounts.money(goods_fee),
        "goods_net": amounts.money(gross - goods_fee),
        "coins": amounts.coins(gross),
        "quota_left": amounts.money(left),
        "quota_left_after": amounts.money(left - gross),
        "sequence": head[Head.SEQUENCE],
    }


def merchant_document(programme: int, merchant_id: str, number: int) -> dict[str, Any]:
    """A merchant's balances."""
    row = Merchant.objects.get(programme_id=programme, number=number)
    return {
        "merchant_id": merchant_id,
        "number": number,
        "points": amounts.points(row.points),
        "points_cost": amounts.money(row.cost),
        "coins": amounts.coins(row.coins),
        "payable": amounts.money(row.payable),
    }


def id_of(programme: int, kind: Identity.Kind, number: int) -> str | None:
    """An account's outside id; nothing for nobody."""
    if number == 0:
        return None
    return Identity.objects.get(programme_id=programme, kind=kind, number=number).outside_id


def order_document(programme: int, order_id: str) -> dict[str, Any]:
    """An order as it stands.

    Raises:
        Problem: There is none of this id.
    """
    found = None
    if is_encodable(order_id):
        found = Order.objects.filter(programme_id=programme, order_id=order_id).first()
    if found is None:
        raise Problem(404, "not_found")
    matured = Maturity.objects.filter(programme_id=programme, number=found.number).first()
    state = OrderState.MATURED if matured is not None else OrderState(found.state)
    return {
        "order_id": order_id,
        "number": found.number,
        "member_id": id_of(programme, Identity.Kind.MEMBER, found.member),
        "merchant_id": id_of(programme, Identity.Kind.MERCHANT, found.merchant),
        "referrer_id": id_of(programme, Identity.Kind.MEMBER, found.referrer),
        "state": STATES[state],
        "amount": amounts.money(found.paid),
        "refunded": amounts.money(found.refunded),
        "paid_on": day_text(found.paid_day),
        "matures_on": day_text(found.due_day) if found.due_day != ABSENT else None,
        "pending_worth": worth_of(programme, found) if state == OrderState.PAID else None,
        "points": amounts.points(matured.points_buyer) if matured is not None else None,
        "referrer_points": amounts.points(matured.points_referrer) if matured else None,
    }


def worth_of(programme: int, order: Order) -> str:
    """What a pending order's award is worth."""
    terms = parameters_of(programme)[order.terms].terms_row()
    row = [getattr(order, name) for name in ORDER.integers]
    return amounts.money(pending_worth(row, terms))


def entry_document(row: Event) -> dict[str, Any]:
    """An entry of the journal."""
    body = bytes(row.body)
    entry = decode(body)
    kind = Kind(entry.kind)
    fields = {
        name: None if value is None else str(value)
        for name, value in zip(FIELDS[kind], entry.ints, strict=True)
    }
    return {
        "sequence": row.sequence,
        "kind": kind.name.lower(),
        "date": day_text(entry.day),
        "at": str(entry.at),
        "fields": fields,
        "commitment": entry.commitment.hex() if entry.commitment else None,
        "body": base64.b64encode(body).decode(),
    }
