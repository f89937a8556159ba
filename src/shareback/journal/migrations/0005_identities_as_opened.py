"""An account keeps the referrer and the party with which it was opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_payments_and_refunds")]
    operations = [
        migrations.AddField(
            model_name="identity",
            name="party",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="identity",
            name="referrer",
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
    ]
