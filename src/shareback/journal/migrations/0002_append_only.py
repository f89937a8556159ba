"""The log is append-only for every role: a change or removal of an event is refused."""

from django.db import migrations

REFUSED = "'the journal is append-only'"
ONCE = "'the journal is append-only: an event is added once, and without a rowid'"
# What INSERT OR REPLACE removes fires no trigger of deletion: the row that has the new row's key,
# or the rowid that was given for it. Where none was given, SQLite shows -1.
REPLACES = """NEW.rowid <> -1 OR EXISTS (SELECT 1 FROM journal_event
    WHERE programme_id = NEW.programme_id AND sequence = NEW.sequence)"""
SQLITE = [
    f"""CREATE TRIGGER journal_event_no_update BEFORE UPDATE ON journal_event
    BEGIN SELECT RAISE(ABORT, {REFUSED}); END""",
    f"""CREATE TRIGGER journal_event_no_delete BEFORE DELETE ON journal_event
    BEGIN SELECT RAISE(ABORT, {REFUSED}); END""",
    f"""CREATE TRIGGER journal_event_no_replace BEFORE INSERT ON journal_event WHEN {REPLACES}
    BEGIN SELECT RAISE(ABORT, {ONCE}); END""",
]
POSTGRESQL = [
    f"""CREATE FUNCTION journal_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION {REFUSED}; END $$""",
    """CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON journal_event FOR EACH STATEMENT EXECUTE FUNCTION journal_event_append_only()""",
]


def refuse_changes(_apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def allow_changes(_apps, editor):
    if editor.connection.vendor == "sqlite":
        for verb in ("update", "delete", "replace"):
            editor.execute(f"DROP TRIGGER journal_event_no_{verb}")
    else:
        editor.execute("DROP FUNCTION journal_event_append_only() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
