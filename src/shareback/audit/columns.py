"""How a command's row and a logged event's fields stand to each other, kind by kind.

A field of an event is a lasting number (of the member in a slot, say) or an amount that the row
holds as it is. One table serves both ways: events are made of rows after a batch, and rows of
events when a log is replayed.
"""

from typing import Literal, NamedTuple, TypeAlias

from shareback.rules.kinds import Kind
from shareback.rules.layout import Command

Table: TypeAlias = Literal["members", "merchants", "orders", "payments", ""]


class Field(NamedTuple):
    """A field of an event: the command's column, and the table whose slot stands there."""

    column: Command
    table: Table = ""


MEMBER = Field(Command.MEMBER, "members")
OTHER = Field(Command.OTHER, "members")
MERCHANT = Field(Command.MERCHANT, "merchants")
PAYER = Field(Command.PAYER, "merchants")
ORDER = Field(Command.ORDER, "orders")
PAYMENT = Field(Command.PAYMENT, "payments")
AMOUNT = Field(Command.AMOUNT)
SECOND = Field(Command.SECOND)
RATE = Field(Command.RATE)
FLAG = Field(Command.FLAG)
PARTY = Field(Command.PARTY)

COLUMNS: dict[Kind, tuple[Field, ...]] = {
    Kind.JOIN_MEMBER: (MEMBER, OTHER, PARTY),
    Kind.SET_REFERRER: (MEMBER, OTHER),
    Kind.JOIN_MERCHANT: (MERCHANT, PARTY),
    Kind.PAY_ORDER: (ORDER, MEMBER, MERCHANT, AMOUNT, SECOND, RATE, FLAG),
    Kind.RECEIVE_ORDER: (ORDER,),
    Kind.REFUND_ORDER: (ORDER, AMOUNT, FLAG),
    Kind.REDEEM_POINTS: (MEMBER, AMOUNT),
    Kind.SPEND_POINTS: (PAYMENT, MEMBER, MERCHANT, AMOUNT),
    Kind.REFUND_POINTS_PAYMENT: (PAYMENT, AMOUNT),
    Kind.CONVERT_POINTS: (MEMBER, AMOUNT),
    Kind.PAY_COINS: (PAYMENT, MEMBER, PAYER, MERCHANT, AMOUNT),
    Kind.REFUND_COINS: (PAYMENT, AMOUNT),
    Kind.EXCHANGE_COINS: (MERCHANT, AMOUNT),
    Kind.REDEEM_MERCHANT_POINTS: (MERCHANT, AMOUNT),
    Kind.AWARD_FUNDED: (MEMBER, MERCHANT, AMOUNT, SECOND),
    Kind.FUND_TREASURY: (AMOUNT,),
    Kind.WITHDRAW_TREASURY: (AMOUNT, FLAG),
    Kind.WITHDRAW_CASH: (MEMBER, AMOUNT),
    Kind.SETTLE_MERCHANT: (MERCHANT, AMOUNT),
    Kind.RECORD_UNMATCHED: (AMOUNT,),
    Kind.CLOSE_DAY: (),
    Kind.AMEND_PROGRAMME: (AMOUNT, FLAG),
    Kind.ANNOUNCE_END: (AMOUNT, FLAG),
    Kind.END_PROGRAMME: (),
    Kind.SETTLE_ACCOUNTS: (MEMBER, OTHER),
    Kind.LINK_PARTY: (MEMBER, MERCHANT, PARTY),
}
