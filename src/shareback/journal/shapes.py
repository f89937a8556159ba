"""Which columns of which table a batch reads and writes, and how wide they are."""

from typing import NamedTuple

from django.db import models

from shareback.journal.models import (
    AccountBlock,
    Answer,
    ClosedAccounts,
    Day,
    Event,
    Identity,
    LogTile,
    Maturity,
    Member,
    Merchant,
    Movement,
    Order,
    Payment,
    Refund,
    Touched,
)
from shareback.rules import layout

BYTES: dict[type, int] = {
    models.SmallIntegerField: 2,
    models.IntegerField: 4,
    models.BigIntegerField: 8,
}


class Shape(NamedTuple):
    """A table as a batch sees it: integers first, then texts and bytes.

    Attributes:
        table: Its name in the database.
        integers: Names of the integer columns, in the order of the rows; without the programme.
        widths: Their bytes, 2, 4 or 8.
        tail: Names of the text and bytes columns.
    """

    table: str
    integers: tuple[str, ...]
    widths: tuple[int, ...]
    tail: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, the programme first."""
        return ("programme_id", *self.integers, *self.tail)


def shape_of(model: type[models.Model]) -> Shape:
    """The shape of a model's table, in the order of its fields."""
    integers: list[str] = []
    widths: list[int] = []
    tail: list[str] = []
    for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented Meta API
        if field.name in ("programme", "pk"):
            continue
        width = BYTES.get(type(field))
        if width is None:
            tail.append(str(field.column))
        else:
            integers.append(str(field.column))
            widths.append(width)
    return Shape(model._meta.db_table, tuple(integers), tuple(widths), tuple(tail))  # noqa: SLF001


MEMBER = shape_of(Member)
MERCHANT = shape_of(Merchant)
ORDER = shape_of(Order)
MATURITY = shape_of(Maturity)
REFUND = shape_of(Refund)
PAYMENT = shape_of(Payment)
IDENTITY = shape_of(Identity)
EVENT = shape_of(Event)
DAY = shape_of(Day)
ANSWER = shape_of(Answer)
MOVEMENT = shape_of(Movement)
ACCOUNT_BLOCK = shape_of(AccountBlock)
LOG_TILE = shape_of(LogTile)
TOUCHED = shape_of(Touched)
CLOSED_ACCOUNTS = shape_of(ClosedAccounts)

MEMBER_STORED = layout.Member.WEIGHT
"""Columns of a member's row before this one are stored; the others follow from them."""

MERCHANT_STORED = layout.Merchant.CHANGED
ORDER_STORED = layout.Order.POINTS_BUYER
MATURITY_FIRST, MATURITY_END = layout.Order.POINTS_BUYER, layout.Order.MEMBER_SLOT
PAYMENT_STORED = layout.Payment.MEMBER_SLOT
