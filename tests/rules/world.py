"""A small programme to try the rules on: each method is one command, and checks what it did."""

from collections.abc import Callable, Sequence
from typing import ParamSpec

import pytest

from shareback.rules import commands as rows
from shareback.rules.apply import apply_command
from shareback.rules.codes import FIRST_REFUSAL, RULE_OF, Code
from shareback.rules.decide import (
    Accepted,
    Effected,
    InvariantBroken,
    Refusal,
    blank_state,
    copied,
    decide,
    due_orders,
    make_room,
    refusal,
)
from shareback.rules.exits import price
from shareback.rules.layout import (
    ABSENT,
    EFFECT_WIDTH,
    RESULT_WIDTH,
    Cursor,
    Head,
    Member,
    Merchant,
    Order,
    Result,
    Row,
    State,
    Term,
)
from shareback.rules.programme import TEST_ISSUER, Programme
from tests.rules.consistency import assert_consistent, assert_follows

YUAN = 1_000_000
POINT = 100_000_000
COIN = 1_000_000
GOLDEN: dict[str, object] = {"maturity_days": 0, "referral_rate": 0, "dividend_rate": 0}
"""The parameters of the golden figures (R3.8)."""

P = ParamSpec("P")


class Refused(Exception):
    """A command of a world was refused."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


class World:
    """One programme; every slot equals its number.

    Parameters are those of `Programme`, as people write them. It opens on day 0.
    """

    fast = False

    def __init__(self, **parameters: object) -> None:
        self.parameters = parameters
        self.programme = Programme.model_validate({"issuer": TEST_ISSUER, **parameters})
        self.state: State = blank_state(self.programme.terms_row(), self.programme.tier_rows(), 0)
        self.order_ids = [""]
        self.events: tuple[Effected, ...] = ()

    # ------------------------------------------------------------------------ reading

    def head(self, column: Head) -> int:
        return self.state.head[column]

    @property
    def day(self) -> int:
        return self.state.head[Head.DAY]

    @property
    def reserve(self) -> int:
        return self.state.head[Head.RESERVE]

    @property
    def supply(self) -> int:
        return self.state.head[Head.SUPPLY]

    @property
    def price(self) -> int:
        return price(self.state.head)

    @property
    def terms(self) -> Row:
        return self.state.terms[self.state.head[Head.TERMS]]

    def member(self, number: int) -> Row:
        return self.state.members[number]

    def points(self, member: int) -> int:
        return self.state.members[member][Member.POINTS]

    def cash(self, member: int) -> int:
        return self.state.members[member][Member.CASH]

    def left(self, member: int) -> int:
        return self.member(member)[Member.QUOTA] - self.member(member)[Member.USED]

    def worth(self, member: int) -> int:
        return self.points(member) * self.reserve // self.supply

    def shop(self, merchant: int) -> Row:
        return self.state.merchants[merchant]

    def payable(self, merchant: int) -> int:
        return self.state.merchants[merchant][Merchant.PAYABLE]

    def order(self, number: int) -> Row:
        return self.state.orders[number]

    def awarded(self, order: int) -> int:
        return self.state.orders[order][Order.POINTS_BUYER]

    def payment(self, number: int) -> Row:
        return self.state.payments[number]

    # ----------------------------------------------------------------------- deciding

    def do(self, row: Row, due: Sequence[int] = ()) -> Accepted:
        """Have a command accepted; `Refused` is raised where the rules refuse it."""
        answer = self._apply(row, due) if self.fast else decide(self.state, row, due)
        if isinstance(answer, Refusal):
            if not self.fast:
                self._assert_untouched(row, answer)
            raise Refused(answer)
        if not self.fast:
            assert_follows(self.state, answer.state)
            assert_consistent(answer.state)
        self.state = answer.state
        self.events = answer.events
        return answer

    def refused(
        self, code: Code, action: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> Refusal:
        """Have an action of this world refused, for one reason and with nothing changed."""
        if self.fast:
            make_room(self.state)
        before = copied(self.state)
        with pytest.raises(Refused) as caught:
            action(*args, **kwargs)
        refusal = caught.value.refusal
        assert refusal.code is code, refusal
        assert refusal.rule == RULE_OF[code]
        assert_same(before, self.state)
        return refusal

    def attempt(self, action: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Code:
        """Try an action of this world; returns what it came to."""
        try:
            action(*args, **kwargs)
        except Refused as refused:
            return refused.refusal.code
        return Code.ACCEPTED

    def _apply(self, row: Row, due: Sequence[int]) -> Accepted | Refusal:
        state = self.state
        make_room(state)
        if due:
            state.due[:] = [*due, 0]
        state.cursor[Cursor.DUE] = len(due)
        result = [0] * RESULT_WIDTH
        code = Code(apply_command(state, row, result))
        while code == Code.NEEDS_ROOM:
            state.effects.extend([0] * EFFECT_WIDTH for _ in range(len(state.effects)))
            code = Code(apply_command(state, row, result))
        if code >= FIRST_REFUSAL:
            return refusal(code, result)
        if code != Code.ACCEPTED:
            raise InvariantBroken(code, row)
        return Accepted(
            state,
            result[Result.NUMBER],
            result[Result.POINTS],
            result[Result.MONEY],
            result[Result.FEE],
            (),
        )

    def _assert_untouched(self, row: Row, refusal: Refusal) -> None:
        """Production applies commands in place: a refusal must leave the state alone there too."""
        trial = copied(self.state)
        make_room(trial)
        before = copied(trial)
        assert apply_command(trial, list(row), [0] * RESULT_WIDTH) == refusal.code
        assert_same(before, trial)

    # ------------------------------------------------------------- members and merchants

    def join(self, referrer: int = 0, party: int = 0) -> int:
        number = self.state.head[Head.MEMBERS] + 1
        return self.do(rows.join_member(self.day, number, referrer, party)).number

    def open_shop(self, party: int = 0) -> int:
        number = self.state.head[Head.MERCHANTS] + 1
        return self.do(rows.join_merchant(self.day, number, party)).number

    def set_referrer(self, member: int, referrer: int) -> Accepted:
        return self.do(rows.set_referrer(self.day, member, referrer))

    def link(self, member: int, merchant: int, party: int) -> Accepted:
        return self.do(rows.link_party(self.day, member, merchant, party))

    # --------------------------------------------------------------------------- orders

    def buy(
        self,
        member: int,
        paid: int = 100 * YUAN,
        merchant: int = 0,
        *,
        backing: int | None = None,
        profit: int = ABSENT,
        received: int = 1,
        order_id: str = "",
    ) -> int:
        """Pay an order, received at once unless told otherwise; returns its number."""
        number = self.state.head[Head.ORDERS] + 1
        rate = self.terms[Term.BACKING] if backing is None else backing
        row = rows.pay_order(self.day, number, member, merchant, paid, rate, profit, received)
        self.do(row)
        self.order_ids.append(order_id or f"{number:09}")
        return number

    def receive(self, order: int) -> Accepted:
        return self.do(rows.receive_order(self.day, order))

    def refund(self, order: int, money: int, approvals: int = 2) -> Accepted:
        return self.do(rows.refund_order(self.day, order, money, approvals))

    # --------------------------------------------------------------------------- points

    def redeem(self, member: int, points: int) -> Accepted:
        return self.do(rows.redeem_points(self.day, member, points))

    def spend(self, member: int, merchant: int, points: int) -> Accepted:
        number = self.state.head[Head.PAYMENTS] + 1
        return self.do(rows.spend_points(self.day, number, member, merchant, points))

    def return_goods(self, payment: int, money: int) -> Accepted:
        return self.do(rows.refund_points_payment(self.day, payment, money))

    def convert(self, member: int, points: int) -> Accepted:
        return self.do(rows.convert_points(self.day, member, points))

    def withdraw(self, member: int, money: int) -> Accepted:
        return self.do(rows.withdraw_cash(self.day, member, money))

    # ---------------------------------------------------------------------------- coins

    def pay_coins(self, member: int, merchant: int, coins: int, payer: int = 0) -> Accepted:
        number = self.state.head[Head.PAYMENTS] + 1
        return self.do(rows.pay_coins(self.day, number, member, payer, merchant, coins))

    def refund_coins(self, payment: int, coins: int) -> Accepted:
        return self.do(rows.refund_coins(self.day, payment, coins))

    def exchange(self, merchant: int, coins: int) -> Accepted:
        return self.do(rows.exchange_coins(self.day, merchant, coins))

    def redeem_merchant(self, merchant: int, points: int) -> Accepted:
        return self.do(rows.redeem_merchant_points(self.day, merchant, points))

    def settle(self, merchant: int, money: int) -> Accepted:
        return self.do(rows.settle_merchant(self.day, merchant, money))

    # ------------------------------------------------------------------------- operator

    def award(self, member: int, money: int, value: int, funder: int = 0) -> Accepted:
        return self.do(rows.award_funded(self.day, member, funder, money, value))

    def fund(self, money: int) -> Accepted:
        return self.do(rows.fund_treasury(self.day, money))

    def withdraw_treasury(self, money: int, approvals: int = 2) -> Accepted:
        return self.do(rows.withdraw_treasury(self.day, money, approvals))

    def record_unmatched(self, money: int) -> Accepted:
        return self.do(rows.record_unmatched(self.day, money))

    def close(self, days: int = 1) -> Accepted:
        """Close the open day, and as many after it as asked for; orders mature by order id."""
        answer = self._close_one()
        for _ in range(days - 1):
            answer = self._close_one()
        return answer

    def _close_one(self) -> Accepted:
        due = due_orders(self.state, self.day, self.order_ids)
        return self.do(rows.close_day(self.day), due)

    def amend(self, from_day: int, approvals: int = 2, **changes: object) -> Accepted:
        """Announce other parameters for a later day; a refused version is let go again."""
        programme = Programme.model_validate({"issuer": TEST_ISSUER, **self.parameters, **changes})
        version = len(self.state.terms)
        self.state.terms.append(programme.terms_row())
        try:
            return self.do(rows.amend_programme(self.day, from_day, version, approvals))
        except Refused:
            del self.state.terms[version:]
            raise

    def announce_end(self, end_day: int, approvals: int = 2) -> Accepted:
        return self.do(rows.announce_end(self.day, end_day, approvals))

    def end(self) -> Accepted:
        return self.do(rows.end_programme(self.day))

    def settle_accounts(self, first: int, last: int) -> Accepted:
        return self.do(rows.settle_accounts(self.day, first, last))


class FastWorld(World):
    """A world that applies its commands to one state, without copies and checks."""

    fast = True


def assert_same(one: State, other: State) -> None:
    """The same members, money and orders; scratch room aside."""
    for name in ("head", "terms", "tiers", "members", "merchants", "orders", "payments"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.queue_sizes == other.queue_sizes
    for heap, again, size in zip(one.queue, other.queue, one.queue_sizes, strict=True):
        assert heap[:size] == again[:size]
    listed = one.cursor[Cursor.LISTED]
    assert listed == other.cursor[Cursor.LISTED]
    assert one.listed[:listed] == other.listed[:listed]
