"""The API as one of Django's apps: its tables are those of access, never of money."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Clients, their secrets, and the audit of what they wrote."""

    name = "shareback.api"
    label = "api"
