"""Answers that were given, so that the same request gets the same one again (A20)."""

from django.db import models

from shareback.journal.models import Programme


class KeptAnswer(models.Model):
    """The answer to a write that moves money, under its idempotency key.

    Attributes:
        scope: Whose key it is: a member's or a merchant's.
        request: SHA-256 of what was asked.
        body: The document, as JSON.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    scope = models.CharField(max_length=20)
    key = models.CharField(max_length=128)
    request = models.BinaryField(max_length=32)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once each."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "scope", "key"], name="kept_answer_once")
        ]
