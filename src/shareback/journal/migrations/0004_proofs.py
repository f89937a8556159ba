"""What proves the journal to others; every account that is there counts as touched."""

import django.db.models.deletion
from django.db import migrations, models


def touch_all(apps, editor):
    """Let the next close tell how all accounts stand that were there before."""
    alias = editor.connection.alias
    heads = apps.get_model("journal", "Programme").objects.using(alias)
    touched = apps.get_model("journal", "Touched").objects.using(alias)
    for head in heads.all():
        members, merchants = (
            b"".join(number.to_bytes(4, "big") for number in range(1, count + 1))
            for count in (head.members, head.merchants)
        )
        touched.create(
            programme_id=head.pk, sequence=head.sequence, members=members, merchants=merchants
        )


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0003_statements"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "level",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("place", models.IntegerField()),
                ("body", models.BinaryField()),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BalanceCheck",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "day",
                        "kind",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("kind", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClosedAccounts",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("sequence", models.BigIntegerField()),
                ("index", models.BigIntegerField()),
                ("reserve", models.BigIntegerField()),
                ("supply", models.BigIntegerField()),
                ("last_price", models.BigIntegerField()),
                ("members", models.BigIntegerField()),
                ("merchants", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("body", models.BinaryField()),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "day",
                        "witness",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("witness", models.CharField(max_length=200)),
                ("line", models.TextField()),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("origin", models.CharField(max_length=200)),
                ("public", models.BinaryField(max_length=32)),
                ("secret", models.BinaryField(max_length=32)),
                ("from_day", models.IntegerField()),
                ("retired_day", models.IntegerField(null=True)),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LogTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "level",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("place", models.BigIntegerField()),
                ("body", models.BinaryField(max_length=8192)),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "sequence",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sequence", models.BigIntegerField()),
                ("members", models.BinaryField()),
                ("merchants", models.BinaryField()),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Witness",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(max_length=500)),
                ("public", models.BinaryField(max_length=32)),
                ("seen", models.BigIntegerField(default=0)),
                ("fault", models.CharField(default="", max_length=200)),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("liabilities", models.BinaryField(max_length=160)),
                ("note", models.TextField()),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.programme",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "size"), name="checkpoint_once")
                ],
            },
        ),
        migrations.RunPython(touch_all, migrations.RunPython.noop),
    ]
