"""The routers of the shop's API, in the order in which addresses are looked for.

Each module of `api.shop` has one `router`; a new one is listed here.
"""

from importlib import import_module

from ninja import Router

MODULES = (
    "session",
    "catalogue",
    "basket",
    "checkout",
    "orders",
    "addresses",
    "money",
    "invite",
    "merchant",
    "merchant_money",
    "merchant_orders",
)


def found() -> list[Router]:
    """The routers of the modules."""
    return [import_module(f"shareback.api.shop.{name}").router for name in MODULES]


ROUTERS = found()
