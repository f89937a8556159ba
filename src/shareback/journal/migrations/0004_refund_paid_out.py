"""A refund remembers what it paid out, so that who asks again gets the same answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_orders_by_account")]
    operations = [
        migrations.AddField(
            model_name="refund",
            name="paid_out",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
    ]
