"""What has to be done by itself: purchases that expire, parcels nobody confirms, money that waits.

Each function may run any number of times, by any number of workers; what one cannot do is told
and tried again by the next.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import Error, connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from shareback.engine.batch import DaysUnclosed
from shareback.gateways.bank.comparing import compare_if_due
from shareback.gateways.models import BankAccount
from shareback.gateways.payments.interface import GatewayUnreachable
from shareback.mall import orders, paid, payments, returns
from shareback.mall.faults import CannotBe, Refused
from shareback.mall.local import day_of
from shareback.mall.models import CashRefund, CoinRefund, GoodsVoucher, Purchase, Shop
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order

LOG = logging.getLogger(__name__)

AT_ONCE = 500
"""So many of a kind in one run; the next goes on."""

NEEDS_PEOPLE = "needs_two_approvers"
"""What no repetition brings about."""


class Tally(NamedTuple):
    """What a run has done, and how much it could not do.

    Attributes:
        expired: Purchases that were closed, since nobody paid them in time.
        received: Orders that count as received, since nobody confirmed them for long.
        refunded: Refunds of cash that a gateway has made at last, and of coins that their
            merchant had at last.
        returned: Accepted returns that could be done at last.
        lapsed: Orders whose vouchers went back, since nobody redeemed them in time.
        waiting: What could not be done now.
    """

    expired: int = 0
    received: int = 0
    refunded: int = 0
    returned: int = 0
    lapsed: int = 0
    waiting: int = 0


def run(programme: int, now: datetime | None = None) -> Tally:
    """All chores of a programme's shop, once."""
    now = now or timezone.now()
    expired, late = tried(expiring(programme, now), lambda one: payments.end(one).state != OPEN)
    received, unreceived = tried(
        arriving(programme, now), lambda pk: orders.receive_if_due(pk, now)
    )
    refunded, unrefunded = tried(refunds(programme), payments.carry_out)
    given, ungiven = tried(coins_due(programme), paid.give_coins_back)
    returned, unreturned = tried(waiting(programme), retried)
    day = day_of(programme, now)
    lapsed, unlapsed = tried(lapsing(programme, day), lambda pk: returns.take_back_expired(pk, day))
    undone = late + unreceived + unrefunded + ungiven + unreturned + unlapsed
    return Tally(expired, received, refunded + given, returned, lapsed, undone)


def round_of(programme: int | None = None, *, lasting: bool) -> list[Tally]:
    """All chores of one programme's shop, or of all shops.

    Args:
        programme: Which one; all where none is named.
        lasting: Whether to go on where the database cannot be reached.

    Raises:
        Error: The database cannot be reached, and nobody comes back to try again.
    """
    try:
        tried(with_bank() if programme is None else [programme], compare_if_due_now)
        return [run(one) for one in (programmes() if programme is None else [programme])]
    except Error:
        if not lasting:
            raise
        LOG.exception("the database cannot be reached; trying again")
        connection.close()
        return []


OPEN = Purchase.State.AWAITING


def tried(things: Iterable[Any], work: Callable[[Any], bool]) -> tuple[int, int]:
    """Do each; returns how many were done, and how many could not be."""
    done = failed = 0
    for thing in things:
        try:
            done += work(thing)
        except (CannotBe, Refused, GatewayUnreachable, DaysUnclosed, Error) as fault:
            LOG.warning("%s waits: %s %r", thing, type(fault).__name__, fault)
            failed += 1
        except Exception:
            # One of them that is amiss, such as a gateway's answer, holds up no other.
            LOG.exception("%s cannot be done", thing)
            failed += 1
    return done, failed


def expiring(programme: int, now: datetime) -> list[Purchase]:
    """Purchases that were not paid in time."""
    found = Purchase.objects.filter(programme_id=programme, state=OPEN, expires_at__lte=now)
    return list(found.order_by("expires_at")[:AT_ONCE])


def arriving(programme: int, now: datetime) -> list[int]:
    """Orders that were shipped so long ago that they count as received."""
    before = now - timedelta(days=orders.DAYS_TO_CONFIRM)
    found = Order.objects.filter(programme_id=programme, status="shipped", shipped_at__lte=before)
    return list(found.order_by("shipped_at").values_list("pk", flat=True)[:AT_ONCE])


def refunds(programme: int) -> list[Any]:
    """Refunds that no gateway has made yet."""
    found = CashRefund.objects.exclude(state=CashRefund.State.DONE).filter(
        payment__purchase__programme_id=programme
    )
    return list(found.order_by("made_at").values_list("pk", flat=True)[:AT_ONCE])


def coins_due(programme: int) -> list[Any]:
    """Coins of closed orders that their merchants had not when they were to go back."""
    found = CoinRefund.objects.filter(done_at__isnull=True, order__programme_id=programme)
    return list(found.order_by("made_at").values_list("pk", flat=True)[:AT_ONCE])


def waiting(programme: int) -> list[Any]:
    """Returns that wait for money or coins, not for people."""
    return list(returns.waiting(programme).exclude(waits_for=NEEDS_PEOPLE)[:AT_ONCE])


def lapsing(programme: int, day: date) -> list[int]:
    """Orders with vouchers that nobody redeemed in time."""
    over = GoodsVoucher.objects.filter(
        line__order=OuterRef("pk"), state=GoodsVoucher.State.VALID, valid_until__lt=day
    )
    found = Order.objects.filter(
        Exists(over), programme_id=programme, status="paid", kind=Product.Kind.VOUCHER
    )
    return list(found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def retried(found: Any) -> bool:  # noqa: ANN401 - a return
    """Try a return again; whether it is done."""
    return bool(returns.execute(found).state == returns.State.DONE)


def compare_if_due_now(programme: int) -> bool:
    """Compare the books with the bank again, where something is open (R3.1)."""
    return compare_if_due(programme, time.time_ns() // 1_000)


def with_bank() -> list[int]:
    """The programmes whose bank is compared with the books, with a shop or without."""
    rows = BankAccount.objects.order_by("programme_id").values_list("programme_id", flat=True)
    return list(rows.distinct())


def programmes() -> list[int]:
    """The programmes that have a shop."""
    return list(Shop.objects.order_by("programme_id").values_list("programme_id", flat=True))


def added(total: Tally, runs: Iterable[Tally]) -> Tally:
    """What several runs have done; what waits is what the latest of them could not do."""
    runs = list(runs)
    counts = [sum(column) for column in zip(total, *runs, strict=True)]
    return Tally(*counts)._replace(waiting=sum(one.waiting for one in runs))
