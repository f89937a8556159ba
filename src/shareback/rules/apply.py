"""One command, or a batch of them, applied to a programme's state.

`apply_batch` is what runs compiled in production; `decide` calls the same functions. A command
is refused before anything has changed, or it is done, exits follow, and the invariants are
checked.
"""

from shareback.rules.accounts import member_is_unknown
from shareback.rules.closing import close_day
from shareback.rules.codes import FIRST_REFUSAL, Code
from shareback.rules.ending import (
    amend,
    announce_end,
    end_programme,
    may_end,
    settle_accounts,
)
from shareback.rules.exits import EFFECTS_SPARE, run_exits
from shareback.rules.funding import (
    award_funded,
    fund_treasury,
    record_unmatched,
    withdraw_treasury,
)
from shareback.rules.holding import (
    convert,
    redeem,
    return_goods,
    spend,
    withdraw_cash,
)
from shareback.rules.invariants import broken_invariant, remember
from shareback.rules.joining import join_member, join_merchant, link_party, set_referrer
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ACCOUNTS,
    RESULT_WIDTH,
    Command,
    Cursor,
    Head,
    Member,
    Merchant,
    Order,
    OrderState,
    Phase,
    Result,
    Row,
    Stage,
    State,
    Table,
)
from shareback.rules.maturing import mature_together
from shareback.rules.ordering import (
    matures_at_once,
    may_pay_order,
    may_receive_order,
    may_refund_order,
    pay_order,
    receive_order,
    refund_early,
)
from shareback.rules.refunding import refund_late
from shareback.rules.trading import (
    exchange,
    pay_coins,
    redeem_merchant,
    refund_coins,
    settle_merchant,
)

__compiled__ = True


def apply_batch(state: State, commands: Table, results: Table, trace: Table, start: int) -> int:
    """Apply commands in order until one asks for more rows, or a bug shows.

    Args:
        state: The slice that the commands need; changed in place.
        commands: A row for each command.
        results: A row for each command's outcome, written here.
        trace: The accounts after each command, written here; no rows where nobody asks.
        start: The command to begin, or to go on, with.

    Returns:
        The place of the first command that is not decided; ``len(commands)`` if all are. Its
        result's code says why.
    """
    for place in range(start, len(commands)):
        code = apply_command(state, commands[place], results[place])
        results[place][Result.CODE] = code
        if code != Code.ACCEPTED and code < FIRST_REFUSAL:
            return place
        if len(trace) > 0:
            for column in range(ACCOUNTS):
                trace[place][column] = state.head[column]
    return len(commands)


def apply_command(state: State, command: Row, result: Row) -> int:
    """Decide one command, or go on with it, and return its `Code`."""
    cursor = state.cursor
    if cursor[Cursor.STAGE] == Stage.FRESH:
        if cursor[Cursor.EFFECTS] + needed_room(state, command) > len(state.effects):
            return Code.NEEDS_ROOM
        for column in range(RESULT_WIDTH):
            result[column] = 0
        remember(state)
        code = begin(state, command, result)
        if code >= FIRST_REFUSAL:
            return code
    else:
        code = Code.ACCEPTED
    if command[Command.KIND] == Kind.CLOSE_DAY:
        code = close_day(state)
    elif state.head[Head.PHASE] != Phase.ENDED:
        cursor[Cursor.STAGE] = Stage.EXITS
        code = run_exits(state)
    if code != Code.ACCEPTED:
        return code
    cursor[Cursor.STAGE] = Stage.FRESH
    state.head[Head.SEQUENCE] += 1
    return broken_invariant(state)


def needed_room(state: State, command: Row) -> int:
    """Rows of effects that a command may write before its exits."""
    kind = command[Command.KIND]
    if kind == Kind.CLOSE_DAY:
        touched = state.cursor[Cursor.DUE] + state.cursor[Cursor.DUE]
        return EFFECTS_SPARE + touched + touched
    if kind == Kind.END_PROGRAMME:
        return EFFECTS_SPARE + state.cursor[Cursor.MERCHANTS]
    if kind == Kind.SETTLE_ACCOUNTS:
        span = command[Command.OTHER] - command[Command.MEMBER] + 1
        return EFFECTS_SPARE + max(0, span + span + span)
    return EFFECTS_SPARE


def begin(state: State, command: Row, result: Row) -> int:
    """Refuse a command, or do all of it but the exits; a close only passes its checks here."""
    head, kind = state.head, command[Command.KIND]
    code = phase_forbids(state, kind)
    if code != Code.ACCEPTED:
        return code
    if command[Command.DAY] != head[Head.DAY]:
        result[Result.HAVE] = head[Head.DAY]
        result[Result.NEED] = command[Command.DAY]
        return Code.DAY_NOT_OPEN
    if kind == Kind.CLOSE_DAY:
        return Code.ACCEPTED
    if kind in (Kind.PAY_ORDER, Kind.RECEIVE_ORDER, Kind.REFUND_ORDER):
        return begin_order(state, command, result)
    if kind in (
        Kind.REDEEM_POINTS,
        Kind.SPEND_POINTS,
        Kind.REFUND_POINTS_PAYMENT,
        Kind.CONVERT_POINTS,
        Kind.WITHDRAW_CASH,
    ):
        return begin_holding(state, command, result)
    if kind in (
        Kind.PAY_COINS,
        Kind.REFUND_COINS,
        Kind.EXCHANGE_COINS,
        Kind.REDEEM_MERCHANT_POINTS,
        Kind.SETTLE_MERCHANT,
    ):
        return begin_trading(state, command, result)
    if kind in (Kind.JOIN_MEMBER, Kind.SET_REFERRER, Kind.JOIN_MERCHANT, Kind.LINK_PARTY):
        return begin_joining(state, command, result)
    return begin_operating(state, command, result)


def phase_forbids(state: State, kind: int) -> int:
    """``ACCEPTED``, or why a command comes too late or too early in a programme's life (R12)."""
    phase = state.head[Head.PHASE]
    if phase == Phase.ENDED:
        if kind in (Kind.SETTLE_ACCOUNTS, Kind.WITHDRAW_CASH, Kind.SETTLE_MERCHANT):
            return Code.ACCEPTED
        return Code.PROGRAMME_ENDED
    if phase == Phase.ANNOUNCED and kind in (
        Kind.PAY_ORDER,
        Kind.AWARD_FUNDED,
        Kind.ANNOUNCE_END,
    ):
        return Code.END_ANNOUNCED
    if kind == Kind.SETTLE_ACCOUNTS or (kind == Kind.END_PROGRAMME and not may_end(state)):
        return Code.NOT_ENDED
    return Code.ACCEPTED


def begin_order(state: State, command: Row, result: Row) -> int:
    """Pay, receive or refund an order (R6)."""
    slot = command[Command.ORDER]
    if command[Command.KIND] == Kind.REFUND_ORDER:
        return begin_refund(state, command, result)
    if command[Command.KIND] == Kind.PAY_ORDER:
        code = may_pay_order(state, command, result)
        if code != Code.ACCEPTED:
            return code
        result[Result.NUMBER] = pay_order(state, command)
    else:
        code = may_receive_order(state, command)
        if code != Code.ACCEPTED:
            return code
        receive_order(state, slot)
    if matures_at_once(state, slot):
        state.due[0] = slot
        state.cursor[Cursor.DUE] = 1
        mature_together(state)
    return Code.ACCEPTED


def begin_refund(state: State, command: Row, result: Row) -> int:
    """Give an order's money back, early or late (R6.2, R6.4)."""
    code = may_refund_order(state, command, result)
    if code != Code.ACCEPTED:
        return code
    if state.orders[command[Command.ORDER]][Order.STATE] == OrderState.MATURED:
        return refund_late(state, command, result)
    refund_early(state, command, result)
    return Code.ACCEPTED


def begin_holding(state: State, command: Row, result: Row) -> int:
    """What a member does with points and cash (R3.3, R3.4, R8.1)."""
    kind = command[Command.KIND]
    if kind == Kind.WITHDRAW_CASH:
        return withdraw_cash(state, command, result)
    if kind == Kind.REDEEM_POINTS:
        return redeem(state, command, result)
    if kind == Kind.SPEND_POINTS:
        return spend(state, command, result)
    if kind == Kind.CONVERT_POINTS:
        return convert(state, command, result)
    return return_goods(state, command, result)


def begin_trading(state: State, command: Row, result: Row) -> int:
    """Coins, and what merchants do with them (R8.2, R8.3)."""
    kind = command[Command.KIND]
    if kind == Kind.SETTLE_MERCHANT:
        return settle_merchant(state, command, result)
    if kind == Kind.PAY_COINS:
        return pay_coins(state, command, result)
    if kind == Kind.REFUND_COINS:
        return refund_coins(state, command, result)
    if kind == Kind.EXCHANGE_COINS:
        return exchange(state, command, result)
    return redeem_merchant(state, command, result)


def begin_joining(state: State, command: Row, result: Row) -> int:
    """Members and merchants join, name their referrer, are linked (R4.3, R4.4)."""
    kind = command[Command.KIND]
    if kind == Kind.JOIN_MEMBER:
        code = join_member(state, command)
        result[Result.NUMBER] = state.members[command[Command.MEMBER]][Member.NUMBER]
        return code
    if kind == Kind.JOIN_MERCHANT:
        code = join_merchant(state, command)
        result[Result.NUMBER] = state.merchants[command[Command.MERCHANT]][Merchant.NUMBER]
        return code
    if kind == Kind.SET_REFERRER:
        return set_referrer(state, command)
    return link_party(state, command)


def begin_operating(state: State, command: Row, result: Row) -> int:
    """What the operator does (R2, R4.5, R6.4, R12)."""
    kind = command[Command.KIND]
    if kind == Kind.AWARD_FUNDED:
        return award_funded(state, command, result)
    if kind == Kind.FUND_TREASURY:
        return fund_treasury(state, command, result)
    if kind == Kind.RECORD_UNMATCHED:
        return record_unmatched(state, command, result)
    if kind == Kind.WITHDRAW_TREASURY:
        return withdraw_treasury(state, command, result)
    return begin_ending(state, command, result)


def begin_ending(state: State, command: Row, result: Row) -> int:
    """Amendments and the end (R2, R12); a kind that is no command is no valid number."""
    kind = command[Command.KIND]
    if kind == Kind.AMEND_PROGRAMME:
        return amend(state, command)
    if kind == Kind.ANNOUNCE_END:
        return announce_end(state, command)
    if kind == Kind.END_PROGRAMME:
        return end_programme(state, result)
    if kind != Kind.SETTLE_ACCOUNTS:
        return Code.AMOUNT_INVALID
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    return settle_accounts(state, command)
