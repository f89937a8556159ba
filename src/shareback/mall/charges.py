"""Coins at the counter: a merchant asks, shows a code, and one member pays it, once (A17, A36)."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.mall.accounts.models import User
from shareback.mall.engines import must, now_us
from shareback.mall.faults import CannotBe
from shareback.mall.models import CoinCharge, Membership
from shareback.mall.oscar.partner.models import Partner

OPEN_SECONDS = 120
TOKEN_BYTES = 24
EXPIRED = "expired"


def ask(partner: Partner, staff: User, coins: int, note: str = "") -> CoinCharge:
    """Ask for coins: a code that nobody guesses, for two minutes.

    Args:
        partner: Who asks.
        staff: Who of its people.
        coins: 10⁻⁶ coin, > 0.
        note: What for, as the payer sees it.
    """
    return CoinCharge.objects.create(
        partner=partner,
        staff=staff,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        coins=coins,
        note=note,
        expires_at=timezone.now() + timedelta(seconds=OPEN_SECONDS),
    )


def state_of(charge: CoinCharge) -> str:
    """How far a charge has come; one that was open for too long has expired."""
    if charge.state == CoinCharge.State.OPEN and charge.expires_at <= timezone.now():
        return EXPIRED
    return str(charge.state)


def payment_id_of(number: UUID) -> str:
    """The id of a charge's payment in the journal: once for ever, whoever tries again."""
    return f"charge:{number}"


def locked(**which: Any) -> CoinCharge:  # noqa: ANN401 - any field
    """A charge whose row nobody else can change until the transaction ends.

    Raises:
        CoinCharge.DoesNotExist: There is none.
    """
    # Of the merchant's row nothing is changed: it need not wait.
    rows = CoinCharge.objects.select_for_update(of=("self",)).select_related("partner")
    return rows.get(**which)


def pay(token: str, membership: Membership, key: str) -> CoinCharge:
    """Pay a charge with a member's coins.

    Args:
        token: What its code holds.
        membership: Who pays.
        key: For the engine's command.

    Raises:
        CoinCharge.DoesNotExist: There is none of this token in the member's programme.
        CannotBe: It is paid, withdrawn or has expired.
        Refused: The member has too few coins.
    """
    with transaction.atomic():
        charge = locked(token=token, partner__programme_id=membership.programme_id)
        state = state_of(charge)
        if state != CoinCharge.State.OPEN:
            raise CannotBe(f"charge_{state}")
        command = cmd.PayCoins(
            now_us(),
            payment_id_of(charge.pk),
            charge.partner.merchant_id,
            charge.coins,
            member_id=membership.member_id,
            key=key,
        )
        must(membership.programme_id, [command])
        charge.state = CoinCharge.State.PAID
        charge.paid_by = membership
        charge.paid_at = timezone.now()
        charge.save(update_fields=["state", "paid_by", "paid_at"])
    return charge


def withdraw(partner: Partner, number: UUID) -> CoinCharge:
    """Withdraw a charge that nobody has paid.

    Raises:
        CoinCharge.DoesNotExist: The merchant has none of this number.
        CannotBe: It is paid.
    """
    with transaction.atomic():
        charge = locked(pk=number, partner=partner)
        if charge.state == CoinCharge.State.PAID:
            raise CannotBe("charge_paid")
        charge.state = CoinCharge.State.CANCELLED
        charge.save(update_fields=["state"])
    return charge
