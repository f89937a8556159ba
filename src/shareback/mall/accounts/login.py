"""Logging in: by a code sent to a phone, or by password; on allauth's flows and its limits.

A phone that nobody has yet takes the same way as one that is known, from the first request to the
last, so that nobody learns from an answer who is a member. The account is opened once the code
has come back.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    perform_password_login,
    record_authentication,
)
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from shareback.mall.accounts.codes import new_code, sender
from shareback.mall.accounts.models import LoginCode, User
from shareback.mall.accounts.owners import owner_of
from shareback.mall.accounts.phones import PhoneUnreadable, read_phone
from shareback.mall.faults import CannotBe

STATE = "shop_phone_login"
NAME_BYTES = 16
RECENT_S = 900
"""Who has logged in by code within this time may set a password without the old one."""

__all__ = ["PhoneLogin", "change_password", "log_in_by_password", "log_out", "send_code", "verify"]


class PhoneLogin(AbstractCodeVerificationProcess):  # type: ignore[misc] # allauth ships no types
    """A code on its way to a phone and back, kept in the session of who asked for it.

    Its tries are counted in `LoginCode`, for all requests of the session together.
    """

    def __init__(self, request: HttpRequest, state: dict[str, object]) -> None:
        """Go on from a state."""
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
        )
        self.request = request

    def persist(self) -> None:
        """Keep the state."""
        self.request.session[STATE] = self.state

    def abort(self) -> None:
        """Let the code be worth nothing any more."""
        self.use_up()
        self.request.session.pop(STATE, None)

    def begin(self, code: str) -> None:
        """Take a new code; what was on its way before is worth nothing any more."""
        before = self.request.session.get(STATE, {}).get("name", "")
        over = timezone.now() - timedelta(seconds=self.timeout)
        LoginCode.objects.filter(name=before).delete()
        LoginCode.objects.filter(made_at__lt=over).delete()
        self.state.update(code=code, name=secrets.token_hex(NAME_BYTES))
        LoginCode.objects.create(name=self.state["name"], made_at=timezone.now())
        self.persist()

    def take_try(self) -> bool:
        """Whether one more may be compared; counted before it is, by the database."""
        rows = LoginCode.objects.filter(name=self.state.get("name"), tries__lt=self.max_attempts)
        return rows.update(tries=F("tries") + 1) == 1

    def use_up(self) -> bool:
        """Let nobody use the code again; whether it was there to be used."""
        return LoginCode.objects.filter(name=self.state.get("name")).delete()[0] == 1

    def send(self) -> None:
        """Sent by `send_code`, which knows the shop."""

    @classmethod
    def resume(cls, request: HttpRequest) -> "PhoneLogin | None":
        """The code that is on its way, if there is one and it still holds."""
        state = request.session.get(STATE)
        found: PhoneLogin | None = cls(request, state).abort_if_invalid() if state else None
        return found


def phone_of(text: str) -> str:
    """A phone as it is kept.

    Raises:
        CannotBe: It is none.
    """
    try:
        return read_phone(text)
    except PhoneUnreadable:
        raise CannotBe("phone_invalid") from None


def send_code(request: HttpRequest, typed: str, language: str) -> None:
    """Send a code to a phone, known or new.

    Args:
        request: Its session keeps the code.
        typed: The phone.
        language: "zh" or "en", of what is sent.

    Raises:
        CannotBe: It is no phone, or codes cannot be sent.
        RateLimited: Too many were asked for.
    """
    phone = phone_of(typed)
    sends = sender()
    ratelimit.consume(request, action="request_login_code", key=phone, raise_exception=True)
    code = new_code()
    PhoneLogin(request, PhoneLogin.initial_state(user=None, phone=phone)).begin(code)
    sends.send(phone, code, language)


def verify(request: HttpRequest, typed: str, code: str, language: str) -> User:
    """Log in the owner of a phone whose code has come back; a new one gets an account.

    Args:
        request: Its session holds the code.
        typed: The phone.
        code: As the member typed it.
        language: Of a new account.

    Raises:
        CannotBe: The code is wrong or over, or the account may not log in here.
        RateLimited: Too many were tried.
    """
    ratelimit.consume(request, action="login", raise_exception=True)
    phone = phone_of(typed)
    process = PhoneLogin.resume(request)
    if process is None or process.state.get("phone") != phone:
        raise CannotBe("code_wrong")
    is_right = process.take_try() and compare_user_code(actual=code, expected=process.code)
    # Of several requests that bring the right code one uses it up.
    if not is_right or not process.use_up():
        raise CannotBe("code_wrong")
    request.session.pop(STATE, None)
    user = owner_of(phone, language, verified=True)
    record_authentication(request, user, method="code", phone=phone)
    get_adapter().set_phone_verified(user, phone)
    user.phone_verified = True
    enter(request, user, lambda: perform_login(request, Login(user=user, phone=phone)))
    return user


def log_in_by_password(request: HttpRequest, login: str, password: str) -> User:
    """Log in by phone or user name, and password.

    Raises:
        CannotBe: They do not fit, or the account may not log in here.
        RateLimited: Too many were tried.
    """
    ratelimit.consume(request, action="login", raise_exception=True)
    credentials = {"username": login.strip(), "password": password}
    try:
        credentials["phone"] = read_phone(login)
        # One count of failures for a phone, however it is written.
        credentials["username"] = credentials["phone"]
    except PhoneUnreadable:
        pass
    try:
        user = get_adapter().authenticate(request, **credentials)
    except ValidationError:
        raise CannotBe("too_often") from None
    if not isinstance(user, User):
        raise CannotBe("login_wrong")
    one = Login(user=user)
    enter(request, user, lambda: perform_password_login(request, credentials, one))
    return user


def enter(request: HttpRequest, user: User, perform: Callable[[], object]) -> None:
    """Run a log-in through allauth's stages, and see that it has come to its end.

    Raises:
        CannotBe: The account is switched off, or a second factor is wanted, which the phone
            pages do not ask for.
    """
    if not user.is_active:
        clear_login(request)
        raise CannotBe("account_inactive")
    perform()
    if not request.user.is_authenticated or request.user.pk != user.pk:
        clear_login(request)
        raise CannotBe("second_factor")


def log_out(request: HttpRequest) -> None:
    """End the session."""
    logout(request, show_message=False)


def change_password(request: HttpRequest, user: User, password: str, current: str) -> None:
    """Set a password; with the present one, or soon after a log-in by code.

    Raises:
        CannotBe: The present one is wrong, or the new one too weak.
        RateLimited: Too many were tried.
    """
    ratelimit.consume(request, action="change_password", user=user, raise_exception=True)
    is_known = not user.has_usable_password() or came_by_code(request, user)
    if not is_known and not user.check_password(current):
        raise CannotBe("current_password_wrong")
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise CannotBe("password_weak", " ".join(fault.messages)) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)


def came_by_code(request: HttpRequest, user: User) -> bool:
    """Whether a code that was sent to the user's phone has come back not long ago."""
    since = timezone.now().timestamp() - RECENT_S
    return any(
        record["method"] == "code" and record["at"] >= since
        for record in get_authentication_records(request, user)
    )
