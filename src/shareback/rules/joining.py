"""Members and merchants join, name their referrer, and are linked (R4.3, R4.4)."""

from shareback.rules.accounts import member_is_unknown
from shareback.rules.codes import Code
from shareback.rules.layout import Command, Head, Member, Merchant, Row, State

__compiled__ = True


def join_member(state: State, command: Row) -> int:
    """Open a member's account.

    ``OTHER`` is the slot of its referrer, or 0. A referrer has joined before, so that no chain
    of referrals can close (R4.3, A30).

    Returns:
        ``ACCEPTED`` or ``MEMBER_UNKNOWN``.
    """
    head, member = state.head, state.members[command[Command.MEMBER]]
    referrer = state.members[command[Command.OTHER]]
    if command[Command.OTHER] != 0 and referrer[Member.NUMBER] == 0:
        return Code.MEMBER_UNKNOWN
    if command[Command.PARTY] < 0:
        return Code.AMOUNT_INVALID
    head[Head.MEMBERS] += 1
    member[Member.NUMBER] = head[Head.MEMBERS]
    member[Member.REFERRER] = referrer[Member.NUMBER]
    member[Member.REFERRER_SLOT] = command[Command.OTHER]
    member[Member.PARTY] = command[Command.PARTY]
    member[Member.INDEX] = head[Head.INDEX]
    member[Member.PLACE] = -1
    member[Member.CHANGED] = 1
    return Code.ACCEPTED


def set_referrer(state: State, command: Row) -> int:
    """Name a member's referrer, once; orders paid before keep theirs (R4.3, A30, A31)."""
    member = state.members[command[Command.MEMBER]]
    referrer = state.members[command[Command.OTHER]]
    if member_is_unknown(state, command) or referrer[Member.NUMBER] == 0:
        return Code.MEMBER_UNKNOWN
    if member[Member.NUMBER] == referrer[Member.NUMBER]:
        return Code.SELF_REFERRAL
    if referrer[Member.NUMBER] > member[Member.NUMBER]:
        return Code.REFERRAL_CYCLE
    if member[Member.REFERRER] != 0:
        return Code.REFERRER_ALREADY_SET
    member[Member.REFERRER] = referrer[Member.NUMBER]
    member[Member.REFERRER_SLOT] = command[Command.OTHER]
    member[Member.CHANGED] = 1
    return Code.ACCEPTED


def join_merchant(state: State, command: Row) -> int:
    """Open a merchant's account."""
    if command[Command.PARTY] < 0:
        return Code.AMOUNT_INVALID
    head, merchant = state.head, state.merchants[command[Command.MERCHANT]]
    head[Head.MERCHANTS] += 1
    merchant[Merchant.NUMBER] = head[Head.MERCHANTS]
    merchant[Merchant.PARTY] = command[Command.PARTY]
    merchant[Merchant.CHANGED] = 1
    return Code.ACCEPTED


def link_party(state: State, command: Row) -> int:
    """Say which person, payee or identity stands behind a member or merchant (R4.4)."""
    member = state.members[command[Command.MEMBER]]
    merchant = state.merchants[command[Command.MERCHANT]]
    names_member = command[Command.MEMBER] != 0 or command[Command.MERCHANT] == 0
    if names_member and member[Member.NUMBER] == 0:
        return Code.MEMBER_UNKNOWN
    if command[Command.MERCHANT] != 0 and merchant[Merchant.NUMBER] == 0:
        return Code.MERCHANT_UNKNOWN
    if command[Command.PARTY] <= 0:
        return Code.AMOUNT_INVALID
    if member[Member.NUMBER] > 0:
        member[Member.PARTY] = command[Command.PARTY]
        member[Member.CHANGED] = 1
    if merchant[Merchant.NUMBER] > 0:
        merchant[Merchant.PARTY] = command[Command.PARTY]
        merchant[Merchant.CHANGED] = 1
    return Code.ACCEPTED
