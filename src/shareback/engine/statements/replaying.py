"""A member's account, lived through once more from its first order: what holds between entries.

The journal keeps what a member has, its orders, and what moved; what was held on each day, and
so each day's dividend, follows from them and from the daily index. Nothing here decides: amounts
are read, or come from the rules' own leaves.
"""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from shareback.engine.statements.account import (
    Account,
    MovementRow,
    OrderRow,
    ReferralRow,
    RefundRow,
)
from shareback.engine.statements.agenda import Happening, agenda_of
from shareback.engine.statements.mark import START, Mark, Standing, still_waiting, with_steps
from shareback.engine.statements.pending import Waiting
from shareback.engine.statements.timeline import Timeline
from shareback.rules.layout import MEMBER_WIDTH, EffectKind, OrderState, Term
from shareback.rules.layout import Member as Column
from shareback.rules.layout import Tier as TierColumn
from shareback.rules.member import credit, left, weight
from shareback.rules.order import shares
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, SCALE

KEEPS_UNTOUCHED = frozenset({EffectKind.COINS_PAID, EffectKind.COINS_RETURNED})
"""What never touches a member, so that dividends go on accruing as they did."""

POINTS_COME = frozenset({EffectKind.GOODS_RETURNED, EffectKind.AWARD_FUNDED})
POINTS_GO = frozenset(
    {
        EffectKind.POINTS_REDEEMED,
        EffectKind.POINTS_SPENT,
        EffectKind.POINTS_CONVERTED,
        EffectKind.MEMBER_EXITED,
        EffectKind.POINTS_TAKEN_BACK,
        EffectKind.RECEIVABLE_BURNED,
        EffectKind.ACCOUNT_SETTLED,
    }
)
USES_QUOTA = frozenset(
    {EffectKind.POINTS_REDEEMED, EffectKind.POINTS_SPENT, EffectKind.POINTS_CONVERTED}
)

FOLLOWS_AWARDS = frozenset({EffectKind.RECEIVABLE_BURNED, EffectKind.TIER_CHANGED})
"""What comes after all that matures in the same operation."""

Award: TypeAlias = OrderRow | ReferralRow
Source: TypeAlias = Award | Happening


class Step(NamedTuple):
    """One thing that happened, with what it changed.

    Attributes:
        day: The local day.
        what: "paid", "matured", "referral", "refund", "late_refund", "dividend" or "moved".
        source: The journal's row behind it; none for a dividend.
        points: Units that came, or with a minus went.
        held: Units held afterwards.
        money: µ¥ of cash that came, dividends counted on the day they accrue.
        coins: 10⁻⁶ coins that came.
        quota: µ¥ by which the quota rose or fell.
    """

    day: int
    what: str
    source: Source | None
    points: int
    held: int
    money: int
    coins: int
    quota: int


class Replay:
    """Lives through an account's days in order."""

    def __init__(
        self,
        account: Account,
        timeline: Timeline,
        versions: Sequence[Parameters],
        mark: Mark = START,
    ) -> None:
        """Start where a mark stands: with an empty account where nothing came before."""
        self.account = account
        self.timeline = timeline
        self.start = mark
        self.day = max(mark.day, timeline.first)
        self.terms = [version.terms_row() for version in versions]
        self.tiers = versions[0].tier_rows()
        stood = mark.account
        self.row = [0] * MEMBER_WIDTH
        self.row[Column.QUOTA], self.row[Column.USED] = stood.quota, stood.used
        self.row[Column.INDEX], self.row[Column.TIER] = stood.index_scaled, stood.tier
        self.hold(stood.points)
        self.shown = stood.shown
        self.receivable = stood.receivable
        self.waiting = Waiting(self.terms, stood.pending, stood.worth)
        self.late = (-1, 0)
        self.steps: list[Step] = []
        self.refunded = dict(account.refunded_before)
        self.orders = {order.number: order for order in account.orders}
        self.agenda = agenda_of(account, timeline)

    def run(self, until: int | None = None) -> list[Step]:
        """Go on up to a day, or to the end; all steps so far, in the order of their happening."""
        agenda = self.agenda
        end = self.timeline.today.day + 1 if until is None else until
        for day in range(self.day, end):
            for order in agenda.paid.get(day, ()):
                self.waiting.pay(order)
                self.add(day, "paid", order)
            awards: list[Award] = [*agenda.matured.get(day, ()), *agenda.brought.get(day, ())]
            at_once = sorted(filter(self.is_at_once, awards), key=lambda award: award.number)
            self.settle(day, at_once, [*agenda.refunds.get(day, ()), *agenda.before.get(day, ())])
            self.share(day)
            at_close = [award for award in awards if not self.is_at_once(award)]
            self.settle(day, at_close, agenda.closing.get(day, []))
        self.day = max(self.day, end)
        return self.steps

    def mark(self) -> Mark:
        """How the account stands when the day begins up to which it has run."""
        start, waiting = self.start, self.waiting
        before = self.timeline.before(self.day)
        orders, sequence = (before.orders, before.sequence) if before is not None else (0, 0)
        waited = set(start.waiting[:, 0].tolist())
        seen = [order for order in self.account.orders if order.number in waited]
        brought = [one for one in self.account.referrals if one.number <= orders]
        return Mark(
            self.day,
            start.entries + len(self.steps),
            Standing(
                orders,
                sequence,
                self.row[Column.POINTS],
                self.row[Column.QUOTA],
                self.row[Column.USED],
                self.row[Column.INDEX],
                self.row[Column.TIER],
                self.shown,
                self.receivable,
                waiting.count,
                waiting.worth_uyuan,
            ),
            with_steps(start.months, start.entries, self.steps),
            still_waiting(start.waiting, waiting.gone, [*seen, *waiting.added]),
            still_waiting(start.brought, set(filter(None, map(self.gone, brought))), brought),
        )

    def gone(self, brought: ReferralRow) -> int:
        """The number of an order that the member brought, if it waits no more; else 0."""
        matured = brought.matured_day is not None and brought.matured_day < self.day
        return brought.number if matured or brought.state == OrderState.CLOSED else 0

    def is_at_once(self, award: Award) -> bool:
        """Whether an order matured at its receipt, before the day's close (R2)."""
        return self.terms[award.terms][Term.MATURITY_DAYS] == 0

    def settle(self, day: int, awards: Sequence[Award], happened: Sequence[Happening]) -> None:
        """Take the day's awards, and what happened before, between and after them."""
        waiting = deque(awards)
        for source in sorted(happened, key=place_in_log):
            while waiting and self.follows_an_award(source):
                self.mature(day, waiting.popleft())
            if isinstance(source, RefundRow):
                self.refund(day, source)
            else:
                self.move(day, source)
        for award in waiting:
            self.mature(day, award)

    def follows_an_award(self, source: Happening) -> bool:
        """Whether something can only have happened after one more of the day's awards.

        The journal does not say where in a day an order matured, but an exit took all that was
        held (R5.3), and nobody parts with more than that.
        """
        if isinstance(source, RefundRow):
            return False
        if source.kind == EffectKind.MEMBER_EXITED:
            return not self.is_earlier_exit(source)
        if source.kind in POINTS_GO and source.points > self.row[Column.POINTS]:
            return True
        return source.kind in FOLLOWS_AWARDS

    def is_earlier_exit(self, source: Happening) -> bool:
        """Whether a movement is an exit of exactly what is held now."""
        if not isinstance(source, MovementRow) or source.kind != EffectKind.MEMBER_EXITED:
            return False
        return source.points == self.row[Column.POINTS]

    def add(
        self,
        day: int,
        what: str,
        source: Source | None,
        *,
        points: int = 0,
        money: int = 0,
        coins: int = 0,
        quota: int = 0,
    ) -> None:
        """Write a step down, after what it changes."""
        self.row[Column.QUOTA] += quota
        self.hold(self.row[Column.POINTS] + points)
        held = self.row[Column.POINTS]
        self.steps.append(Step(day, what, source, points, held, money, coins, quota))

    def hold(self, points: int) -> None:
        """Set what is held, and the weight that follows from it (R5.1)."""
        multiplier = self.tiers[self.row[Column.TIER]][TierColumn.MULTIPLIER]
        self.row[Column.POINTS] = points
        self.row[Column.WEIGHT] = weight(points, multiplier)

    def touch(self, index: int) -> None:
        """Credit what has accrued: it becomes quota used, and the count begins anew (R4.2)."""
        self.row[Column.USED] += credit(self.row, index)
        self.row[Column.INDEX] = index
        self.shown = 0

    def index_now(self, day: int, *, closing: bool) -> int:
        """The dividend index before or within the close of a day."""
        return self.timeline.on(day).index_scaled if closing else self.timeline.index_before(day)

    def share(self, day: int) -> None:
        """The day's dividend: what has accrued since the last touch, less what was shown."""
        if day >= self.timeline.today.day:
            return
        accrued = credit(self.row, self.timeline.on(day).index_scaled)
        leaving = self.agenda.exits.get(day)
        if leaving is not None and self.is_earlier_exit(leaving):
            accrued = self.credited_at_exit(leaving, day)
        if accrued > self.shown:
            self.add(day, "dividend", None, money=accrued - self.shown)
            self.shown = accrued

    def credited_at_exit(self, movement: MovementRow, day: int) -> int:
        """What an exit inside the close credited: the quota left that the points did not take."""
        lowest = mul_div(
            self.row[Column.WEIGHT], self.timeline.index_before(day) - self.row[Column.INDEX], SCALE
        )
        highest = credit(self.row, self.timeline.on(day).index_scaled)
        return max(min(lowest, highest), min(left(self.row) - movement.gross, highest))

    def mature(self, day: int, award: Award) -> None:
        """Take points and quota of an order that matures (R6.3)."""
        if award.linked == 0:
            self.touch(self.index_now(day, closing=not self.is_at_once(award)))
        if isinstance(award, ReferralRow):
            if award.points > 0:
                self.add(day, "referral", award, points=award.points)
            return
        self.waiting.mature(award)
        quota = shares(award.row, self.terms[award.terms], award.matured_net or 0).quota
        self.add(day, "matured", award, points=award.points or 0, quota=quota)

    def refund(self, day: int, refund: RefundRow) -> None:
        """Give an order back, in part or whole; late, its quota goes too (R6.2, R6.4)."""
        order = self.orders[refund.order]
        already = self.refunded.get(refund.order, 0)
        self.refunded[refund.order] = already + refund.money
        net = order.paid - already
        if order.matured_net is None or net > order.matured_net:
            self.waiting.refund(order, net, refund.money)
            self.add(day, "refund", refund)
            return
        self.touch(self.index_now(day, closing=False))
        terms = self.terms[order.terms]
        before = shares(order.row, terms, net).quota
        after = shares(order.row, terms, net - refund.money).quota
        self.add(day, "late_refund", refund, quota=after - before)
        self.late = (refund.sequence, refund.money)

    def move(self, day: int, movement: MovementRow) -> None:
        """Take a movement: points, coins and cash as the journal has them."""
        kind = movement.kind
        closing = self.timeline.is_close_of(movement.sequence, day)
        if kind == EffectKind.MEMBER_EXITED:
            self.exit(day, movement, closing=closing)
            return
        if kind not in KEEPS_UNTOUCHED:
            self.touch(self.index_now(day, closing=closing))
        quota = 0
        if kind in USES_QUOTA:
            self.row[Column.USED] += movement.gross
        elif kind == EffectKind.GOODS_RETURNED:
            self.row[Column.USED] = max(0, self.row[Column.USED] - movement.gross)
        elif kind == EffectKind.AWARD_FUNDED:
            terms = self.terms[self.timeline.terms_on(day)]
            quota = mul_div(movement.gross, terms[Term.QUOTA_MULTIPLE], PPM)
        elif kind == EffectKind.TIER_CHANGED:
            self.row[Column.TIER] = movement.points
        self.add(
            day,
            "moved",
            movement,
            points=self.points_of(movement),
            money=self.cash_of(movement),
            coins=self.coins_of(movement),
            quota=quota,
        )

    def exit(self, day: int, movement: MovementRow, *, closing: bool) -> None:
        """Take all points; what the dividend of the day was has been shown before (R5.3)."""
        if closing:
            self.row[Column.USED] += self.shown
        else:
            self.row[Column.USED] += credit(self.row, self.index_now(day, closing=False))
        used = self.row[Column.USED] + movement.gross
        self.row[Column.USED] = max(used, self.row[Column.QUOTA])
        self.row[Column.INDEX] = self.index_now(day, closing=closing)
        self.shown = 0
        self.add(
            day,
            "moved",
            movement,
            points=-movement.points,
            money=movement.money,
            coins=movement.coins,
        )

    def points_of(self, movement: MovementRow) -> int:
        """The points that a movement brought, or with a minus took."""
        if movement.kind in POINTS_COME:
            return movement.points
        return -movement.points if movement.kind in POINTS_GO else 0

    def coins_of(self, movement: MovementRow) -> int:
        """The coins that a movement brought, or with a minus took."""
        if movement.kind in (EffectKind.COINS_PAID, EffectKind.ACCOUNT_SETTLED):
            return -movement.coins
        return movement.coins

    def cash_of(self, movement: MovementRow) -> int:
        """The cash that a movement brought, or with a minus took; keeps what is owed in step."""
        kind, money = movement.kind, movement.money
        if kind in (EffectKind.POINTS_REDEEMED, EffectKind.ACCOUNT_SETTLED):
            return money
        if kind == EffectKind.CASH_WITHDRAWN:
            return -money
        if kind == EffectKind.RECEIVABLE_BOOKED:
            self.receivable += money
        elif kind == EffectKind.RECEIVABLE_BURNED:
            self.receivable -= money
        elif kind == EffectKind.RECEIVABLE_COLLECTED:
            from_refund = self.is_kept_of_refund(movement)
            self.receivable -= money
            return 0 if from_refund else -money
        return 0

    def is_kept_of_refund(self, movement: MovementRow) -> bool:
        """Whether what was owed was kept from a late refund's money, not taken from cash (R6.4)."""
        sequence, money = self.late
        if movement.sequence != sequence or movement.money != min(self.receivable, money):
            return False
        self.late = (-1, 0)
        return True


def place_in_log(happening: Happening) -> tuple[int, int]:
    """The order in which things happened; a refund comes before what followed from it."""
    line = happening.line if isinstance(happening, MovementRow) else -1
    return happening.sequence, line
