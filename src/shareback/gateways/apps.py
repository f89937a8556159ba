"""The gateways as one of Django's apps: what is known of the outside world, never money."""

from django.apps import AppConfig


class GatewaysConfig(AppConfig):
    """Endpoints of webhooks, and what was sent to them."""

    name = "shareback.gateways"
    label = "gateways"
