"""The console as Django knows it."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The operator's pages and what they keep."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "shareback.console"
    label = "console"
