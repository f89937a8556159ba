"""What somebody at the console should know first."""

import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from shareback.console.daily import DayFigures
from shareback.console.desk import Desk
from shareback.console.models import Proposal
from shareback.engine.calendar import Calendar, day_text
from shareback.gateways.bank.comparing import latest_of
from shareback.gateways.models import Delivery, Endpoint, Reconciliation
from shareback.journal.models.programme import Halt
from shareback.mall.models import CoinRefund
from shareback.rules.layout import Phase

WINDOW_DAYS = 30
SECRET_DAYS = 14
DAY_US = 86_400_000_000
COUNTED_MAX = 1_000
STATEMENT_DAYS = 3
"""The bank's statement of yesterday is there today, or after a weekend."""

SELLERS_TOLD = 5
WARN, MIND = "warn", "mind"
HALF_POINT_PPM = 5_000
"""Coverage wavers; a fall of less than half a percentage point tells nobody anything."""


class Alert(NamedTuple):
    """One of them.

    Attributes:
        level: "warn" for what somebody must do something about, "mind" for what to keep in mind.
        text: What there is.
        why: What follows from it.
        address: Where to look; "" for nowhere.
    """

    level: str
    text: str
    why: str
    address: str


def alerts(desk: Desk, closed: Sequence[DayFigures], now: DayFigures) -> list[Alert]:
    """All that there is to say, what presses first."""
    found = [
        *bank_amiss(desk),
        *close_late(desk),
        *webhooks_failing(desk),
        *treasury_low(desk, closed, now),
        *waiting_for_approvers(desk),
        *waiting_outside(desk),
        *coins_due(desk),
        *coverage_falling(desk, closed, now),
        *receivables(desk),
        *secrets_ending(desk),
        *ending(desk),
    ]
    return sorted(found, key=lambda one: one.level != WARN)


def made(desk: Desk, level: str, name: str, page: str, **figures: object) -> Alert:
    """An alert in words, with the way to the page that shows more."""
    address = reverse(f"console:{page}") if page and desk.may_see(page) else ""
    say = desk.voice.say
    return Alert(level, say(f"alert_{name}", **figures), say(f"alert_{name}_why"), address)


def close_late(desk: Desk) -> Iterator[Alert]:
    """Days have passed that are not closed."""
    head = desk.programme
    if head.phase == Phase.ENDED:
        return
    today = Calendar(desk.parameters.timezone).day_of(time.time_ns() // 1_000)
    late = today - head.day
    if late > 0:
        level = WARN if late > 1 else MIND
        last = day_text(head.day - 1)
        yield made(desk, level, "close_late", "days", days=desk.voice.count(late), day=last)


def bank_amiss(desk: Desk) -> Iterator[Alert]:
    """Bank and books do not agree, or nobody has compared them of late."""
    last = latest_of(desk.programme.pk)
    if last is None:
        return
    shown = desk.voice.money_exact(last.unexplained)
    halted = Halt(desk.programme.halted)
    if halted != Halt.NONE:
        yield made(desk, WARN, halted.name.lower(), "bank", money=shown)
    elif last.state != Reconciliation.State.AGREED:
        count = desk.voice.count(last.open_lines + last.missing)
        yield made(desk, WARN, "bank_open", "bank", money=shown, count=count)
    today = Calendar(desk.parameters.timezone).day_of(time.time_ns() // 1_000)
    if today - last.day > STATEMENT_DAYS:
        yield made(desk, WARN, "bank_late", "bank", day=day_text(last.day))


def coverage_falling(desk: Desk, closed: Sequence[DayFigures], now: DayFigures) -> Iterator[Alert]:
    """R11's coverage has fallen."""
    if len(closed) < WINDOW_DAYS:
        return
    before, after = closed[-WINDOW_DAYS].coverage_ppm, now.coverage_ppm
    if before is None or after is None or before - after < HALF_POINT_PPM:
        return
    rate = desk.voice.rate
    figures = {"before": rate(before // 100 * 100), "now": rate(after // 100 * 100)}
    yield made(desk, MIND, "coverage", "", **figures)


def treasury_low(desk: Desk, closed: Sequence[DayFigures], now: DayFigures) -> Iterator[Alert]:
    """The free treasury holds less than went out of it of late."""
    if not closed:
        return
    then = closed[-min(WINDOW_DAYS, len(closed))]
    spent = (now.treasury_funded - then.treasury_funded) - (now.free - then.free)
    if spent > now.free:
        money = desk.voice.money
        yield made(desk, WARN, "treasury", "", money=money(now.free), spent=money(spent))


def receivables(desk: Desk) -> Iterator[Alert]:
    """Members owe something."""
    owed = desk.programme.receivables
    if owed > 0:
        yield made(desk, MIND, "receivables", "receivables", money=desk.voice.money(owed))


def webhooks_failing(desk: Desk) -> Iterator[Alert]:
    """Messages that were given up."""
    failed = 0
    active = Endpoint.objects.filter(programme_id=desk.programme.pk, active=True)
    for number in active.values_list("number", flat=True):
        rows = Delivery.objects.filter(
            programme_id=desk.programme.pk, endpoint=number, state=Delivery.State.FAILED
        )
        failed += rows[:COUNTED_MAX].count()
    if failed:
        yield made(desk, WARN, "webhooks", "webhooks", count=desk.voice.count(failed))


def waiting_outside(desk: Desk) -> Iterator[Alert]:
    """What the API and connected malls have left for people to look at."""
    for level, name, model, empty in (
        (WARN, "conflicts", "Conflict", "settled_at"),
        (WARN, "refunds", "RefundRequest", "approved_by"),
    ):
        rows = of_api(model).filter(programme_id=desk.programme.pk, **{f"{empty}__isnull": True})
        count = rows[:COUNTED_MAX].count()
        if count:
            yield made(desk, level, name, "clients", count=desk.voice.count(count))


def coins_due(desk: Desk) -> Iterator[Alert]:
    """Coins of closed orders that their merchants have not, so that members wait for them."""
    rows = CoinRefund.objects.filter(
        done_at__isnull=True, order__programme_id=desk.programme.pk
    ).order_by("made_at")
    waiting = list(rows.values_list("coins", "order__partner__name")[:COUNTED_MAX])
    if waiting:
        sellers = dict.fromkeys(name for _coins, name in waiting)
        figures = {
            "coins": desk.voice.coins(sum(coins for coins, _name in waiting)),
            "sellers": ", ".join(list(sellers)[:SELLERS_TOLD]),
        }
        yield made(desk, WARN, "coins_due", "merchants", **figures)


def waiting_for_approvers(desk: Desk) -> Iterator[Alert]:
    """Proposals that nobody has decided."""
    rows = Proposal.objects.filter(
        programme_id=desk.programme.pk, state=Proposal.State.OPEN, expires_at__gt=timezone.now()
    )
    count = rows[:COUNTED_MAX].count()
    if count:
        yield made(desk, MIND, "proposals", "proposals", count=desk.voice.count(count))


def secrets_ending(desk: Desk) -> Iterator[Alert]:
    """Secrets of API clients that end soon."""
    now = time.time_ns() // 1_000
    ending_soon = of_api("Secret").filter(
        programme_id=desk.programme.pk, ends_at__gt=now, ends_at__lt=now + SECRET_DAYS * DAY_US
    )
    count = ending_soon[:COUNTED_MAX].count()
    if count:
        yield made(desk, MIND, "secrets", "clients", count=desk.voice.count(count))


def ending(desk: Desk) -> Iterator[Alert]:
    """The programme's end is announced."""
    if desk.programme.phase == Phase.ANNOUNCED:
        yield made(desk, WARN, "ended", "", day=day_text(desk.programme.end_day))


def of_api(model: str) -> Any:  # noqa: ANN401 - a manager of any model
    """The rows of a table of the API: the room beside this one, which it may not import."""
    return apps.get_model("api", model)._default_manager  # noqa: SLF001 - Django's documented Meta API
