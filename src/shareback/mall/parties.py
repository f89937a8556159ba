"""Who stands behind an account: a merchant, its owners and all else of theirs are one party."""

import secrets
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet

from shareback.engine import commands as cmd
from shareback.journal.models import Identity, Member, Merchant
from shareback.mall.accounts.models import User
from shareback.mall.engines import must, now_us
from shareback.mall.models import Membership, MerchantStaff, Shop
from shareback.mall.oscar.partner.models import Partner

PARTY_BITS = 52


def new_party() -> int:
    """A party that nobody is of yet."""
    return secrets.randbits(PARTY_BITS) | 1


def unite(programme: int, user: User) -> int:
    """Let all that a user stands behind be of one party (R4.4, A37); nobody is parted by it.

    Where a user brings two parties together, all accounts of both are of one from then on: the
    other owners of the user's merchants, and what these own besides.

    Args:
        programme: The programme's number.
        user: Who owns merchants in it, is a member, or both.

    Returns:
        The party; 0 where the user owns no merchant.

    Raises:
        Refused: The programme has ended.
    """
    # Whoever appoints an owner and whoever lets them join come one after the other.
    Shop.objects.select_for_update(no_key=True).get(programme_id=programme)
    owned = Partner.objects.filter(
        programme_id=programme, staff__user=user, staff__role=MerchantStaff.Role.OWNER
    )
    mine = {
        Identity.Kind.MERCHANT: set(owned.values_list("number", flat=True)),
        Identity.Kind.MEMBER: set(
            Membership.objects.filter(programme_id=programme, user=user).values_list(
                "number", flat=True
            )
        ),
    }
    if not mine[Identity.Kind.MERCHANT]:
        return 0
    parties = {
        party for kind, numbers in mine.items() for party in parties_of(programme, kind, numbers)
    }
    known = sorted(parties - {0})
    party = known[0] if known else new_party()
    moving = {
        kind: numbers | accounts_of(programme, kind, known[1:]) for kind, numbers in mine.items()
    }
    link(programme, moving, party)
    return party


def rows_of(programme: int, kind: Identity.Kind) -> QuerySet[Any]:
    """The accounts of one kind."""
    table = Member if kind == Identity.Kind.MEMBER else Merchant
    return table.objects.filter(programme_id=programme)


def parties_of(programme: int, kind: Identity.Kind, numbers: set[int]) -> set[int]:
    """The parties of some accounts; 0 among them where one has none."""
    rows = rows_of(programme, kind).filter(number__in=numbers)
    return set(rows.values_list("party", flat=True))


def accounts_of(programme: int, kind: Identity.Kind, parties: list[int]) -> set[int]:
    """The accounts of some parties, by their numbers."""
    if not parties:
        return set()
    rows = rows_of(programme, kind).filter(party__in=parties)
    return set(rows.values_list("number", flat=True))


def link(programme: int, accounts: dict[Identity.Kind, set[int]], party: int) -> None:
    """Tell the engine of accounts that are not of a party yet.

    Raises:
        Refused: The programme has ended.
    """
    ids = []
    for kind in (Identity.Kind.MEMBER, Identity.Kind.MERCHANT):
        rows = rows_of(programme, kind).filter(number__in=accounts[kind]).exclude(party=party)
        numbers = list(rows.values_list("number", flat=True))
        found = Identity.objects.filter(programme_id=programme, kind=kind, number__in=numbers)
        ids.append(list(found.order_by("number").values_list("outside_id", flat=True)))
    links: list[cmd.Command] = [
        cmd.LinkParty(now_us(), party, member, merchant)
        for member, merchant in zip_longest(*ids, fillvalue="")
    ]
    if links:
        must(programme, links)
