"""Statements are kept in pages, and refunds are found by the member whose order it was."""

import django.db.models.deletion
from django.db import migrations, models

MEMBER_OF_REFUND = """UPDATE journal_refund SET member = (
    SELECT o.member FROM journal_order o
    WHERE o.programme_id = journal_refund.programme_id AND o.number = journal_refund."order")"""
PROGRAMME = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "journal.programme",
}


def table(name, keys, columns):
    key = models.CompositePrimaryKey(
        "programme", *keys, blank=True, editable=False, primary_key=True, serialize=False
    )
    fields = [("pk", key), ("programme", models.ForeignKey(**PROGRAMME)), *columns]
    return migrations.CreateModel(name=name, fields=fields, options={"abstract": False})


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="refund",
            name="member",
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(MEMBER_OF_REFUND, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["programme", "member", "sequence"], name="refund_member"),
        ),
        table(
            "StatementMark",
            ["member"],
            [
                ("member", models.IntegerField()),
                ("layout", models.SmallIntegerField()),
                ("day", models.IntegerField()),
                ("entries", models.BigIntegerField()),
                ("account", models.BinaryField()),
                ("months", models.BinaryField()),
                ("waiting", models.BinaryField()),
                ("brought", models.BinaryField()),
            ],
        ),
        table(
            "StatementPage",
            ["member", "page"],
            [
                ("member", models.IntegerField()),
                ("page", models.BigIntegerField()),
                ("body", models.BinaryField()),
            ],
        ),
        table(
            "StatementDividends",
            ["member", "month"],
            [
                ("member", models.IntegerField()),
                ("month", models.IntegerField()),
                ("body", models.BinaryField()),
            ],
        ),
    ]
