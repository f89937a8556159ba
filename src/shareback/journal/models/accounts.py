"""The accounts of members and merchants, and whose they are."""

from django.db import models
from django.db.models import F, Q

from shareback.journal.models.programme import OfProgramme


class Member(OfProgramme):
    """A member's account."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    points = models.BigIntegerField()
    cash = models.BigIntegerField()
    coins = models.BigIntegerField()
    quota = models.BigIntegerField()
    used = models.BigIntegerField()
    index = models.BigIntegerField()
    tier = models.SmallIntegerField()
    earned = models.BigIntegerField()
    dividends = models.BigIntegerField()
    receivable = models.BigIntegerField()
    receivable_treasury = models.BigIntegerField()
    referrer = models.IntegerField()
    party = models.BigIntegerField()
    key = models.BigIntegerField()
    retier = models.SmallIntegerField()

    class Meta:
        """Exits and tier changes are found through an index, never by a scan (R5.2)."""

        indexes = [
            models.Index(
                fields=["programme", "tier", "key", "number"],
                condition=Q(points__gt=0),
                name="member_exits",
            ),
            models.Index(
                fields=["programme", "number"], condition=Q(retier=1), name="member_retier"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, cash__gte=0, coins__gte=0, used__gte=0),
                name="member_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(receivable_treasury__gte=0, receivable__gte=F("receivable_treasury")),
                name="member_receivable",
            ),
        ]


class Merchant(OfProgramme):
    """A merchant's account."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    points = models.BigIntegerField()
    cost = models.BigIntegerField()
    coins = models.BigIntegerField()
    payable = models.BigIntegerField()
    party = models.BigIntegerField()

    class Meta:
        """Nothing is ever owed by a merchant's account."""

        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, cost__gte=0, coins__gte=0, payable__gte=0),
                name="merchant_above_zero",
            )
        ]


class Identity(OfProgramme):
    """The outside id of a member or merchant, and the salt of its commitments.

    Erasing the salt leaves every root of the log as it is, and every commitment unopenable.
    ``referrer`` and ``party`` are those with which the account was opened: whoever opens it once
    more must say the same (A20), whatever has been said since.
    """

    class Kind(models.IntegerChoices):
        """Whose id it is."""

        MEMBER = 1
        MERCHANT = 2

    pk = models.CompositePrimaryKey("programme", "kind", "number")
    kind = models.SmallIntegerField(choices=Kind.choices)
    number = models.IntegerField()
    referrer = models.IntegerField()
    party = models.BigIntegerField()
    outside_id = models.CharField(max_length=200)
    salt = models.BinaryField(max_length=16)

    class Meta:
        """One account an id."""

        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "outside_id"], name="identity_once"
            )
        ]
