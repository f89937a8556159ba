"""The columns of a programme's head, as the rules name them; shared by head and daily figures."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from shareback.rules.layout import Head

HEAD_COLUMNS = tuple(column.name.lower() for column in Head)
"""Names of the head's columns, in the order of `layout.Head`."""

MONEY_ACCOUNTS = HEAD_COLUMNS[: Head.BANK]


def number() -> Any:  # noqa: ANN401 - django-stubs gives a field two types, set and got
    """A column that holds one 64-bit integer of the head."""
    return models.BigIntegerField()


class HeadColumns(models.Model):
    """The figures of `layout.Head`; units are those of R1."""

    reserve = number()
    order_escrow = number()
    pot = number()
    payable = number()
    cash = number()
    merchant_payable = number()
    free = number()
    bound = number()
    suspense = number()
    coins_owed = number()
    bank = number()
    points_members = number()
    points_merchants = number()
    points_escrow = number()
    issued = number()
    burned = number()
    coins_members = number()
    coins_merchants = number()
    coins_issued = number()
    coins_retired = number()
    supply = number()
    last_price = number()
    index = number()
    weight = number()
    quota_granted = number()
    quota_pending = number()
    quota_open = number()
    receivables = number()
    bound_drawn = number()
    treasury_funded = number()
    dividends_in = number()
    dividends_credited = number()
    redeemed = number()
    exits = number()
    members = number()
    merchants = number()
    orders = number()
    payments = number()
    orders_pending = number()
    orders_matured = number()
    orders_refunded = number()
    day = number()
    terms = number()
    phase = number()
    end_day = number()
    final_reserve = number()
    final_supply = number()
    accounts_settled = number()
    sequence = number()

    class Meta:
        """No table of its own."""

        abstract = True

    def figures(self) -> list[int]:
        """The row as the rules take it."""
        return [getattr(self, name) for name in HEAD_COLUMNS]


def total(names: tuple[str, ...]) -> F:
    """The sum of columns, as an expression of the database."""
    first, *others = (F(name) for name in names)
    for other in others:
        first = first + other  # type: ignore[assignment]
    return first


def books_constraints(table: str) -> list[models.BaseConstraint]:
    """R10 once more, by the database: no account below zero, and each unit's accounts add up."""
    above_zero = Q(*[(f"{name}__gte", 0) for name in HEAD_COLUMNS[: Head.LAST_PRICE]])
    return [
        models.CheckConstraint(condition=above_zero, name=f"{table}_accounts_above_zero"),
        models.CheckConstraint(
            condition=Q(bank=total(MONEY_ACCOUNTS)), name=f"{table}_bank_is_its_accounts"
        ),
        models.CheckConstraint(
            condition=Q(supply=total(("points_members", "points_merchants", "points_escrow"))),
            name=f"{table}_supply_is_its_holders",
        ),
        models.CheckConstraint(
            condition=Q(issued=total(("supply", "burned"))),
            name=f"{table}_issued_is_supply_and_burned",
        ),
        models.CheckConstraint(
            condition=Q(coins_issued=total(("coins_members", "coins_merchants", "coins_retired"))),
            name=f"{table}_coins_are_their_holders",
        ),
    ]
