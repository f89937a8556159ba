"""The independent slow model: the economy in plain integers and fractions, scanning everyone.

Where the rules and their decisions D1-D21 are silent, this model chooses as follows.

 1. Money that a merchant puts into R for a funded award comes out of what the programme owes
    it (`PAYABLE_SHORT`); money of the treasury out of its free part (`TREASURY_SHORT`).
 2. A funded award must be worth at least one unit of points (`NOTHING_TO_PAY`), its value at
    least 1 µ¥; one that does not fit under the cap is refused, not cut.
 3. An order's award is cut to what is left under the cap, in the order of awarding.
 4. An order keeps the parameters of the day it was paid on, in all of R6 (never retroactively).
    Fees, cap, profile, limit of late refunds and funded awards follow the parameters of today.
 5. An order is linked if its parties were linked when it was paid; that is frozen then.
 6. A referrer of the same party as the buyer gets no award (R4.4's words; R4.3, attack A29).
 7. Merchant 0 has no account: no points, no coins, no points or coins as payment.
 8. WithdrawCash, SpendPoints, ConvertPoints, RefundPointsPayment, AwardFunded and
    SettleAccounts touch their member first; then the price is read. So does a late refund, for
    buyer and referrer, before the quota is withdrawn. PayOrder, early refunds, coins and
    LinkParty touch nobody. At maturity the referrer is touched even where the award is nothing.
 9. R3.5 acts after each single mint, burn and payment into R, not once at the end of the
    operation; at the end of the programme too, so that P stays in its range: R12 shares what
    was bound only up to the top, a million yuan a point.
10. What a touch collects during a late refund is no receipt of that refund: it is given to the
    treasury at once. The treasury pays after all burns and collections.
11. The escrow surplus is burned in the fewest units whose price pays the rest.
12. WithdrawTreasury always needs two approvals.
13. A from_day or end_day that is not in the future is `AMOUNT_INVALID`; so are changed tiers,
    parameters that fail R2, and a cap below what is issued.
14. EndProgramme before its announcement or its day is `NOT_ENDED`. AnnounceEnd after an
    announcement is `END_ANNOUNCED`. Orders paid before the announcement still earn (D16).
15. At the end every merchant is settled at once; members follow, gapless, in order.
16. `redeemed` is gross: R3.3 of members, merchants and exits, and R3.4; not exits into coins.
17. A new member starts at today's index.
18. A receivable that would make the sum of all leave 2⁶² is `OUT_OF_RANGE`.
19. The rule for coarse awards (D14) does not act in the mode `per_spend`, nor on the cut at the
    cap. With R3.5's top it can never act at all: an award loses less than R/S <= 10⁴ µ¥.
    That asks for an issue price of at most a million yuan, which the parameters check.
20. After the end dividends are still credited only up to the quota; what a merchant's points
    cost does not limit their final price.
21. Of two amendments for one day the later one holds. A new issue price changes nothing.
22. An order's rate is refused as `AMOUNT_INVALID` where the checks of R2 fail for it.
23. LinkParty names a member, a merchant or both, and a party that is not 0.
24. QUOTA_USED_UP can never be seen: whoever has points and no quota left is due, and gone.
    So no command meets a member with points and left <= 0.
25. K is exact also where left is negative; it saturates nowhere below.
"""

from collections.abc import Callable, Mapping

from shareback.rules.codes import Code
from shareback.rules.kinds import Kind
from tests.model import accounts, close, coins, ending, orders, refunds
from tests.model.checks import (
    check_accounts,
    check_books,
    check_law,
    check_pool,
    refuse_out_of_range,
)
from tests.model.parameters import Parameters
from tests.model.pool import run_exits
from tests.model.state import Phase, Refused, State

COMMANDS: Mapping[Kind, Callable[..., int]] = {
    Kind.JOIN_MEMBER: accounts.join_member,
    Kind.SET_REFERRER: accounts.set_referrer,
    Kind.JOIN_MERCHANT: accounts.join_merchant,
    Kind.PAY_ORDER: orders.pay_order,
    Kind.RECEIVE_ORDER: orders.receive_order,
    Kind.REFUND_ORDER: refunds.refund_order,
    Kind.REDEEM_POINTS: coins.redeem_points,
    Kind.SPEND_POINTS: coins.spend_points,
    Kind.REFUND_POINTS_PAYMENT: coins.refund_points_payment,
    Kind.CONVERT_POINTS: coins.convert_points,
    Kind.PAY_COINS: coins.pay_coins,
    Kind.REFUND_COINS: coins.refund_coins,
    Kind.EXCHANGE_COINS: coins.exchange_coins,
    Kind.REDEEM_MERCHANT_POINTS: coins.redeem_merchant_points,
    Kind.AWARD_FUNDED: orders.award_funded,
    Kind.FUND_TREASURY: coins.fund_treasury,
    Kind.WITHDRAW_TREASURY: coins.withdraw_treasury,
    Kind.WITHDRAW_CASH: coins.withdraw_cash,
    Kind.SETTLE_MERCHANT: coins.settle_merchant,
    Kind.RECORD_UNMATCHED: coins.record_unmatched,
    Kind.CLOSE_DAY: close.close_day,
    Kind.AMEND_PROGRAMME: ending.amend_programme,
    Kind.ANNOUNCE_END: ending.announce_end,
    Kind.END_PROGRAMME: ending.end_programme,
    Kind.SETTLE_ACCOUNTS: ending.settle_accounts,
    Kind.LINK_PARTY: accounts.link_party,
}

AFTER_THE_END = frozenset({Kind.SETTLE_ACCOUNTS, Kind.WITHDRAW_CASH, Kind.SETTLE_MERCHANT})
NOT_ONCE_ANNOUNCED = frozenset({Kind.PAY_ORDER, Kind.AWARD_FUNDED, Kind.ANNOUNCE_END})


class Model:
    """One programme."""

    def __init__(self, parameters: Parameters, day: int = 0) -> None:
        assert parameters.hold(), "the parameters fail the checks of R2"
        self.state = State(
            parameters,
            day,
            last_price=parameters.issue_price_scaled,
        )
        self.before = self.state

    def apply(self, kind: int, day: int, **fields: object) -> tuple[int, int]:
        """Try one command.

        Args:
            kind: The kind, as in `Kind`; all but OPEN_PROGRAMME.
            day: The programme's local day number that the command carries.
            fields: The integers of the kind; numbers that acceptance gives (a new member's,
                say) may be left out. PAY_ORDER takes `order_id`, a text, too, and
                AMEND_PROGRAMME takes `parameters`.

        Returns:
            The refusal's code, or 0; and the number that acceptance gave, or 0.
        """
        trial = self.state.copy()
        try:
            number = self._run(trial, Kind(kind), day, fields)
        except Refused as refused:
            self.state.seen[f"refused {refused.code.name}"] += 1
            return int(refused.code), 0
        trial.seen[f"accepted {Kind(kind).name}"] += 1
        self.before, self.state = self.state, trial
        return int(Code.ACCEPTED), number

    @staticmethod
    def _run(state: State, kind: Kind, day: int, fields: dict[str, object]) -> int:
        """The ladder of what every command is refused for, then the command."""
        ended = state.phase is Phase.ENDED
        if ended and kind not in AFTER_THE_END:
            raise Refused(Code.PROGRAMME_ENDED)
        if state.phase is Phase.ANNOUNCED and kind in NOT_ONCE_ANNOUNCED:
            raise Refused(Code.END_ANNOUNCED)
        if kind is Kind.SETTLE_ACCOUNTS and not ended:
            raise Refused(Code.NOT_ENDED)
        if kind is Kind.END_PROGRAMME and not ending.may_end(state):
            raise Refused(Code.NOT_ENDED)
        if day != state.day:
            raise Refused(Code.DAY_NOT_OPEN)
        number = COMMANDS[kind](state, **fields)
        run_exits(state)
        if kind is not Kind.CLOSE_DAY:
            refuse_out_of_range(state)
        return number

    def maturing_orders(self) -> list[int]:
        """Numbers of the orders that are due at the close of the open day, by order id."""
        return [order.number for order in orders.due_orders(self.state)]

    def check(self) -> None:
        """Raise AssertionError, with words, if an invariant is broken."""
        check_law(self.before, self.state)
        check_books(self.state)
        check_pool(self.state)
        check_accounts(self.state)

    def snapshot(self) -> dict[str, object]:
        """All that the rules must agree on."""
        state = self.state
        return {
            **{name: getattr(state, name) for name in HEAD},
            "phase": int(state.phase),
            "cash": sum(member.cash for member in state.members.values()),
            "merchant_payable": sum(shop.payable for shop in state.merchants.values()),
            "coins_members": sum(member.coins for member in state.members.values()),
            "coins_merchants": sum(shop.coins for shop in state.merchants.values()),
            "points_members": sum(member.points for member in state.members.values()),
            "points_merchants": sum(shop.points for shop in state.merchants.values()),
            "quota_granted": sum(member.granted for member in state.members.values()),
            "receivables": sum(member.receivable for member in state.members.values()),
            "members": {
                number: (
                    member.points,
                    member.cash,
                    member.coins,
                    member.granted,
                    member.used,
                    member.index,
                    member.tier,
                    member.earned,
                    member.dividends,
                    member.receivable,
                    member.receivable_treasury,
                )
                for number, member in state.members.items()
            },
            "merchants": {
                number: (shop.points, shop.cost, shop.coins, shop.payable)
                for number, shop in state.merchants.items()
            },
            "orders": {
                number: (
                    int(order.state),
                    order.refunded,
                    order.award_buyer.points,
                    order.award_referrer.points,
                    order.award_buyer.taken,
                    order.award_referrer.taken,
                )
                for number, order in state.orders.items()
            },
        }


HEAD = (
    "reserve",
    "supply",
    "issued",
    "burned",
    "last_price",
    "index",
    "weight",
    "pot",
    "payable",
    "free",
    "bound",
    "bound_drawn",
    "order_escrow",
    "suspense",
    "bank",
    "coins_issued",
    "coins_retired",
    "points_escrow",
    "quota_pending",
    "day",
    "exits",
    "redeemed",
    "dividends_credited",
)
