"""The audit trail is append-only for every role: the database refuses a change or removal."""

from typing import Any

from django.db import connections

REFUSED = "'the audit trail is append-only'"
TABLE = "console_auditentry"
SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_no_update BEFORE UPDATE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, {REFUSED}); END""",
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_no_delete BEFORE DELETE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, {REFUSED}); END""",
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_no_replace BEFORE INSERT ON {TABLE}
    WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, {REFUSED}); END""",  # noqa: S608 - two names of ours
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION {REFUSED}; END $$""",
    f"""CREATE OR REPLACE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE
    ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_append_only()""",
    f"""CREATE OR REPLACE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE
    ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()""",
)


def refuse_changes(using: str, **_signal: Any) -> None:  # noqa: ANN401 - of Django's signal
    """Set the triggers, whichever way the tables came (`mall.tables` makes them at once)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
