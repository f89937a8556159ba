"""Returns: asked for by the member, decided by the merchant, and brought back the way it came.

Money of a return goes back in one transaction with the order's state; what the engine refuses for
now (a second approver, a treasury that is short, coins that the merchant has not) leaves the
return accepted, and it is tried again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.journal.models import Maturity
from shareback.journal.models import Order as Journaled
from shareback.mall import payments, stock, vouchers
from shareback.mall.accounts.models import User
from shareback.mall.apportioning import back_of
from shareback.mall.debiting import giving_back
from shareback.mall.engines import begin_day, must, now_us
from shareback.mall.faults import CannotBe, Refused
from shareback.mall.holds import check_held
from shareback.mall.models import CashPayment, GoodsVoucher, Membership, Return, ReturnLine
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.receiving import COUNTED, lock
from shareback.mall.tender import whole_fen
from shareback.rules.codes import Code

RETURNABLE = ("paid", "shipped", "received")
"""The states of orders of which something can be returned."""

State = Return.State
RUNNING = (State.ASKED, State.ACCEPTED)
EXPIRED = "expired"
"""The reason of a return that nobody asked for: the time of its vouchers was over."""


def returned(order: Order, states: Sequence[str] = COUNTED) -> dict[int, int]:
    """How many pieces of each line were returned, by the line's key."""
    found: dict[int, int] = {}
    rows = ReturnLine.objects.filter(returned__order=order, returned__state__in=states)
    for line, pieces in rows.values_list("line_id", "quantity"):
        found[line] = found.get(line, 0) + pieces
    return found


def returnable(order: Order) -> dict[int, int]:
    """How many pieces of each line can still be returned, by the line's key."""
    if order.status not in RETURNABLE:
        return {}
    taken = returned(order)
    found = {}
    for line in order.lines.all():
        found[line.pk] = line.quantity - taken.get(line.pk, 0)
        if order.kind == Product.Kind.VOUCHER:
            found[line.pk] = line.goods_vouchers.filter(state=GoodsVoucher.State.VALID).count()
    return found


def is_running(order: Order) -> bool:
    """Whether a return of an order is under way."""
    return bool(order.returns.filter(state__in=RUNNING).exists())


def ask(membership: Membership, number: str, pieces: Mapping[int, int], reason: str = "") -> Return:
    """A member asks for money back.

    Args:
        membership: Whose order.
        number: The order's.
        pieces: How many of which of its lines.
        reason: In the member's words.

    Raises:
        CannotBe: It is not the member's, or cannot be returned so.
    """
    with transaction.atomic():
        order = lock(order_of(membership, number).pk)
        if order.status not in RETURNABLE:
            raise CannotBe("not_returnable")
        if is_running(order):
            raise CannotBe("return_running")
        can = returnable(order)
        if not pieces or any(not 1 <= count <= can.get(line, 0) for line, count in pieces.items()):
            raise CannotBe("return_too_many")
        made = Return.objects.create(order=order, reason=reason)
        ReturnLine.objects.bulk_create(
            ReturnLine(returned=made, line_id=line, quantity=count)
            for line, count in pieces.items()
        )
        return made


def order_of(membership: Membership, number: str) -> Order:
    """A member's own order.

    Raises:
        CannotBe: There is none of this number.
    """
    found: Order | None = Order.objects.filter(number=number, membership=membership).first()
    if found is None:
        raise CannotBe("order_gone")
    return found


def of_partner(partner: Partner, return_id: UUID) -> Return:
    """A return of a merchant's own orders.

    Raises:
        CannotBe: There is none of this id.
    """
    found = Return.objects.filter(pk=return_id, order__partner=partner).first()
    if found is None:
        raise CannotBe("return_gone")
    return found


def refuse(asked: Return, user: User, answer: str) -> Return:
    """A merchant does not take a return.

    Raises:
        CannotBe: It is decided already.
    """
    with transaction.atomic():
        lock(asked.order_id)
        found = undecided(asked)
        return decide(found, user, answer, State.REFUSED)


def undecided(asked: Return) -> Return:
    """A return that nobody has decided, read under its order's lock.

    Raises:
        CannotBe: Somebody has.
    """
    found = Return.objects.get(pk=asked.pk)
    if found.state != State.ASKED:
        raise CannotBe("return_decided")
    return found


def decide(found: Return, user: User | None, answer: str, state: State) -> Return:
    """Write down a decision."""
    found.state, found.answer = state, answer
    found.decided_at, found.decided_by = timezone.now(), user
    found.save()
    return found


def accept(asked: Return, user: User, answer: str = "") -> Return:
    """A merchant takes a return: what goes back is reckoned, and goes back if it can (A18).

    Raises:
        CannotBe: It is decided already, or vouchers of it were redeemed meanwhile.
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    with transaction.atomic():
        order = lock(asked.order_id)
        found = undecided(asked)
        can, pieces = returnable(order), pieces_of(found)
        if any(count > can.get(line, 0) for line, count in pieces.items()):
            raise CannotBe("return_too_many")
        return taken(order, found, user, answer)


def taken(order: Order, found: Return, user: User | None, answer: str) -> Return:
    """Take a return: what goes back is reckoned, and goes back if it can."""
    pieces, before = pieces_of(found), returned(order)
    earlier = list(order.returns.filter(state__in=COUNTED))
    back = back_of(
        order,
        earlier,
        {line: (before.get(line.pk, 0), pieces.get(line.pk, 0)) for line in order.lines.all()},
    )
    found.cash_uyuan, found.coins, found.points_uyuan = back
    decide(found, user, answer, State.ACCEPTED)
    return carried_out(order, found)


def take_back_expired(pk: int, day: date) -> bool:
    """Vouchers of an order that nobody redeemed in time go back by themselves; whether any did.

    Args:
        pk: The order's key.
        day: The programme's local day.

    Raises:
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    with transaction.atomic():
        order = lock(pk)
        if order.status != "paid" or is_running(order):
            return False
        over = vouchers.of_order(order, GoodsVoucher.State.VALID).filter(valid_until__lt=day)
        pieces = Counter(over.values_list("line_id", flat=True))
        if not pieces:
            return False
        made = Return.objects.create(order=order, reason=EXPIRED)
        ReturnLine.objects.bulk_create(
            ReturnLine(returned=made, line_id=line, quantity=count)
            for line, count in pieces.items()
        )
        return bool(taken(order, made, None, "").state == State.DONE)


def pieces_of(found: Return) -> dict[int, int]:
    """How many pieces of which lines a return is about."""
    return dict(found.lines.values_list("line_id", "quantity"))


def execute(accepted: Return, approvals: int = 0) -> Return:
    """Try an accepted return again, with so many people who have approved it (R6.4).

    Args:
        accepted: What waits.
        approvals: How many; what was given before stays given.

    Returns:
        The return: done, or accepted still, with what it waits for.

    Raises:
        CannotBe: It was not accepted.
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    with transaction.atomic():
        order = lock(accepted.order_id)
        found = Return.objects.get(pk=accepted.pk)
        if found.state == State.DONE:
            return found
        if found.state != State.ACCEPTED:
            raise CannotBe("return_undecided")
        found.approvals = max(found.approvals, approvals)
        return carried_out(order, found)


def carried_out(order: Order, found: Return) -> Return:
    """Bring back what an accepted return brings, or note what it waits for.

    Raises:
        CannotBe: Vouchers of it were redeemed meanwhile.
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    # Stock before the programme's head, as whoever buys, though nothing is taken back yet: to close
    # a day locks the head, and what waits keeps the days that were closed for it.
    stock.lock_lines(stock.lines_of([order.pk]))
    begin_day(order.programme_id)
    try:
        with transaction.atomic():
            bring_back(order, found)
    except (CannotBe, Refused) as fault:
        order.refresh_from_db()
        found.waits_for = waits_for(fault)
        found.late = is_matured(order)
        found.done_at = None
        found.state = State.ACCEPTED
        found.save()
    return found


def waits_for(fault: CannotBe | Refused) -> str:
    """The name of what a return waits for.

    Raises:
        CannotBe: It is nothing that comes by waiting.
    """
    if isinstance(fault, Refused):
        return Code(fault.answer.code).name.lower()
    if fault.code == "coins_held":
        return "coins_short"
    raise fault


def is_matured(order: Order) -> bool:
    """Whether an order has entered the pool (R6.3)."""
    row = Journaled.objects.filter(programme_id=order.programme_id, order_id=order.number).first()
    return (
        row is not None
        and Maturity.objects.filter(programme_id=order.programme_id, number=row.number).exists()
    )


def bring_back(order: Order, found: Return) -> None:
    """Everything of a return, in the caller's transaction; the order's row is locked.

    Raises:
        CannotBe: Vouchers of it were redeemed meanwhile.
        Refused: The engine refuses a part of it; the caller rolls all of it back.
    """
    wanted = pieces_of(found)
    pieces = {line: wanted[line.pk] for line in stock.lines_of([order.pk]) if line.pk in wanted}
    stock.take_back(pieces)
    found.late = is_matured(order)
    give_back_instruments(order, found)
    if order.kind == Product.Kind.VOUCHER:
        for line, count in pieces.items():
            vouchers.give_up(line, count)
    found.state, found.waits_for, found.done_at = State.DONE, "", timezone.now()
    found.save()
    settle_order(order)


def give_back_instruments(order: Order, found: Return) -> None:
    """Coins as coins, points as points, cash through its gateway (A27).

    Raises:
        CannotBe: The merchant's coins are others', whose orders wait or were closed.
        Refused: The engine refuses one of them.
    """
    commands = giving_back(order, found.coins, found.points_uyuan, found.pk.hex)
    if commands:
        must(order.programme_id, commands)
    if found.coins > 0:
        check_held(order.partner)
    if found.cash_uyuan == 0:
        return
    refund = cmd.RefundOrder(
        now_us(), order.number, found.pk.hex, found.cash_uyuan, found.approvals
    )
    (answer,) = must(order.programme_id, [refund])
    # What the member owes is taken out of the refund first (R6.4); no gateway pays half a fen.
    cash = whole_fen(answer.money_uyuan)
    found.kept_uyuan = found.cash_uyuan - cash
    if cash > 0:
        payment = CashPayment.objects.get(purchase_id=order.purchase_id)
        payments.give_back(payment, cash, order)


def settle_order(order: Order) -> None:
    """An order of which nothing is left is refunded; vouchers that are left may be used up."""
    taken = returned(order, (State.DONE,))
    if all(taken.get(line.pk, 0) == line.quantity for line in order.lines.all()):
        order.closed_at = timezone.now()
        order.set_status("refunded")
    else:
        vouchers.receive_if_used_up(order)


def waiting(programme: int) -> Any:  # noqa: ANN401 - a queryset
    """The returns of a programme that are accepted and not done, the oldest first."""
    found = Return.objects.filter(state=State.ACCEPTED, order__programme_id=programme)
    return found.select_related("order__partner", "order__membership").order_by("asked_at", "pk")
