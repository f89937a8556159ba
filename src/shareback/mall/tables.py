"""The mall's tables in a database that has none of them: made at once, from the models.

Django draws up its picture of all models anew at every step of a migration, and the shop's models
refer to each other so much that its first migrations take half a minute. They come to what the
models say (`makemigrations --check` holds them to it), so a database without them is given the
tables as they stand, and the migrations are marked as done; later ones run as usual.
"""

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

HEAVY = frozenset(
    {
        "address",
        "basket",
        "catalogue",
        "communication",
        "console",
        "customer",
        "mall",
        "offer",
        "order",
        "partner",
        "payment",
        "reviews",
        "shipping",
        "voucher",
    }
)
"""The apps whose first migrations are slow; nobody else's migrations wait for them."""


def make_tables(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Bring a database's tables up to date, whatever it has of them.

    Args:
        alias: Which of Django's databases.

    Raises:
        DatabaseError: The database does not take them.
    """
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    if any(app in HEAVY for app, _name in executor.loader.applied_migrations):
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=alias, verbosity=0)
        return
    light = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in HEAVY]
    executor.migrate(light)
    models = [
        model
        for app in sorted(HEAVY)
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001 - documented by Django
    ]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    for app, name in executor.loader.graph.nodes:
        if app in HEAVY:
            executor.recorder.record_applied(app, name)
    emit_post_migrate_signal(0, interactive=False, db=alias)
