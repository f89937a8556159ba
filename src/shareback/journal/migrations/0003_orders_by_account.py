"""Orders are found by their buyer, and by who brought the buyer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["programme", "member", "number"], name="order_member"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("referrer__gt", 0)),
                fields=["programme", "referrer", "number"],
                name="order_referrer",
            ),
        ),
    ]
