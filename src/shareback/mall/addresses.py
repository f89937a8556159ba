"""Addresses as people in China write them, in oscar's columns for the whole world."""

from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from oscar.core.loading import get_model

from shareback.mall.accounts.models import User
from shareback.mall.faults import CannotBe

COLUMNS = {
    "name": "first_name",
    "phone": "phone_number",
    "province": "state",
    "city": "line4",
    "district": "line2",
    "detail": "line1",
}
"""The fields of a Chinese address, and oscar's column for each."""

ADDRESSES_MAX = 20
CHINA = "CN"


class Address(NamedTuple):
    """A Chinese address; the phone as E.164 writes it."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


def columns_of(address: Address) -> dict[str, str]:
    """An address in oscar's columns, for a user's as for an order's."""
    written = address._asdict()
    return {column: written[field] for field, column in COLUMNS.items()} | {"country_id": CHINA}


def address_of(row: Any) -> Address:  # noqa: ANN401 - oscar ships no types
    """What stands in oscar's columns, of a user's address or an order's."""
    return Address(*(str(getattr(row, COLUMNS[field]) or "") for field in Address._fields))


def of_user(user: User) -> QuerySet[Any]:
    """A user's addresses, the usual one first."""
    rows: QuerySet[Any] = get_model("address", "UserAddress").objects.filter(user=user)
    return rows.order_by("-is_default_for_shipping", "-pk")


def keep(user: User, address: Address, *, usual: bool, row: Any = None) -> Any:  # noqa: ANN401
    """Keep an address of a user, a new one or in the place of another.

    Args:
        user: Whose it is.
        address: What it says.
        usual: Whether parcels go there where nothing else is said.
        row: Which of the user's addresses it replaces.

    Raises:
        CannotBe: There are too many.
    """
    if row is None:
        if of_user(user).count() >= ADDRESSES_MAX:
            raise CannotBe("addresses_full")
        row = get_model("address", "UserAddress")(user=user)
    for column, value in columns_of(address).items():
        setattr(row, column, value)
    is_only_one = not of_user(user).exclude(pk=row.pk).exists()
    row.is_default_for_shipping = usual or is_only_one
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # oscar keeps each address once: it is there already.
        same = of_user(user).get(hash=row.generate_hash())
        if usual and not same.is_default_for_shipping:
            same.is_default_for_shipping = True
            same.save()
        return same
    return row
