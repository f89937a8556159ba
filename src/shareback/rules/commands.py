"""Commands as rows of numbers, ready for `decide` and for a compiled batch.

Each function takes the open day first, then the slots that the command names (in a state made
by `blank_state` a slot is the number), then its amounts in the units of R1.
"""

from shareback.rules.kinds import Kind
from shareback.rules.layout import ABSENT, COMMAND_WIDTH, Command, Row


def row(kind: Kind, day: int, **columns: int) -> Row:
    """A command's row from the columns that it uses; the rest is 0."""
    command = [0] * COMMAND_WIDTH
    command[Command.KIND] = kind
    command[Command.DAY] = day
    for name, value in columns.items():
        command[Command[name.upper()]] = value
    return command


def join_member(day: int, member: int, referrer: int = 0, party: int = 0) -> Row:
    """Open an account in the slot ``member``."""
    return row(Kind.JOIN_MEMBER, day, member=member, other=referrer, party=party)


def set_referrer(day: int, member: int, referrer: int) -> Row:
    """Name a member's referrer."""
    return row(Kind.SET_REFERRER, day, member=member, other=referrer)


def join_merchant(day: int, merchant: int, party: int = 0) -> Row:
    """Open a merchant's account in the slot ``merchant``."""
    return row(Kind.JOIN_MERCHANT, day, merchant=merchant, party=party)


def link_party(day: int, member: int, merchant: int, party: int) -> Row:
    """Say who stands behind a member, a merchant, or both."""
    return row(Kind.LINK_PARTY, day, member=member, merchant=merchant, party=party)


def pay_order(
    day: int,
    order: int,
    member: int,
    merchant: int,
    paid_uyuan: int,
    backing_ppm: int,
    profit_uyuan: int = ABSENT,
    received: int = 0,
) -> Row:
    """Pay an order; ``received`` is 1 where it was received at once."""
    return row(
        Kind.PAY_ORDER,
        day,
        order=order,
        member=member,
        merchant=merchant,
        amount=paid_uyuan,
        second=profit_uyuan,
        rate=backing_ppm,
        flag=received,
    )


def receive_order(day: int, order: int) -> Row:
    """Mark an order as received."""
    return row(Kind.RECEIVE_ORDER, day, order=order)


def refund_order(day: int, order: int, money_uyuan: int, approvals: int = 0) -> Row:
    """Give back money of an order."""
    return row(Kind.REFUND_ORDER, day, order=order, amount=money_uyuan, flag=approvals)


def redeem_points(day: int, member: int, points: int) -> Row:
    """Sell points back for money."""
    return row(Kind.REDEEM_POINTS, day, member=member, amount=points)


def spend_points(day: int, payment: int, member: int, merchant: int, points: int) -> Row:
    """Pay for goods with points."""
    return row(
        Kind.SPEND_POINTS, day, payment=payment, member=member, merchant=merchant, amount=points
    )


def refund_points_payment(day: int, payment: int, money_uyuan: int) -> Row:
    """Give back goods that were paid with points."""
    return row(Kind.REFUND_POINTS_PAYMENT, day, payment=payment, amount=money_uyuan)


def convert_points(day: int, member: int, points: int) -> Row:
    """Turn points into coins."""
    return row(Kind.CONVERT_POINTS, day, member=member, amount=points)


def pay_coins(day: int, payment: int, member: int, payer: int, merchant: int, coins: int) -> Row:
    """Pay coins to a merchant, from a member or (``member`` = 0) from another merchant."""
    return row(
        Kind.PAY_COINS,
        day,
        payment=payment,
        member=member,
        payer=payer,
        merchant=merchant,
        amount=coins,
    )


def refund_coins(day: int, payment: int, coins: int) -> Row:
    """Give coins back to their payer."""
    return row(Kind.REFUND_COINS, day, payment=payment, amount=coins)


def exchange_coins(day: int, merchant: int, coins: int) -> Row:
    """Turn a merchant's coins into points."""
    return row(Kind.EXCHANGE_COINS, day, merchant=merchant, amount=coins)


def redeem_merchant_points(day: int, merchant: int, points: int) -> Row:
    """Sell a merchant's points back."""
    return row(Kind.REDEEM_MERCHANT_POINTS, day, merchant=merchant, amount=points)


def award_funded(day: int, member: int, funder: int, money_uyuan: int, value_uyuan: int) -> Row:
    """Pay for points for a member; ``funder`` 0 is the treasury."""
    return row(
        Kind.AWARD_FUNDED,
        day,
        member=member,
        merchant=funder,
        amount=money_uyuan,
        second=value_uyuan,
    )


def fund_treasury(day: int, money_uyuan: int) -> Row:
    """Put the operator's own money into the free treasury."""
    return row(Kind.FUND_TREASURY, day, amount=money_uyuan)


def withdraw_treasury(day: int, money_uyuan: int, approvals: int) -> Row:
    """Take money out of the free treasury."""
    return row(Kind.WITHDRAW_TREASURY, day, amount=money_uyuan, flag=approvals)


def withdraw_cash(day: int, member: int, money_uyuan: int) -> Row:
    """Pay a member's cash out."""
    return row(Kind.WITHDRAW_CASH, day, member=member, amount=money_uyuan)


def settle_merchant(day: int, merchant: int, money_uyuan: int) -> Row:
    """Pay out what a merchant is owed."""
    return row(Kind.SETTLE_MERCHANT, day, merchant=merchant, amount=money_uyuan)


def record_unmatched(day: int, money_uyuan: int) -> Row:
    """Book money that came without an order."""
    return row(Kind.RECORD_UNMATCHED, day, amount=money_uyuan)


def close_day(day: int) -> Row:
    """Close the open day; the state's ``due`` names the orders that mature."""
    return row(Kind.CLOSE_DAY, day)


def amend_programme(day: int, from_day: int, version: int, approvals: int) -> Row:
    """Bring a later version of the terms into force from a future day."""
    return row(Kind.AMEND_PROGRAMME, day, amount=from_day, second=version, flag=approvals)


def announce_end(day: int, end_day: int, approvals: int) -> Row:
    """Announce the end of the programme."""
    return row(Kind.ANNOUNCE_END, day, amount=end_day, flag=approvals)


def end_programme(day: int) -> Row:
    """End the programme."""
    return row(Kind.END_PROGRAMME, day)


def settle_accounts(day: int, first_member: int, last_member: int) -> Row:
    """Pay the members from one slot to another after the end."""
    return row(Kind.SETTLE_ACCOUNTS, day, member=first_member, other=last_member)
