"""Who takes part: members, merchants, referrers, parties (R4)."""

from shareback.rules.codes import Code
from tests.model.state import Member, Merchant, State, refuse


def join_member(state: State, *, referrer: int = 0, party: int = 0, member: int = 0) -> int:
    """A member, numbered in order of acceptance; a referrer must be there already (D12)."""
    if referrer:
        state.member(referrer)
    number = len(state.members) + 1
    assert member in {0, number}, "members are numbered in order of acceptance"
    state.members[number] = Member(number, referrer, party, index=state.index)
    return number


def set_referrer(state: State, *, member: int, referrer: int) -> int:
    """Once, and to somebody who joined earlier: so no ring can close (R4.3, D12)."""
    referred = state.member(member)
    state.member(referrer)
    refuse(Code.SELF_REFERRAL, when=referrer == member)
    refuse(Code.REFERRAL_CYCLE, when=referrer > member)
    refuse(Code.REFERRER_ALREADY_SET, when=referred.referrer != 0)
    referred.referrer = referrer
    return 0


def join_merchant(state: State, *, party: int = 0, merchant: int = 0) -> int:
    """A merchant, numbered in order of acceptance."""
    number = len(state.merchants) + 1
    assert merchant in {0, number}, "merchants are numbered in order of acceptance"
    state.merchants[number] = Merchant(number, party)
    return number


def link_party(state: State, *, member: int, merchant: int, party: int) -> int:
    """A member, a merchant or both are found to be the same party (R4.4)."""
    person = state.member(member) if member or not merchant else None
    shop = state.merchant(merchant) if merchant else None
    refuse(Code.AMOUNT_INVALID, when=party <= 0)
    for account in (person, shop):
        if account is not None:
            account.party = party
    return 0
