"""Who can log in, and the codes that are on their way to their phones."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who can log in: a member, a merchant's people, the operator's people.

    Attributes:
        phone: As E.164 writes it, such as +8613800138000; empty for who has none.
        phone_verified: Whether a code sent there came back.
        name: What they want to be called.
        language: "zh" or "en".
    """

    phone = models.CharField(max_length=16, null=True, blank=True, unique=True)
    phone_verified = models.BooleanField(default=False)
    name = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=2, default="zh")


class LoginCode(models.Model):
    """How often a log-in code was tried; the code itself stands in the session that asked for it.

    A row of its own, since requests of one session run at the same time and know nothing of what
    the others write into it. It is gone once its code is worth nothing any more.

    Attributes:
        name: Which code: a random one, kept in the session beside it.
        tries: What was typed so far.
        made_at: When it was sent.
    """

    name = models.CharField(max_length=32, primary_key=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_index=True)
