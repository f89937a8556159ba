"""Finding the people of a programme: by number, outside id, or phone."""

from collections.abc import Iterable

from shareback.console.keyset import whole
from shareback.journal.models import Identity, Member, Merchant
from shareback.mall.accounts.phones import PhoneUnreadable, read_phone
from shareback.mall.models import Membership
from shareback.mall.oscar.partner.models import Partner

NUMBER_MAX = (1 << 31) - 1


def numbered(typed: str) -> int | None:
    """An account's number that somebody typed."""
    number = whole(typed)
    return number if number is not None and 0 < number <= NUMBER_MAX else None


def outside_ids(programme: int, kind: int, numbers: Iterable[int]) -> dict[int, str]:
    """The outside ids of some accounts, by number."""
    rows = Identity.objects.filter(programme_id=programme, kind=kind, number__in=set(numbers))
    return dict(rows.values_list("number", "outside_id"))


def number_of_id(programme: int, kind: int, outside_id: str) -> int | None:
    """The number of the account that an outside id has."""
    rows = Identity.objects.filter(programme_id=programme, kind=kind, outside_id=outside_id)
    return rows.values_list("number", flat=True).first()


def find_members(programme: int, typed: str) -> list[int]:
    """The numbers of the members that somebody may mean: by phone, by id, by number."""
    found = [
        number_of_phone(programme, typed),
        number_of_id(programme, Identity.Kind.MEMBER, typed),
    ]
    number = numbered(typed)
    if number and Member.objects.filter(programme_id=programme, number=number).exists():
        found.append(number)
    return list(dict.fromkeys(one for one in found if one))


def find_merchants(programme: int, typed: str) -> list[int]:
    """The numbers of the merchants that somebody may mean."""
    found = [number_of_id(programme, Identity.Kind.MERCHANT, typed)]
    number = numbered(typed)
    if number and Merchant.objects.filter(programme_id=programme, number=number).exists():
        found.append(number)
    return list(dict.fromkeys(one for one in found if one))


def number_of_phone(programme: int, typed: str) -> int | None:
    """The number of the member whose user has a phone."""
    try:
        phone = read_phone(typed)
    except PhoneUnreadable:
        return None
    rows = Membership.objects.filter(programme_id=programme, user__phone=phone)
    return rows.values_list("number", flat=True).first()


def memberships(programme: int, ids: Iterable[str]) -> dict[int, Membership]:
    """The mall's accounts of some members by their outside ids, with their users, by number."""
    rows = Membership.objects.filter(programme_id=programme, member_id__in=set(ids))
    return {one.number: one for one in rows.select_related("user")}


def partners(programme: int, ids: Iterable[str]) -> dict[int, Partner]:
    """The mall's merchants by their outside ids, by number."""
    rows = Partner.objects.filter(programme_id=programme, merchant_id__in=set(ids))
    return {one.number: one for one in rows}
