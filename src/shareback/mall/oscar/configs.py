"""oscar's apps under our names.

Its own configurations import its storefront's views when Django starts; these leave them out, and
load only the receivers that keep its tables true.
"""

from importlib import import_module

from oscar.core.application import OscarConfig


class OscarApp(OscarConfig):  # type: ignore[misc] # oscar ships no types
    """One of oscar's apps without its pages."""

    default_auto_field = "django.db.models.BigAutoField"
    receivers = ""

    def ready(self) -> None:
        """Load what listens to signals."""
        if self.receivers:
            import_module(self.receivers)


class Address(OscarApp):
    """Addresses."""

    name, label = "shareback.mall.oscar.address", "address"


class Basket(OscarApp):
    """Baskets."""

    name, label = "shareback.mall.oscar.basket", "basket"


class Catalogue(OscarApp):
    """Goods."""

    name, label = "shareback.mall.oscar.catalogue", "catalogue"
    receivers = "oscar.apps.catalogue.receivers"


class Reviews(OscarApp):
    """What buyers say."""

    name, label = "shareback.mall.oscar.catalogue.reviews", "reviews"


class Communication(OscarApp):
    """Messages."""

    name, label = "shareback.mall.oscar.communication", "communication"


class Customer(OscarApp):
    """Customers."""

    name, label = "shareback.mall.oscar.customer", "customer"


class Offer(OscarApp):
    """Offers."""

    name, label = "shareback.mall.oscar.offer", "offer"
    receivers = "oscar.apps.offer.receivers"


class Order(OscarApp):
    """Orders."""

    name, label = "shareback.mall.oscar.order", "order"


class Partner(OscarApp):
    """Merchants."""

    name, label = "shareback.mall.oscar.partner", "partner"


class Payment(OscarApp):
    """Instruments."""

    name, label = "shareback.mall.oscar.payment", "payment"


class Shipping(OscarApp):
    """Shipping."""

    name, label = "shareback.mall.oscar.shipping", "shipping"


class Voucher(OscarApp):
    """Coupon codes."""

    name, label = "shareback.mall.oscar.voucher", "voucher"
    receivers = "oscar.apps.voucher.receivers"
