"""The mall as Django knows it."""

from django.apps import AppConfig


class MallConfig(AppConfig):
    """The shop's own tables beside oscar's."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "shareback.mall"
    label = "mall"
