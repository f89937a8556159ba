"""What the outside calls the accounts, orders and payments of some drafts: one query a kind."""

from collections.abc import Iterable, Sequence

from shareback.gateways.drafts import Draft
from shareback.gateways.telling import WITH_PAYMENT, Names
from shareback.journal.models import Identity, Movement, Order, Payment


def names_of(programme: int, alias: str, drafts: Sequence[Draft], tiers: tuple[str, ...]) -> Names:
    """Look up the names that some drafts need.

    Args:
        programme: The programme's number.
        alias: Which of Django's databases holds it.
        drafts: At most some hundreds.
        tiers: Names of the programme's tiers.
    """
    moved = [one.source for one in drafts if isinstance(one.source, Movement)]
    orders = orders_of(programme, alias, {one.order for one in drafts} - {0})
    payments = payments_of(
        programme, alias, {row.order for row in moved if row.kind in WITH_PAYMENT}
    )
    members = {row.member for row in moved}
    merchants = {row.merchant for row in moved} | {payer for _id, payer in payments.values()}
    for order in orders.values():
        members |= {order.member, order.referrer}
        merchants.add(order.merchant)
    return Names(
        ids_of(programme, alias, Identity.Kind.MEMBER, members),
        ids_of(programme, alias, Identity.Kind.MERCHANT, merchants),
        payments,
        orders,
        tiers,
    )


def orders_of(programme: int, alias: str, numbers: Iterable[int]) -> dict[int, Order]:
    """Orders by number."""
    rows = Order.objects.using(alias).filter(programme_id=programme, number__in=sorted(numbers))
    return {row.number: row for row in rows}


def payments_of(programme: int, alias: str, numbers: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Ids of payments, and the merchant that paid, by number."""
    rows = Payment.objects.using(alias).filter(programme_id=programme, number__in=sorted(numbers))
    return {row.number: (row.payment_id, row.payer_merchant) for row in rows}


def ids_of(
    programme: int, alias: str, kind: Identity.Kind, numbers: Iterable[int]
) -> dict[int, str]:
    """Outside ids of accounts by number; 0 is nobody's and has none."""
    rows = Identity.objects.using(alias).filter(
        programme_id=programme, kind=kind, number__in=sorted(set(numbers) - {0})
    )
    return dict(rows.values_list("number", "outside_id"))
