"""The routers of the shop's API, in the order in which addresses are looked for.

Each module of `api.shop` has one `router`; a new one is listed here.
"""

from importlib import import_module

from django.urls import register_converter
from ninja import Router

from shareback.api.addresses import RowId

MODULES = (
    "session",
    "catalogue",
    "basket",
    "checkout",
    "orders",
    "addresses",
    "money",
    "papers",
    "proof",
    "invite",
)
OF_A_MERCHANT = (
    "merchant",
    "merchant_money",
    "merchant_quotes",
    "merchant_orders",
    "merchant_proof",
)
"""What a merchant's own people ask; below the merchant's address, which `of_staff` reads."""

SHOP = "/{slug:slug}"
MERCHANT = f"{SHOP}/merchant/{{id:merchant}}"

register_converter(RowId, "id")


def found(modules: tuple[str, ...]) -> list[Router]:
    """The routers of some modules."""
    return [import_module(f"shareback.api.shop.{name}").router for name in modules]


ROUTERS = [
    *((SHOP, router) for router in found(MODULES)),
    *((MERCHANT, router) for router in found(OF_A_MERCHANT)),
]
"""Each with the address below which it lies."""
