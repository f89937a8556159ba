"""Who can log in."""

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
