"""The journal as Django's app registry knows it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The tables of programmes, their accounts and their events."""

    name = "shareback.journal"
    label = "journal"
    # Every primary key begins with the programme, so models name theirs; this is for none.
    default_auto_field = "django.db.models.BigAutoField"
