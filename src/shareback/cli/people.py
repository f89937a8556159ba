"""``shareback people``: who works at a programme's console, and in which roles."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from shareback.cli.access import show
from shareback.cli.console import Fault
from shareback.cli.database import use_database
from shareback.cli.journal import NAME_HELP
from shareback.cli.programmes import the_programme
from shareback.cli.replay import DATABASE_HELP

if TYPE_CHECKING:
    from shareback.mall.accounts.models import User

SETTINGS = "shareback.web.mall_settings"
PASSWORD_BYTES = 12
ROLES = ("operator", "approver", "finance", "auditor", "support")


def people(
    granted: str | None = typer.Option(None, "--grant", metavar="USER", help="Give a role."),
    revoked: str | None = typer.Option(None, "--revoke", metavar="USER", help="End a role."),
    roles: list[str] = typer.Option([], "--role", help="Which; several times."),
    forgotten: str | None = typer.Option(
        None, "--forget-factor", metavar="USER", help="Who has lost telephone and codes."
    ),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """List who works at a programme's console; give or end roles, let somebody enrol anew."""
    if sum(one is not None for one in (granted, revoked, forgotten)) > 1:
        raise Fault("--grant, --revoke, --forget-factor: one at a time")
    check_roles(roles, wanted=granted is not None or revoked is not None)
    use_house(database)
    from shareback.journal.models import Programme  # noqa: PLC0415 - needs Django set up

    programme = Programme.objects.values_list("pk", flat=True).get(name=the_programme(name))
    if granted is not None:
        told = grant(programme, granted, roles)
    elif revoked is not None:
        told = revoke(programme, revoked, roles)
    elif forgotten is not None:
        told = forget(forgotten)
    else:
        told = listed(programme)
    show(told, as_json=as_json)


def check_roles(roles: list[str], *, wanted: bool) -> None:
    """Refuse roles that are none, and a change that names none.

    Raises:
        Fault: So it is.
    """
    for role in roles:
        if role not in ROLES:
            raise Fault(f"--role {role}: choose from {' '.join(ROLES)}")
    if wanted and not roles:
        raise Fault("--role: name one")


def use_house(database: str | None) -> None:
    """Set Django up with the mall and the console, and make their tables where they are missing.

    Raises:
        Fault: There is no such database.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    use_database(database, create=True)
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    from shareback.mall.tables import make_tables  # noqa: PLC0415 - as above

    where = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(where).exists():
        raise Fault(f"the database {where} does not exist; name one with --database URL")
    make_tables()


def user_of(name: str) -> "User":
    """The user of a name.

    Raises:
        Fault: There is none.
    """
    from shareback.console.people import NoSuchUser, user_named  # noqa: PLC0415 - as above

    try:
        return user_named(name)
    except NoSuchUser:
        raise Fault(f"no user {name!r}; `shareback people` lists them") from None


def grant(programme: int, name: str, roles: list[str]) -> dict[str, Any]:
    """Give roles; somebody new gets a password, which is told once."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - as above
    from django.db import transaction  # noqa: PLC0415 - as above

    from shareback.api.changes import operator  # noqa: PLC0415 - as above
    from shareback.console import people as kept  # noqa: PLC0415 - as above

    told: dict[str, Any] = {"user": name, "roles": roles}
    with transaction.atomic():
        user, is_new = get_user_model().objects.get_or_create(username=name)
        if is_new:
            told["password"] = secrets.token_urlsafe(PASSWORD_BYTES)
            user.set_password(told["password"])
            user.save()
        for role in roles:
            kept.grant(user, programme, role, operator())
    return told


def revoke(programme: int, name: str, roles: list[str]) -> dict[str, Any]:
    """End roles.

    Raises:
        Fault: The user does not have one of them.
    """
    from django.db import transaction  # noqa: PLC0415 - as above

    from shareback.api.changes import operator  # noqa: PLC0415 - as above
    from shareback.console import people as kept  # noqa: PLC0415 - as above

    user = user_of(name)
    with transaction.atomic():
        for role in roles:
            if not kept.take_back(user, programme, role, operator()):
                raise Fault(f"--role {role}: {name!r} does not have it")
    return {"user": name, "revoked": roles}


def forget(name: str) -> dict[str, Any]:
    """Let somebody enrol a telephone anew."""
    from shareback.api.changes import operator  # noqa: PLC0415 - as above
    from shareback.console.people import forget_second_factor  # noqa: PLC0415 - as above

    return {"user": name, "forgotten": forget_second_factor(user_of(name), operator())}


def listed(programme: int) -> dict[str, Any]:
    """Who has which roles, by user name."""
    from shareback.console.models import RoleGrant  # noqa: PLC0415 - as above

    rows = RoleGrant.objects.filter(programme_id=programme, ended_at=None)
    roles: dict[str, list[str]] = {}
    for name, role in rows.order_by("user__username", "role").values_list("user__username", "role"):
        roles.setdefault(name, []).append(role)
    return {"people": [{"user": name, "roles": " ".join(held)} for name, held in roles.items()]}
