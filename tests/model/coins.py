"""Redemptions, goods for points, coins, merchants and the treasury (R3.3, R3.4, R8)."""

from math import floor

from shareback.rules.codes import Code
from tests.model.pool import (
    burn,
    claim,
    credit_cash,
    mint,
    share_up,
    touch,
    whole_if_dust,
)
from tests.model.state import Member, Merchant, Payment, State, linked, refuse


def redeem_points(state: State, *, member: int, points: int) -> int:
    """R3.3: points into cash."""
    refuse(Code.PROFILE_FORBIDS, when=not state.parameters.money_out)
    seller = state.member(member)
    refuse(Code.AMOUNT_INVALID, when=points <= 0)
    refuse(Code.POINTS_SHORT, when=points > seller.points)
    touch(state, seller)
    given, gross = claim(state, seller, seller.points, points)
    pays = gross - share_up(gross, state.parameters.fee_ppm)
    seller.points -= given
    seller.used += gross
    state.redeemed += gross
    burn(state, given, pays)
    credit_cash(state, seller, pays)
    return 0


def spend_points(state: State, *, member: int, merchant: int, points: int, payment: int = 0) -> int:
    """R3.4: points into goods; the money is the merchant's."""
    buyer = state.member(member)
    shop = state.merchant(merchant)
    refuse(Code.AMOUNT_INVALID, when=points <= 0)
    refuse(Code.LINKED_PARTIES, when=linked(buyer, shop))
    refuse(Code.POINTS_SHORT, when=points > buyer.points)
    touch(state, buyer)
    given, gross = claim(state, buyer, buyer.points, points)
    pays = gross - share_up(gross, state.parameters.goods_fee_ppm)
    buyer.points -= given
    buyer.used += gross
    state.redeemed += gross
    burn(state, given, pays)
    shop.payable += pays
    return new_payment(
        state,
        payment,
        Payment(
            0, with_coins=False, payer_member=member, payer_merchant=0, merchant=merchant, paid=pays
        ),
    )


def new_payment(state: State, expected: int, made: Payment) -> int:
    """Number the payment and keep it."""
    made.number = len(state.payments) + 1
    assert expected in {0, made.number}, "payments are numbered in order of acceptance"
    state.payments[made.number] = made
    return made.number


def refund_points_payment(state: State, *, payment: int, money: int) -> int:
    """R8.2, D19: the merchant's money goes into R, points at today's price come back."""
    made = state.payment(payment, with_coins=False)
    buyer = state.members[made.payer_member]
    shop = state.merchants[made.merchant]
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    refuse(Code.REFUND_ABOVE_PAID, when=money > made.paid - made.refunded)
    refuse(Code.PAYABLE_SHORT, when=money > shop.payable)
    touch(state, buyer)
    points = floor(money / state.price)
    refuse(
        Code.SUPPLY_CAP_REACHED,
        when=points > max(0, state.cap - state.issued),
    )
    made.refunded += money
    shop.payable -= money
    buyer.used = max(0, buyer.used - money)
    buyer.points += points
    mint(state, points, money)
    return 0


def convert_points(state: State, *, member: int, points: int) -> int:
    """R8.1: points into escrow, coins for them."""
    converter = state.member(member)
    refuse(Code.AMOUNT_INVALID, when=points <= 0)
    refuse(Code.POINTS_SHORT, when=points > converter.points)
    touch(state, converter)
    given, gross = claim(state, converter, converter.points, points)
    converter.points -= given
    converter.used += gross
    converter.coins += gross
    state.points_escrow += given
    state.coins_issued += gross
    return 0


def pay_coins(
    state: State,
    *,
    payer_member: int,
    payer_merchant: int,
    merchant: int,
    coins: int,
    payment: int = 0,
) -> int:
    """R8.2: coins from a member or a merchant to a merchant; earns nothing."""
    refuse(Code.MEMBER_UNKNOWN, when=payer_member != 0 and payer_merchant != 0)
    payers: list[Member | Merchant] = []
    if payer_member or not payer_merchant:
        payers.append(state.member(payer_member))
    if payer_merchant:
        payers.append(state.merchant(payer_merchant))
    shop = state.merchant(merchant)
    refuse(Code.AMOUNT_INVALID, when=coins <= 0)
    refuse(Code.LINKED_PARTIES, when=payer_merchant == merchant)
    refuse(Code.COINS_SHORT, when=coins > payers[0].coins)
    payers[0].coins -= coins
    shop.coins += coins
    return new_payment(
        state,
        payment,
        Payment(
            0,
            with_coins=True,
            payer_member=payer_member,
            payer_merchant=payer_merchant,
            merchant=merchant,
            paid=coins,
        ),
    )


def payer_of(state: State, payer_member: int, payer_merchant: int) -> Member | Merchant:
    """Whose purse it is."""
    if payer_member:
        return state.members[payer_member]
    return state.merchants[payer_merchant]


def refund_coins(state: State, *, payment: int, coins: int) -> int:
    """R8.2: coins go back where they came from."""
    made = state.payment(payment, with_coins=True)
    shop = state.merchants[made.merchant]
    refuse(Code.AMOUNT_INVALID, when=coins <= 0)
    refuse(Code.REFUND_ABOVE_PAID, when=coins > made.paid - made.refunded)
    refuse(Code.COINS_SHORT, when=coins > shop.coins)
    made.refunded += coins
    shop.coins -= coins
    payer_of(state, made.payer_member, made.payer_merchant).coins += coins
    return 0


def exchange_coins(state: State, *, merchant: int, coins: int) -> int:
    """R8.3: coins into points out of escrow; the account remembers what they cost."""
    shop = state.merchant(merchant)
    refuse(Code.AMOUNT_INVALID, when=coins <= 0)
    refuse(Code.COINS_SHORT, when=coins > shop.coins)
    points = floor(coins / state.price)
    refuse(Code.NOTHING_TO_PAY, when=points == 0)
    assert points <= state.points_escrow, "the escrow does not cover the coins"
    shop.coins -= coins
    shop.points += points
    shop.cost += coins
    state.points_escrow -= points
    state.coins_retired += coins
    return 0


def redeem_merchant_points(state: State, *, merchant: int, points: int) -> int:
    """R8.3, D21: for their price, but at most for what they cost."""
    refuse(Code.PROFILE_FORBIDS, when=not state.parameters.money_out)
    shop = state.merchant(merchant)
    refuse(Code.AMOUNT_INVALID, when=points <= 0)
    refuse(Code.POINTS_SHORT, when=points > shop.points)
    given = whole_if_dust(state, shop.points, points)
    cost = shop.cost * given // shop.points
    worth = floor(given * state.price)
    gross = min(worth, cost)
    refuse(Code.NOTHING_TO_PAY, when=gross == 0)
    if cost < worth:
        state.seen["merchant's gain stays in R"] += 1
    pays = gross - share_up(gross, state.parameters.fee_ppm)
    shop.points -= given
    shop.cost -= cost
    shop.payable += pays
    state.redeemed += gross
    burn(state, given, pays)
    return 0


def fund_treasury(state: State, *, money: int) -> int:
    """The operator's own money comes in."""
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    state.free += money
    state.bank += money
    return 0


def withdraw_treasury(state: State, *, money: int, approvals: int) -> int:
    """From the free part alone (R10)."""
    refuse(Code.NEEDS_TWO_APPROVERS, when=approvals < 2)
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    refuse(Code.TREASURY_SHORT, when=money > state.free)
    state.free -= money
    state.bank -= money
    return 0


def withdraw_cash(state: State, *, member: int, money: int) -> int:
    """A member's cash balance is paid out."""
    owner = state.member(member)
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    touch(state, owner)
    refuse(Code.CASH_SHORT, when=money > owner.cash)
    owner.cash -= money
    state.bank -= money
    return 0


def settle_merchant(state: State, *, merchant: int, money: int) -> int:
    """A merchant's money is paid out."""
    shop = state.merchant(merchant)
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    refuse(Code.PAYABLE_SHORT, when=money > shop.payable)
    shop.payable -= money
    state.bank -= money
    return 0


def record_unmatched(state: State, *, money: int) -> int:
    """Money on the bank account that nobody can place: never R (A7)."""
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    state.suspense += money
    state.bank += money
    return 0
