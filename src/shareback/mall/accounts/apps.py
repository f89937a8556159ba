"""Accounts as Django knows them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who can log in; an app of its own, since so much refers to it."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "shareback.mall.accounts"
    label = "accounts"
