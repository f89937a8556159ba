"""The production rules behind the model's own door, so that the two can be compared."""

from collections.abc import Mapping, Sequence

from shareback.rules import commands as rows
from shareback.rules.apply import apply_command, phase_forbids
from shareback.rules.codes import FIRST_REFUSAL, Code
from shareback.rules.decide import blank_state, due_orders, make_room
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ABSENT,
    EFFECT_WIDTH,
    RESULT_WIDTH,
    TERM_WIDTH,
    Command,
    Cursor,
    Head,
    Member,
    Merchant,
    Order,
    OrderState,
    Result,
    Row,
    State,
    Table,
    Term,
)
from shareback.rules.ordering import APPROVERS
from tests.model.parameters import Parameters

NAMES = {
    "paid": "amount",
    "money": "amount",
    "points": "amount",
    "coins": "amount",
    "from_day": "amount",
    "end_day": "amount",
    "profit": "second",
    "value": "second",
    "backing_ppm": "rate",
    "received": "flag",
    "approvals": "flag",
    "referrer": "other",
    "last_member": "other",
    "first_member": "member",
    "payer_member": "member",
    "payer_merchant": "payer",
    "funder_merchant": "merchant",
}
TABLES = {"member": "members", "other": "members", "merchant": "merchants", "payer": "merchants"}
TABLES |= {"order": "orders", "payment": "payments"}
OPENS = {
    Kind.JOIN_MEMBER: ("member", Head.MEMBERS),
    Kind.JOIN_MERCHANT: ("merchant", Head.MERCHANTS),
    Kind.PAY_ORDER: ("order", Head.ORDERS),
    Kind.SPEND_POINTS: ("payment", Head.PAYMENTS),
    Kind.PAY_COINS: ("payment", Head.PAYMENTS),
}


def terms_row(parameters: Parameters) -> Row:
    """The model's parameters as production takes them."""
    terms = [0] * TERM_WIDTH
    terms[Term.ISSUE_PRICE] = parameters.issue_price_uyuan
    terms[Term.SUPPLY_CAP] = parameters.supply_cap_units
    terms[Term.BACKING] = parameters.backing_ppm
    terms[Term.AWARD] = parameters.award_ppm
    terms[Term.REFERRAL] = parameters.referral_ppm
    terms[Term.PER_SPEND] = int(parameters.award_mode == "per_spend")
    terms[Term.AWARD_POINTS] = parameters.award_points_units
    terms[Term.AWARD_SPEND] = parameters.award_spend_uyuan
    terms[Term.MARGIN] = parameters.margin_ppm
    terms[Term.DIVIDEND] = parameters.dividend_in_force_ppm
    terms[Term.QUOTA_MULTIPLE] = parameters.quota_multiple_ppm
    terms[Term.FEE] = parameters.fee_ppm
    terms[Term.GOODS_FEE] = parameters.goods_fee_ppm
    terms[Term.MATURITY_DAYS] = parameters.maturity_days
    terms[Term.MONEY_OUT] = int(parameters.money_out)
    terms[Term.REFUND_LIMIT] = parameters.late_refund_limit_uyuan
    return terms


class Production:
    """One programme under `shareback.rules`, commanded as `Model` is."""

    def __init__(self, parameters: Parameters, day: int = 0) -> None:
        tiers: Table = [list(tier) for tier in parameters.tiers]
        self.parameters = parameters
        self.state: State = blank_state(terms_row(parameters), tiers, day)
        self.order_ids = [""]

    def row(self, kind: Kind, day: int, fields: Mapping[str, object]) -> Row:
        """A command's row; what the state has not is nobody."""
        row = rows.row(kind, day)
        if kind == Kind.PAY_ORDER:
            row[Command.SECOND] = ABSENT
        for name, value in fields.items():
            if name in ("order_id", "parameters") or value is None:
                continue
            column = NAMES.get(name, name)
            assert isinstance(value, int)
            table = TABLES.get(column)
            slot = value if table is None or value < len(getattr(self.state, table)) else 0
            row[Command[column.upper()]] = slot
            # Whoever is named and unknown is not nobody: a row without a number.
            if table in ("members", "merchants") and slot != value:
                row[Command[column.upper()]] = len(getattr(self.state, table)) - 1
        if kind in OPENS:
            column, counter = OPENS[kind]
            row[Command[column.upper()]] = self.state.head[counter] + 1
        return row

    def refused_at_the_edge(self, kind: Kind, fields: Mapping[str, object]) -> bool:
        """What `Programme` refuses of an amendment before the rules see it."""
        if kind != Kind.AMEND_PROGRAMME:
            return False
        parameters = fields["parameters"]
        assert isinstance(parameters, Parameters)
        issued = self.state.head[Head.ISSUED]
        tiers_stay = parameters.tiers == self.parameters.tiers
        return not (parameters.hold() and tiers_stay and parameters.supply_cap_units >= issued)

    def edge_code(self, day: int, fields: Mapping[str, object]) -> int:
        """What an amendment is refused for whose parameters cannot be."""
        code = phase_forbids(self.state, Kind.AMEND_PROGRAMME)
        if code != Code.ACCEPTED:
            return code
        if day != self.state.head[Head.DAY]:
            return Code.DAY_NOT_OPEN
        approvals = fields["approvals"]
        assert isinstance(approvals, int)
        return Code.NEEDS_TWO_APPROVERS if approvals < APPROVERS else Code.AMOUNT_INVALID

    def apply(self, kind: int, day: int, **fields: object) -> tuple[int, int]:
        """Try one command, as `Model.apply`."""
        one, state = Kind(kind), self.state
        make_room(state)
        state.merchants.append([0] * len(state.merchants[0]))
        row = self.row(one, day, fields)
        if self.refused_at_the_edge(one, fields):
            return self.edge_code(day, fields), 0
        if one == Kind.AMEND_PROGRAMME:
            parameters = fields["parameters"]
            assert isinstance(parameters, Parameters)
            state.terms.append(terms_row(parameters))
            row[Command.SECOND] = len(state.terms) - 1
        if one == Kind.PAY_ORDER:
            del self.order_ids[state.head[Head.ORDERS] + 1 :]
            self.order_ids.append(str(fields["order_id"]))
        if one == Kind.CLOSE_DAY:
            self.find_due(day)
        result = [0] * RESULT_WIDTH
        code = Code(self.run(state, row, result))
        state.merchants.pop()
        assert code == Code.ACCEPTED or code >= FIRST_REFUSAL, code.name
        return int(code), result[Result.NUMBER]

    def find_due(self, day: int) -> None:
        """Name the orders that mature at a close."""
        due = due_orders(self.state, day, self.order_ids)
        self.state.due[:] = [*due, 0]
        self.state.cursor[Cursor.DUE] = len(due)

    def run(self, state: State, row: Row, result: Row) -> int:
        """Run one command in CPython, with as much room for effects as it asks for."""
        code = apply_command(state, row, result)
        while code == Code.NEEDS_ROOM:
            state.effects.extend([0] * EFFECT_WIDTH for _ in range(len(state.effects)))
            code = apply_command(state, row, result)
        return code

    def snapshot(self) -> dict[str, object]:
        """The state in the model's words."""
        state = self.state
        words: dict[str, object] = {
            column.name.lower(): state.head[column]
            for column in Head
            if column.name.lower() in COMPARED
        }
        words["members"] = {
            row[Member.NUMBER]: tuple(row[Member.POINTS : Member.REFERRER])
            for row in state.members
            if row[Member.NUMBER]
        }
        words["merchants"] = {
            row[Merchant.NUMBER]: tuple(row[Merchant.POINTS : Merchant.PARTY])
            for row in state.merchants
            if row[Merchant.NUMBER]
        }
        words["orders"] = {
            row[Order.NUMBER]: order_words(row) for row in state.orders if row[Order.NUMBER]
        }
        return words


def order_words(row: Sequence[int]) -> tuple[int, ...]:
    """An order in the model's words, which tell paid from received."""
    state = {OrderState.PAID: 1, OrderState.MATURED: 3, OrderState.CLOSED: 4}[
        OrderState(row[Order.STATE])
    ]
    if state == 1 and row[Order.DUE_DAY] != ABSENT:
        state = 2
    return (
        state,
        row[Order.REFUNDED],
        row[Order.POINTS_BUYER],
        row[Order.POINTS_REFERRER],
        row[Order.TAKEN_BUYER],
        row[Order.TAKEN_REFERRER],
    )


COMPARED = frozenset(
    [
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
        "phase",
        "exits",
        "redeemed",
        "dividends_credited",
        "cash",
        "merchant_payable",
        "coins_members",
        "coins_merchants",
        "points_members",
        "points_merchants",
        "quota_granted",
        "receivables",
    ]
)
