"""A refund remembers what it paid out; a payment with points may leave its merchant nothing."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_orders_by_account")]
    operations = [
        migrations.AddField(
            model_name="refund",
            name="paid_out",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="payment", name="payment_refunds_within_amount"),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=Q(("amount__gte", F("refunded")), ("refunded__gte", 0)),
                name="payment_refunds_within_amount",
            ),
        ),
    ]
