"""Payments that a mall tells of under the id of an order that is another's already.

A mall sends an order's events again and again, and what it edited since looks like this too. No
answer of ours would mend it: refused, it would come again for days, and then the mall would switch
the whole webhook off, and the money of every later order would be lost silently. So the event is
taken, nothing is done, and the operator is told: the row stays until somebody has looked.
"""

import hashlib
import json
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction

from shareback.api import amounts
from shareback.api.changes import note
from shareback.api.clients import now_us
from shareback.api.connectors.mapping import Act
from shareback.api.models import AccessChange, Conflict, Connection
from shareback.journal.models import Identity, Order


def is_another(programme: int, act: Act) -> bool:
    """Whether an order's payment is another than a mall tells: its buyer, seller or amount.

    What else an order may differ in (its profit, its category) no mall's event tells.
    """
    order = Order.objects.get(programme_id=programme, order_id=act.order_id)
    accounts = [
        (Identity.Kind.MEMBER, order.member, act.member_id),
        (Identity.Kind.MERCHANT, order.merchant, act.merchant_id),
    ]
    return order.paid != act.money_uyuan or any(
        number_of(programme, kind, told) != number for kind, number, told in accounts
    )


def number_of(programme: int, kind: Identity.Kind, outside_id: str) -> int:
    """The number of an account; 0 for nobody."""
    if outside_id == "":
        return 0
    rows = Identity.objects.filter(programme_id=programme, kind=kind, outside_id=outside_id)
    return rows.values_list("number", flat=True).first() or 0


def keep(connection: Connection, act: Act, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Keep a conflict, once however often it is told."""
    told = [connection.number, act.order_id, act.member_id, act.merchant_id, act.money_uyuan]
    row = Conflict(
        programme_id=connection.programme_id,
        digest=hashlib.sha256(json.dumps(told).encode()).digest(),
        at=now_us(),
        connection=connection.number,
        order_id=act.order_id,
        member_id=act.member_id,
        merchant_id=act.merchant_id,
        money=act.money_uyuan,
    )
    Conflict.objects.using(alias).bulk_create([row], ignore_conflicts=True)


def open_conflicts(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[dict[str, Any]]:
    """The conflicts that nobody has settled, the oldest first."""
    names = dict(
        Connection.objects.using(alias).filter(programme_id=programme).values_list("number", "name")
    )
    rows = Conflict.objects.using(alias).filter(programme_id=programme, settled_at=None)
    return [
        {
            "connection": names[row.connection],
            "order_id": row.order_id,
            "member_id": row.member_id,
            "merchant_id": row.merchant_id,
            "amount": amounts.money(row.money),
            "at": row.at,
        }
        for row in rows.order_by("at")
    ]


def settle(programme: int, order_id: str, alias: str = DEFAULT_DB_ALIAS, who: str = "") -> int:
    """Mark an order's conflicts as looked at; returns how many there were."""
    rows = Conflict.objects.using(alias).filter(
        programme_id=programme, order_id=order_id, settled_at=None
    )
    at = now_us()
    with transaction.atomic(using=alias):
        count = rows.update(settled_at=at)
        if count:
            what, given = AccessChange.What.CONFLICT_SETTLED, {"conflicts": count}
            note(programme, at, what, order_id, given, who, alias)
    return count
