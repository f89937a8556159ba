"""The log is append-only for every role: a change or removal of an event is refused."""

from django.db import migrations

REFUSED = "'the journal is append-only'"
SQLITE = [
    f"CREATE TRIGGER journal_event_no_{verb} BEFORE {verb} ON journal_event BEGIN {stop} END"
    for verb, stop in [(verb, f"SELECT RAISE(ABORT, {REFUSED});") for verb in ("UPDATE", "DELETE")]
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
        editor.execute("DROP TRIGGER journal_event_no_update")
        editor.execute("DROP TRIGGER journal_event_no_delete")
    else:
        editor.execute("DROP FUNCTION journal_event_append_only() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
