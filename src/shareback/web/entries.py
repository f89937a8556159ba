"""The lines of a statement in words: what happened, why, and what it changed."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.statements.account import MovementRow, OrderRow, ReferralRow, RefundRow
from shareback.engine.statements.replaying import Step
from shareback.engine.statements.timeline import Timeline
from shareback.rules.layout import EffectKind
from shareback.rules.programme import Programme as Parameters
from shareback.units import text
from shareback.web.shown import Voice


class Entry(NamedTuple):
    """One line of a statement; amounts that did not change are empty.

    Attributes:
        day: Such as 2026-03-01.
        mark: How it is set: "quiet" where nothing moved, "same" where the date stands above.
        title: What happened.
        detail: Why, and with which figures.
        points: Points that came or went, with their sign.
        cash: Cash that came or went.
        coins: Coins that came or went.
        held: Points held afterwards, where they changed.
    """

    day: str
    mark: str
    title: str
    detail: str
    points: str
    cash: str
    coins: str
    held: str


MOVED: dict[int, str] = {
    EffectKind.POINTS_REDEEMED: "redeemed",
    EffectKind.POINTS_SPENT: "spent",
    EffectKind.POINTS_CONVERTED: "converted",
    EffectKind.GOODS_RETURNED: "returned",
    EffectKind.COINS_PAID: "coins_paid",
    EffectKind.COINS_RETURNED: "coins_back",
    EffectKind.AWARD_FUNDED: "funded",
    EffectKind.CASH_WITHDRAWN: "withdrawn",
    EffectKind.POINTS_TAKEN_BACK: "taken_back",
    EffectKind.RECEIVABLE_BOOKED: "booked",
    EffectKind.RECEIVABLE_BURNED: "burned",
    EffectKind.ACCOUNT_SETTLED: "settled",
}
"""Kinds of movements whose words follow from their figures alone."""


class Scribe:
    """Puts the steps of one account into words."""

    def __init__(
        self,
        orders: dict[int, OrderRow],
        timeline: Timeline,
        parameters: Parameters,
        voice: Voice,
    ) -> None:
        """Keep what the words need."""
        self.orders = orders
        self.timeline = timeline
        self.parameters = parameters
        self.voice = voice
        self.by_what: dict[str, Callable[[Step], tuple[str, str]]] = {
            "paid": self.paid,
            "matured": self.matured,
            "referral": self.referral,
            "refund": self.refund,
            "late_refund": self.refund,
            "moved": self.moved,
        }

    def entries(self, steps: Sequence[Step]) -> list[Entry]:
        """Steps as lines; dividends have lines of their own."""
        days = [None, *(step.day for step in steps)]
        return [
            self.entry(step, is_same_day=step.day == above)
            for step, above in zip(steps, days, strict=False)
        ]

    def entry(self, step: Step, *, is_same_day: bool) -> Entry:
        """One step as a line."""
        title, detail = self.by_what[step.what](step)
        voice = self.voice
        quiet = "" if step.points or step.money or step.coins else "quiet "
        mark = f"{quiet}{'same' if is_same_day else ''}".strip()
        return Entry(
            day_text(step.day),
            mark,
            title,
            detail,
            voice.points_gain(step.points),
            voice.gain(step.money),
            voice.coins_gain(step.coins),
            voice.points(step.held) if step.points else "",
        )

    def say(self, name: str, **figures: object) -> tuple[str, str]:
        """Title and detail of a kind of line."""
        voice = self.voice
        return voice.say(f"entry_{name}"), voice.say(f"entry_{name}_detail", **figures)

    def paid(self, step: Step) -> tuple[str, str]:
        """An order was paid."""
        order = step.source
        if not isinstance(order, OrderRow):
            raise TypeError(step)
        return self.say("paid", order=order.order_id, paid=self.voice.money(order.paid))

    def priced(self, step: Step) -> dict[str, str]:
        """The price of the day, and what the points were worth at it."""
        day = self.timeline.on(step.day)
        return {
            "price": self.voice.price(day.price),
            "worth": self.voice.money(day.worth(step.points)),
        }

    def matured(self, step: Step) -> tuple[str, str]:
        """An order matured: points at that day's price."""
        order = step.source
        if not isinstance(order, OrderRow):
            raise TypeError(step)
        if order.linked == 1:
            detail = self.voice.say("entry_matured_linked", order=order.order_id)
            return self.voice.say("entry_matured"), detail
        quota = self.voice.money(step.quota)
        return self.say("matured", order=order.order_id, quota=quota, **self.priced(step))

    def referral(self, step: Step) -> tuple[str, str]:
        """An order of somebody whom the member brought matured."""
        brought = step.source
        if not isinstance(brought, ReferralRow):
            raise TypeError(step)
        return self.say("referral", number=brought.number, **self.priced(step))

    def refund(self, step: Step) -> tuple[str, str]:
        """Money of an order was given back, before or after it matured."""
        refund = step.source
        if not isinstance(refund, RefundRow):
            raise TypeError(step)
        order = self.orders[refund.order].order_id
        money = self.voice.money(refund.money)
        if step.what == "refund":
            return self.say("refund", order=order, money=money)
        return self.say("late_refund", order=order, money=money, quota=self.voice.money(step.quota))

    def moved(self, step: Step) -> tuple[str, str]:
        """Anything beside orders."""
        movement = step.source
        if not isinstance(movement, MovementRow):
            raise TypeError(step)
        if movement.kind == EffectKind.TIER_CHANGED:
            return self.tier(movement.points, step.held)
        if movement.kind == EffectKind.MEMBER_EXITED and movement.coins > 0:
            gross = self.voice.money(movement.gross)
            return self.voice.say("entry_exited"), self.voice.say("entry_exited_coins", gross=gross)
        name = self.name_of(movement, step)
        return self.say(name, **self.figures_of(movement, step))

    def name_of(self, movement: MovementRow, step: Step) -> str:
        """The key of a movement's words."""
        if movement.kind == EffectKind.RECEIVABLE_COLLECTED:
            return "collected" if step.money else "kept"
        if movement.kind == EffectKind.MEMBER_EXITED:
            return "exited"
        return MOVED[movement.kind]

    def figures_of(self, movement: MovementRow, step: Step) -> dict[str, str]:
        """All figures that a movement's words may name."""
        voice = self.voice
        funder = voice.say("funder_treasury")
        if movement.merchant > 0:
            funder = voice.say("funder_merchant", merchant=movement.merchant)
        return {
            "gross": voice.money(movement.gross),
            "fee": voice.money(movement.gross - movement.money),
            "money": voice.money(movement.money),
            "merchant": str(movement.merchant),
            "quota": voice.money(step.quota),
            "funder": funder,
        }

    def tier(self, tier: int, held: int) -> tuple[str, str]:
        """The tier changed at the close."""
        name, multiplier = tier_shown(self.parameters, tier, self.voice)
        title = self.voice.say("entry_tier", tier=name)
        detail = self.voice.say(
            "entry_tier_detail", held=self.voice.points(held), multiplier=multiplier
        )
        return title, detail


def tier_shown(parameters: Parameters, tier: int, voice: Voice) -> tuple[str, str]:
    """A tier's name and its multiplier as people read them."""
    multiplier = text.format_exact(parameters.tier_rows()[tier][1], 1_000_000)
    name = parameters.tiers[tier - 1].name if tier > 0 else voice.say("base_tier")
    return name, multiplier
