"""Whose a phone is: an account is found by it, and made for it."""

import secrets

from django.db import IntegrityError, transaction

from shareback.mall.accounts.models import User


def owner_of(phone: str, language: str = "", *, verified: bool = False) -> User:
    """Whose phone it is; a new account where it is nobody's, which logs in by a code sent there.

    Args:
        phone: As `phones.read_phone` gives it.
        language: Of a new account, "zh" or "en"; the usual one where it is empty.
        verified: Whether the owner has shown that they read what is sent there.
    """
    found = User.objects.filter(phone=phone).first()
    if found is not None:
        return found
    spoken = {"language": language} if language else {}
    made = User(username=f"u{secrets.token_hex(8)}", phone=phone, phone_verified=verified, **spoken)
    made.set_unusable_password()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        # Another request with the same phone was faster.
        return User.objects.get(phone=phone)
    return made
