"""Who works at the console: roles granted and taken back, second factors forgotten."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet
from django.utils import timezone

from shareback.console.models import AuditEntry, RoleGrant
from shareback.console.roles import Role
from shareback.mall.accounts.models import User


class NoSuchUser(ValueError):
    """A user name that nobody has."""


def grants_of(user: User, alias: str = DEFAULT_DB_ALIAS) -> QuerySet[RoleGrant]:
    """The grants of a user that hold, by programme."""
    rows = RoleGrant.objects.using(alias).filter(user_id=user.pk, ended_at=None)
    return rows.order_by("programme_id", "role")


def grant(
    user: User, programme: int, role: str, by: str, alias: str = DEFAULT_DB_ALIAS
) -> RoleGrant:
    """Give somebody a role in a programme; nothing changes where they have it.

    Args:
        user: Who.
        programme: The programme's number.
        role: One of `Role`.
        by: Who grants it, for the trail.
        alias: Which of Django's databases.

    Raises:
        ValueError: There is no such role.
    """
    role = Role(role)
    with transaction.atomic(using=alias):
        made, is_new = RoleGrant.objects.using(alias).get_or_create(
            user_id=user.pk,
            programme_id=programme,
            role=role,
            ended_at=None,
            defaults={"granted_by": by},
        )
        if is_new:
            write_down(programme, f"{user.get_username()}: +{role}", by, alias)
    return made


def take_back(
    user: User, programme: int, role: str, by: str, alias: str = DEFAULT_DB_ALIAS
) -> bool:
    """End a grant.

    Returns:
        Whether there was one.
    """
    with transaction.atomic(using=alias):
        rows = grants_of(user, alias).order_by().filter(programme_id=programme, role=Role(role))
        if not rows.update(ended_at=timezone.now(), ended_by=by):
            return False
        write_down(programme, f"{user.get_username()}: −{role}", by, alias)
    return True


def forget_second_factor(user: User, by: str, alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Let somebody enrol anew, who has lost their telephone and their recovery codes.

    Returns:
        Whether there was anything to forget.
    """
    with transaction.atomic(using=alias):
        gone, _ = Authenticator.objects.using(alias).filter(user_id=user.pk).delete()
        if gone:
            programmes = set(grants_of(user, alias).values_list("programme_id", flat=True))
            for programme in sorted(programmes):
                line = f"{user.get_username()}: second factor forgotten"
                write_down(programme, line, by, alias)
    return bool(gone)


def user_named(name: str, alias: str = DEFAULT_DB_ALIAS) -> User:
    """The user of a name.

    Raises:
        NoSuchUser: There is none.
    """
    found = get_user_model().objects.using(alias).filter(username=name).first()
    if found is None:
        raise NoSuchUser(name)
    return found


def write_down(programme: int, detail: str, by: str, alias: str) -> None:
    """Keep a change of people in the audit trail, in the same transaction."""
    AuditEntry.objects.using(alias).create(
        programme_id=programme,
        who=by,
        method="",
        page="people",
        path="",
        status=0,
        changed=True,
        detail=detail,
    )
