"""Coins between members and merchants, and what merchants do with them (R8.2, R8.3)."""

from shareback.rules.accounts import member_is_unknown, merchant_is_unknown, note, pay_merchant
from shareback.rules.codes import Code
from shareback.rules.holding import may_refund_payment, open_payment, without_dust
from shareback.rules.layout import (
    Command,
    EffectKind,
    Head,
    Member,
    Merchant,
    Payment,
    Result,
    Row,
    State,
    Term,
)
from shareback.rules.ordering import result_shows
from shareback.rules.pool import burn
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import PPM, RANGE

__compiled__ = True


def give_member_coins(state: State, slot: int, coins: int) -> None:
    """Add coins to, or with a negative amount take them from, a member."""
    member = state.members[slot]
    member[Member.COINS] += coins
    member[Member.CHANGED] = 1
    state.head[Head.COINS_MEMBERS] += coins


def give_merchant_coins(state: State, slot: int, coins: int) -> None:
    """Add coins to, or with a negative amount take them from, a merchant."""
    merchant = state.merchants[slot]
    merchant[Merchant.COINS] += coins
    merchant[Merchant.CHANGED] = 1
    state.head[Head.COINS_MERCHANTS] += coins


def payer_is_unknown(state: State, command: Row) -> int:
    """``ACCEPTED`` where a coin payment names one payer, a member or a merchant."""
    if command[Command.PAYER] == 0:
        return Code.MEMBER_UNKNOWN if member_is_unknown(state, command) else Code.ACCEPTED
    if command[Command.MEMBER] != 0:
        return Code.MEMBER_UNKNOWN
    if state.merchants[command[Command.PAYER]][Merchant.NUMBER] == 0:
        return Code.MERCHANT_UNKNOWN
    return Code.ACCEPTED


def may_pay_coins(state: State, command: Row, result: Row) -> int:
    """Whether coins may be paid to a merchant (R8.2)."""
    coins = command[Command.AMOUNT]
    code = payer_is_unknown(state, command)
    if code != Code.ACCEPTED:
        return code
    if merchant_is_unknown(state, command):
        return Code.MERCHANT_UNKNOWN
    if coins <= 0:
        return Code.AMOUNT_INVALID
    if command[Command.PAYER] == command[Command.MERCHANT]:
        return Code.LINKED_PARTIES
    held = state.merchants[command[Command.PAYER]][Merchant.COINS]
    if command[Command.PAYER] == 0:
        held = state.members[command[Command.MEMBER]][Member.COINS]
    if coins > held:
        result_shows(result, held, coins)
        return Code.COINS_SHORT
    return Code.ACCEPTED


def pay_coins(state: State, command: Row, result: Row) -> int:
    """Move coins to a merchant for an order; earns nothing (R8.2, R4.1).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_pay_coins(state, command, result)
    if code != Code.ACCEPTED:
        return code
    coins = command[Command.AMOUNT]
    if command[Command.PAYER] == 0:
        give_member_coins(state, command[Command.MEMBER], -coins)
    else:
        give_merchant_coins(state, command[Command.PAYER], -coins)
    give_merchant_coins(state, command[Command.MERCHANT], coins)
    open_payment(state, command, coins)
    payment = state.payments[command[Command.PAYMENT]]
    payment[Payment.WITH_POINTS] = 0
    note(
        state,
        EffectKind.COINS_PAID,
        payment[Payment.PAYER_MEMBER],
        payment[Payment.MERCHANT],
        payment[Payment.NUMBER],
        0,
        0,
        0,
        coins,
    )
    result[Result.NUMBER] = payment[Payment.NUMBER]
    return Code.ACCEPTED


def may_refund_coins(state: State, command: Row, result: Row) -> int:
    """Whether coins may go back the way they came (R8.2, A27, A36)."""
    code = may_refund_payment(state, command, 0, result)
    if code != Code.ACCEPTED:
        return code
    payment = state.payments[command[Command.PAYMENT]]
    held = state.merchants[payment[Payment.MERCHANT_SLOT]][Merchant.COINS]
    if command[Command.AMOUNT] > held:
        result_shows(result, held, command[Command.AMOUNT])
        return Code.COINS_SHORT
    return Code.ACCEPTED


def refund_coins(state: State, command: Row, result: Row) -> int:
    """Give coins back to the payer of a payment (R8.2).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_refund_coins(state, command, result)
    if code != Code.ACCEPTED:
        return code
    payment, coins = state.payments[command[Command.PAYMENT]], command[Command.AMOUNT]
    give_merchant_coins(state, payment[Payment.MERCHANT_SLOT], -coins)
    if payment[Payment.PAYER_MEMBER] > 0:
        give_member_coins(state, payment[Payment.MEMBER_SLOT], coins)
    else:
        give_merchant_coins(state, payment[Payment.PAYER_SLOT], coins)
    payment[Payment.REFUNDED] += coins
    payment[Payment.CHANGED] = 1
    note(
        state,
        EffectKind.COINS_RETURNED,
        payment[Payment.PAYER_MEMBER],
        payment[Payment.MERCHANT],
        payment[Payment.NUMBER],
        0,
        0,
        0,
        coins,
    )
    return Code.ACCEPTED


def may_exchange(state: State, command: Row, result: Row) -> int:
    """Whether a merchant may turn coins into points out of escrow (R8.3)."""
    if merchant_is_unknown(state, command):
        return Code.MERCHANT_UNKNOWN
    head, coins = state.head, command[Command.AMOUNT]
    held = state.merchants[command[Command.MERCHANT]][Merchant.COINS]
    if coins <= 0:
        return Code.AMOUNT_INVALID
    if coins > held:
        result_shows(result, held, coins)
        return Code.COINS_SHORT
    if mul_div(coins, head[Head.SUPPLY], head[Head.RESERVE]) == 0:
        return Code.NOTHING_TO_PAY
    return Code.ACCEPTED


def exchange(state: State, command: Row, result: Row) -> int:
    """Retire a merchant's coins for points at today's price; their cost is remembered (R8.3).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_exchange(state, command, result)
    if code != Code.ACCEPTED:
        return code
    head, slot, coins = state.head, command[Command.MERCHANT], command[Command.AMOUNT]
    merchant = state.merchants[slot]
    points = mul_div(coins, head[Head.SUPPLY], head[Head.RESERVE])
    give_merchant_coins(state, slot, -coins)
    head[Head.COINS_RETIRED] += coins
    head[Head.POINTS_ESCROW] -= points
    head[Head.POINTS_MERCHANTS] += points
    merchant[Merchant.POINTS] += points
    merchant[Merchant.COST] += coins
    result[Result.POINTS] = points
    number = merchant[Merchant.NUMBER]
    note(state, EffectKind.COINS_EXCHANGED, 0, number, 0, points, 0, 0, coins)
    return Code.ACCEPTED


def may_redeem_merchant(state: State, command: Row, result: Row) -> int:
    """Whether a merchant may sell its points back (R8.3, R9)."""
    head, points = state.head, command[Command.AMOUNT]
    if state.terms[head[Head.TERMS]][Term.MONEY_OUT] == 0:
        return Code.PROFILE_FORBIDS
    if merchant_is_unknown(state, command):
        return Code.MERCHANT_UNKNOWN
    merchant = state.merchants[command[Command.MERCHANT]]
    if points <= 0:
        return Code.AMOUNT_INVALID
    if points > merchant[Merchant.POINTS]:
        result_shows(result, merchant[Merchant.POINTS], points)
        return Code.POINTS_SHORT
    gross = merchant_gross(state, command, merchant_points(state, command))
    if gross == 0:
        return Code.NOTHING_TO_PAY
    if gross >= RANGE - state.head[Head.REDEEMED]:
        result_shows(result, RANGE - state.head[Head.REDEEMED], gross)
        return Code.OUT_OF_RANGE
    return Code.ACCEPTED


def merchant_points(state: State, command: Row) -> int:
    """The points that leave a merchant, dust included (R3.6)."""
    head, merchant = state.head, state.merchants[command[Command.MERCHANT]]
    return without_dust(
        command[Command.AMOUNT],
        merchant[Merchant.POINTS],
        head[Head.RESERVE],
        head[Head.SUPPLY],
    )


def merchant_gross(state: State, command: Row, points: int) -> int:
    """What a merchant's points fetch before the fee: never more than they cost (R8.3)."""
    head, merchant = state.head, state.merchants[command[Command.MERCHANT]]
    worth = mul_div(points, head[Head.RESERVE], head[Head.SUPPLY])
    return min(worth, mul_div(merchant[Merchant.COST], points, merchant[Merchant.POINTS]))


def redeem_merchant(state: State, command: Row, result: Row) -> int:
    """Burn a merchant's points for at most their cost; what they gained stays in R (R8.3).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_redeem_merchant(state, command, result)
    if code != Code.ACCEPTED:
        return code
    head, slot = state.head, command[Command.MERCHANT]
    merchant = state.merchants[slot]
    points = merchant_points(state, command)
    gross = merchant_gross(state, command, points)
    fee = mul_div_up(gross, state.terms[head[Head.TERMS]][Term.FEE], PPM)
    merchant[Merchant.COST] -= mul_div(merchant[Merchant.COST], points, merchant[Merchant.POINTS])
    merchant[Merchant.POINTS] -= points
    head[Head.POINTS_MERCHANTS] -= points
    head[Head.REDEEMED] += gross
    burn(head, points, gross - fee)
    pay_merchant(state, slot, gross - fee)
    result[Result.POINTS] = points
    result[Result.MONEY] = gross
    result[Result.FEE] = fee
    number = merchant[Merchant.NUMBER]
    note(state, EffectKind.POINTS_REDEEMED, 0, number, 0, points, gross, gross - fee, 0)
    return Code.ACCEPTED


def settle_merchant(state: State, command: Row, result: Row) -> int:
    """Pay out what a merchant is owed; returns ``ACCEPTED`` or a refusal (R10)."""
    if merchant_is_unknown(state, command):
        return Code.MERCHANT_UNKNOWN
    money, slot = command[Command.AMOUNT], command[Command.MERCHANT]
    merchant = state.merchants[slot]
    if money <= 0:
        return Code.AMOUNT_INVALID
    if money > merchant[Merchant.PAYABLE]:
        result_shows(result, merchant[Merchant.PAYABLE], money)
        return Code.PAYABLE_SHORT
    pay_merchant(state, slot, -money)
    state.head[Head.BANK] -= money
    note(state, EffectKind.MERCHANT_SETTLED, 0, merchant[Merchant.NUMBER], 0, 0, 0, money, 0)
    return Code.ACCEPTED
