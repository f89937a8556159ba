"""The log of events, what happened beside orders, and what was answered."""

from django.db import models
from django.db.models import Q

from shareback.journal.models.programme import OfProgramme


class Event(OfProgramme):
    """An entry of the log: canonical bytes, inputs only. Never changed, never removed."""

    pk = models.CompositePrimaryKey("programme", "sequence")
    sequence = models.BigIntegerField()
    body = models.BinaryField()


class Movement(OfProgramme):
    """Something that happened to an account beside its orders, for statements and notices."""

    pk = models.CompositePrimaryKey("programme", "sequence", "line")
    sequence = models.BigIntegerField()
    line = models.IntegerField()
    kind = models.SmallIntegerField()
    day = models.IntegerField()
    member = models.IntegerField()
    merchant = models.IntegerField()
    order = models.BigIntegerField()
    points = models.BigIntegerField()
    gross = models.BigIntegerField()
    money = models.BigIntegerField()
    coins = models.BigIntegerField()

    class Meta:
        """Found by the account that it concerns."""

        indexes = [
            models.Index(
                fields=["programme", "member", "sequence"],
                condition=Q(member__gt=0),
                name="movement_member",
            ),
            models.Index(
                fields=["programme", "merchant", "sequence"],
                condition=Q(merchant__gt=0),
                name="movement_merchant",
            ),
        ]


class Answer(OfProgramme):
    """The answer to a command that came with an idempotency key; kept for ever (A20, A21)."""

    pk = models.CompositePrimaryKey("programme", "key")
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    body = models.TextField()


class Import(OfProgramme):
    """How far an orders file has been imported, so that a run that was cut off goes on."""

    pk = models.CompositePrimaryKey("programme", "digest")
    digest = models.CharField(max_length=64)
    position = models.BigIntegerField()
    finished = models.BooleanField(default=False)
