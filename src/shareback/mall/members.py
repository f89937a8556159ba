"""Members: an account in a programme for somebody who can log in."""

import secrets

from django.db import transaction

from shareback.engine import commands as cmd
from shareback.mall.accounts.models import User
from shareback.mall.engines import must, now_us
from shareback.mall.faults import CannotBe
from shareback.mall.letters import new_letters
from shareback.mall.models import Membership, Shop
from shareback.mall.parties import unite

CODE_LENGTH = 8


def join(shop: Shop, user: User, invite_code: str = "", member_id: str = "") -> Membership:
    """A user's membership of a shop's programme; opened through the engine where there is none.

    Args:
        shop: Whose programme.
        user: Who joins.
        invite_code: Of the member who has invited them; looked at only for who is new.
        member_id: Its id in the journal, where that has such an account already; random else.

    Raises:
        CannotBe: There is no such invitation.
        Refused: The programme takes nobody in.
    """
    with transaction.atomic():
        # Two requests of one user come one after the other.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        found = Membership.objects.filter(programme_id=shop.programme_id, user=user).first()
        if found is not None:
            return found
        inviter = inviter_of(shop, invite_code)
        outside_id = member_id or f"m-{secrets.token_hex(12)}"
        command = cmd.JoinMember(
            now_us(),
            outside_id,
            inviter.member_id if inviter is not None else "",
            party=unite(shop.programme_id, user),
        )
        (answer,) = must(shop.programme_id, [command])
        return Membership.objects.create(
            programme_id=shop.programme_id,
            user=user,
            member_id=outside_id,
            number=answer.number,
            invite_code=new_code(shop),
            invited_by=inviter,
        )


def adopt(shop: Shop, user: User, member_id: str, number: int) -> Membership:
    """Tie a user to an account that the journal has already, such as an imported one.

    Args:
        shop: Whose programme.
        user: Whose account it is.
        member_id: Its id in the journal.
        number: Its number there.

    Raises:
        Refused: The user owns merchants, and the programme has ended.
    """
    with transaction.atomic():
        adopted = Membership.objects.create(
            programme_id=shop.programme_id,
            user=user,
            member_id=member_id,
            number=number,
            invite_code=new_code(shop),
        )
        unite(shop.programme_id, user)
        return adopted


def inviter_of(shop: Shop, invite_code: str) -> Membership | None:
    """The member behind an invitation; nobody where none is named.

    Raises:
        CannotBe: There is none of this code.
    """
    code = invite_code.strip().upper()
    if not code:
        return None
    found = Membership.objects.filter(programme_id=shop.programme_id, invite_code=code).first()
    if found is None:
        raise CannotBe("invite_unknown")
    return found


def new_code(shop: Shop) -> str:
    """An invitation's code that nobody has yet."""
    while True:
        code = new_letters(CODE_LENGTH)
        if not Membership.objects.filter(programme_id=shop.programme_id, invite_code=code).exists():
            return code
