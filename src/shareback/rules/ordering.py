"""Orders on their way to the pool: paid, received, refunded early (R6.1, R6.2)."""

from shareback.rules.accounts import member_is_unknown
from shareback.rules.codes import Code
from shareback.rules.layout import (
    ABSENT,
    Command,
    Head,
    Member,
    Merchant,
    Order,
    OrderState,
    Result,
    Row,
    State,
    Term,
)
from shareback.rules.order import net, rate_is_allowed, shares, split
from shareback.units.scales import RANGE

__compiled__ = True

APPROVERS = 2
"""A late refund above the limit, an amendment, an end need so many (R2, R6.4)."""


def may_pay_order(state: State, command: Row, result: Row) -> int:
    """Whether an order may be paid: the ladder of refusals of R6.1."""
    head = state.head
    terms = state.terms[head[Head.TERMS]]
    amount, profit = command[Command.AMOUNT], command[Command.SECOND]
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    if command[Command.MERCHANT] > 0 and (
        state.merchants[command[Command.MERCHANT]][Merchant.NUMBER] == 0
    ):
        return Code.MERCHANT_UNKNOWN
    if amount <= 0 or amount >= RANGE or profit > amount or profit < ABSENT:
        return Code.AMOUNT_INVALID
    if command[Command.FLAG] < 0 or command[Command.FLAG] > 1:
        return Code.AMOUNT_INVALID
    if not rate_is_allowed(terms, command[Command.RATE]):
        return Code.AMOUNT_INVALID
    return fits_the_range(state, command, result)


def fits_the_range(state: State, command: Row, result: Row) -> int:
    """Whether bank and quota can still be counted with one more order (R3.7)."""
    head = state.head
    terms, paid = state.terms[head[Head.TERMS]], command[Command.AMOUNT]
    share = split(paid, command[Command.SECOND], command[Command.RATE], terms, paid)
    member = state.members[command[Command.MEMBER]]
    room = RANGE - head[Head.QUOTA_GRANTED] - head[Head.QUOTA_PENDING]
    if share.quota >= room and not are_linked(member, state.merchants[command[Command.MERCHANT]]):
        result_shows(result, room, share.quota)
        return Code.OUT_OF_RANGE
    held = share.contribution + share.dividend
    if held >= RANGE - head[Head.BANK]:
        result_shows(result, RANGE - head[Head.BANK], held)
        return Code.OUT_OF_RANGE
    room = RANGE - head[Head.DIVIDENDS_IN] - head[Head.ORDER_ESCROW]
    if held >= room:
        result_shows(result, room, held)
        return Code.OUT_OF_RANGE
    return Code.ACCEPTED


def result_shows(result: Row, have: int, need: int) -> None:
    """Put the figures of a refusal into its result: what there is, what it would take."""
    result[Result.HAVE] = have
    result[Result.NEED] = need


def are_linked(member: Row, merchant: Row) -> bool:
    """Whether a member and a merchant are the same party (R4.4)."""
    return member[Member.PARTY] != 0 and member[Member.PARTY] == merchant[Merchant.PARTY]


def pay_order(state: State, command: Row) -> int:
    """Take an order's cash: c and d go to order escrow, nothing else moves (R6.1).

    Returns:
        The number given to the order.
    """
    head = state.head
    member = state.members[command[Command.MEMBER]]
    merchant = state.merchants[command[Command.MERCHANT]]
    order = state.orders[command[Command.ORDER]]
    head[Head.ORDERS] += 1
    head[Head.ORDERS_PENDING] += 1
    order[Order.NUMBER] = head[Head.ORDERS]
    order[Order.MEMBER] = member[Member.NUMBER]
    order[Order.MERCHANT] = merchant[Merchant.NUMBER]
    order[Order.REFERRER] = member[Member.REFERRER]
    order[Order.TERMS] = head[Head.TERMS]
    order[Order.BACKING] = command[Command.RATE]
    order[Order.PAID] = command[Command.AMOUNT]
    order[Order.PROFIT] = command[Command.SECOND]
    order[Order.PAID_DAY] = head[Head.DAY]
    order[Order.DUE_DAY] = ABSENT
    order[Order.LINKED] = 1 if are_linked(member, merchant) else 0
    order[Order.MEMBER_SLOT] = command[Command.MEMBER]
    order[Order.REFERRER_SLOT] = member[Member.REFERRER_SLOT]
    order[Order.CHANGED] = 1
    hold(state, order, 0, order[Order.PAID])
    if command[Command.FLAG] == 1:
        receive_order(state, command[Command.ORDER])
    return order[Order.NUMBER]


def hold(state: State, order: Row, before_uyuan: int, after_uyuan: int) -> None:
    """Move escrow, bank and pending quota when an order's net cash changes (R6.1, R6.2)."""
    head, terms = state.head, state.terms[order[Order.TERMS]]
    before, after = shares(order, terms, before_uyuan), shares(order, terms, after_uyuan)
    change = after.contribution + after.dividend - before.contribution - before.dividend
    head[Head.ORDER_ESCROW] += change
    head[Head.BANK] += change
    head[Head.QUOTA_PENDING] += after.quota - before.quota


def may_receive_order(state: State, command: Row) -> int:
    """Whether an order may be marked as received (R6.3)."""
    order = state.orders[command[Command.ORDER]]
    if order[Order.NUMBER] == 0:
        return Code.ORDER_UNKNOWN
    if order[Order.DUE_DAY] != ABSENT:
        return Code.ALREADY_RECEIVED
    if order[Order.STATE] == OrderState.CLOSED:
        return Code.ORDER_CLOSED
    return Code.ACCEPTED


def receive_order(state: State, slot: int) -> None:
    """Set the day at whose close an order matures (R6.3)."""
    order = state.orders[slot]
    terms = state.terms[order[Order.TERMS]]
    order[Order.DUE_DAY] = state.head[Head.DAY] + terms[Term.MATURITY_DAYS]
    order[Order.CHANGED] = 1


def matures_at_once(state: State, slot: int) -> bool:
    """Whether an order matures at its receipt, alone: `maturity_days` = 0 (R2)."""
    order = state.orders[slot]
    received = order[Order.DUE_DAY] != ABSENT
    return received and state.terms[order[Order.TERMS]][Term.MATURITY_DAYS] == 0


def needs_approval(state: State, order: Row, command: Row) -> bool:
    """Whether an order's late refunds pass the limit and lack the second approver (R6.4).

    All late refunds of the order count together: cut into parts, none gets round the limit.
    """
    limit = state.terms[state.head[Head.TERMS]][Term.REFUND_LIMIT]
    if order[Order.STATE] != OrderState.MATURED or command[Command.FLAG] >= APPROVERS:
        return False
    given_back = order[Order.MATURED_NET] - net(order)
    return command[Command.AMOUNT] > limit - given_back


def may_refund_order(state: State, command: Row, result: Row) -> int:
    """Whether an order's money may be given back, early or late (R6.2, R6.4, A25, A26)."""
    order = state.orders[command[Command.ORDER]]
    money = command[Command.AMOUNT]
    if order[Order.NUMBER] == 0:
        return Code.ORDER_UNKNOWN
    if needs_approval(state, order, command):
        return Code.NEEDS_TWO_APPROVERS
    if money <= 0:
        return Code.AMOUNT_INVALID
    if money > net(order):
        result_shows(result, net(order), money)
        return Code.REFUND_ABOVE_PAID
    return Code.ACCEPTED


def count_refund(head: Row, order: Row) -> None:
    """Count an order with its first refund."""
    if order[Order.REFUNDED] == 0:
        head[Head.ORDERS_REFUNDED] += 1


def refund_early(state: State, command: Row, result: Row) -> None:
    """Give back money before maturity: escrow shrinks, the pool never saw it (R6.2)."""
    head = state.head
    order = state.orders[command[Command.ORDER]]
    before = net(order)
    count_refund(head, order)
    order[Order.REFUNDED] += command[Command.AMOUNT]
    order[Order.CHANGED] = 1
    hold(state, order, before, net(order))
    result[Result.MONEY] = command[Command.AMOUNT]
    if net(order) == 0:
        order[Order.STATE] = OrderState.CLOSED
        head[Head.ORDERS_PENDING] -= 1
