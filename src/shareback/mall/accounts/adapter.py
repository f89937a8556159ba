"""How accounts are kept: phones, codes, and how codes are sent."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from shareback.mall.accounts.codes import new_code, sender
from shareback.mall.accounts.models import User

API = "/api/"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts by phone number."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Accounts are opened by `login.PhoneLogin` alone, which joins the shop too."""
        return False

    def add_message(self, request: HttpRequest, *words: Any, **more: Any) -> None:  # noqa: ANN401
        """Programs have no place for a message of the next page."""
        if not request.path.startswith(API):
            super().add_message(request, *words, **more)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """A user's phone, and whether a code sent there came back."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:  # noqa: FBT001
        """Keep a user's phone."""
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """A code that was sent to a user's phone came back."""
        User.objects.filter(pk=user.pk, phone=phone).update(phone_verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whose phone it is."""
        return User.objects.filter(phone=phone).first()

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:  # noqa: ARG002
        """A code for a phone."""
        return new_code()

    def send_verification_code_sms(
        self, user: User, phone: str, code: str, **_more: object
    ) -> None:
        """Send a code to a user's phone."""
        sender().send(phone, code, user.language)
