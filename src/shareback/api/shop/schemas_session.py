"""The documents of logging in and of who is logged in."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shareback.api.shop.schemas import Language, Taken, example

Phone = Annotated[str, Field(min_length=5, max_length=24)]
InviteCode = Annotated[str, Field(max_length=16)]


class UserOut(BaseModel):
    """Who is logged in."""

    name: Annotated[str, Field(examples=["李雷"])]
    phone: Annotated[str, Field(examples=["138****8000"])]
    language: Language
    has_password: bool


class MemberRef(BaseModel):
    """Their account in this shop's programme."""

    number: Annotated[int, Field(examples=[1_204])]
    invite_code: Annotated[str, Field(examples=["P5GSTKX2"])]
    tier: Annotated[str, Field(examples=["银卡"])]


class ServedOut(BaseModel):
    """A merchant of this shop that they serve."""

    id: Annotated[int, Field(examples=[3])]
    name: Annotated[str, Field(examples=["青岗酒庄"])]
    role: Literal["owner", "clerk"]


class SessionOut(BaseModel):
    """The session: ``csrf`` goes into the header X-CSRFToken of every write."""

    csrf: str
    user: UserOut | None
    member: MemberRef | None
    merchants: list[ServedOut]


class CodeIn(Taken):
    """Ask for a code."""

    model_config = example(phone="13800138000")
    phone: Phone


class VerifyIn(Taken):
    """Send a code back; ``invite`` counts for who is new."""

    model_config = example(phone="13800138000", code="482913", invite="P5GSTKX2")
    phone: Phone
    code: Annotated[str, Field(min_length=1, max_length=12)]
    invite: InviteCode = ""


class PasswordLoginIn(Taken):
    """Log in by phone or user name, and password."""

    model_config = example(login="13800138000", password="correct horse battery")  # noqa: S106
    login: Annotated[str, Field(min_length=1, max_length=150)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class JoinIn(Taken):
    """Join this shop's programme with the account that is logged in."""

    model_config = example(invite="P5GSTKX2")
    invite: InviteCode = ""


class SettingsOut(BaseModel):
    """What a member can set."""

    name: Annotated[str, Field(examples=["李雷"])]
    language: Language


class SettingsIn(Taken):
    """What is named is changed."""

    model_config = example(name="李雷", language="zh")
    name: Annotated[str, Field(max_length=60)] | None = None
    language: Language | None = None


class NewPasswordIn(Taken):
    """Set a password; ``current`` is asked for unless a code has just been used."""

    model_config = example(password="correct horse battery", current="")  # noqa: S106
    password: Annotated[str, Field(min_length=8, max_length=200)]
    current: Annotated[str, Field(max_length=200)] = ""
