"""The console as Django knows it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsoleConfig(AppConfig):
    """The operator's pages and what they keep."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "shareback.console"
    label = "console"

    def ready(self) -> None:
        """Close the audit trail to changes wherever its table is made; put up the shop's pages."""
        from shareback.console.append_only import refuse_changes  # noqa: PLC0415 - apps are ready
        from shareback.console.shop.pages import register  # noqa: PLC0415 - as above

        post_migrate.connect(refuse_changes, sender=self)
        register()
