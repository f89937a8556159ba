"""People: who is a member of which programme, and who serves which merchant."""

from django.db import models

from shareback.journal.models import Programme
from shareback.mall.accounts.models import User


class Membership(models.Model):
    """A user's account in one programme.

    Attributes:
        member_id: Its id in the journal, which tells nothing of the user.
        number: Its account there.
        invite_code: By which others are invited.
        invited_by: Who brought this member; frozen in the journal at each order (R4.3).
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    member_id = models.CharField(max_length=200)
    number = models.IntegerField()
    invite_code = models.CharField(max_length=16)
    invited_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="invited"
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One account a user and programme; one user a code."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "user"], name="membership_once"),
            models.UniqueConstraint(fields=["programme", "member_id"], name="membership_id"),
            models.UniqueConstraint(fields=["programme", "invite_code"], name="membership_code"),
        ]


class MerchantStaff(models.Model):
    """Somebody who serves a merchant."""

    class Role(models.TextChoices):
        """What they may do there."""

        OWNER = "owner"
        CLERK = "clerk"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="serves")
    partner = models.ForeignKey("partner.Partner", on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CLERK)

    class Meta:
        """Once each."""

        constraints = [
            models.UniqueConstraint(fields=["partner", "user"], name="merchant_staff_once")
        ]


class ShopFollow(models.Model):
    """A member who follows a merchant's shop."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="follows")
    partner = models.ForeignKey(
        "partner.Partner", on_delete=models.CASCADE, related_name="followers"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once each."""

        constraints = [
            models.UniqueConstraint(fields=["membership", "partner"], name="shop_follow_once")
        ]
