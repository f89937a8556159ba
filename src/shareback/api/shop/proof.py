"""The proof that an account is counted in what its programme owes, for whoever checks it."""

import logging
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api.shop.frame import member, of_member, refuse
from shareback.api.shop.once import told
from shareback.api.shop.schemas_proof import CheckedIn, CheckedOut, ProofOut
from shareback.engine.calendar import day_text
from shareback.engine.proving.accounts import prove
from shareback.engine.proving.keys import verifier_of
from shareback.journal.models import BalanceCheck, Checkpoint, Day, LogKey, Programme, Witness
from shareback.proofs.notes import Purpose, Verifier
from shareback.proofs.sum_tree import AccountKind

LOG = logging.getLogger(__name__)
router = Router(tags=["proof"], auth=of_member)


class Holder(NamedTuple):
    """Whose account is proved."""

    programme: int
    kind: AccountKind
    number: int


def holder_of(request: HttpRequest) -> Holder:
    """The member who asks."""
    here = member(request)
    return Holder(here.programme, AccountKind.MEMBER, here.membership.number)


@router.get("/me/proof", response=ProofOut, operation_id="get_proof")
def proof(request: HttpRequest) -> HttpResponse:
    """The proof that the member's account is counted in what the programme owes."""
    return told(proof_document(holder_of(request)))


@router.post("/me/proof/checked", response=CheckedOut, operation_id="tell_proof_checked")
def checked(request: HttpRequest, body: CheckedIn) -> HttpResponse:
    """Tell that the proof was checked; it counts once for an account and a day."""
    return told(take_check(holder_of(request), body))


def proof_document(holder: Holder) -> dict[str, Any]:
    """The proof of an account, and the keys with which it is checked.

    Raises:
        Problem: Nothing was drawn up since the account is there.
    """
    found = prove(Programme.objects.get(pk=holder.programme), holder.kind, holder.number)
    if found is None:
        raise refuse("not_drawn_up")
    day = found.liabilities.day
    return {
        **found.document(),
        "date": day_text(day),
        "day": day,
        "keys": [key.to_text() for key in keys_of(holder.programme)],
        "checked": count_of(holder.programme, day),
    }


def keys_of(programme: int) -> list[Verifier]:
    """All keys that may have signed a programme's checkpoints: its own, then its witnesses'."""
    own = LogKey.objects.filter(programme_id=programme).order_by("-number")
    witnesses = Witness.objects.filter(programme_id=programme).order_by("name")
    return [
        *map(verifier_of, own),
        *(Verifier(one.name, Purpose.COSIGNATURE, bytes(one.public)) for one in witnesses),
    ]


def count_of(programme: int, day: int) -> int:
    """How many accounts were checked against a day's checkpoint."""
    return BalanceCheck.objects.filter(programme_id=programme, day=day).count()


def take_check(holder: Holder, body: CheckedIn) -> dict[str, int]:
    """Count a check that held; one that did not is told to whoever runs the house.

    Raises:
        Problem: There is no checkpoint of that day, or the account is younger.
    """
    counted = "members" if holder.kind == AccountKind.MEMBER else "merchants"
    of_day = {"programme_id": holder.programme, "day": body.day}
    was_there = Day.objects.filter(**of_day, **{f"{counted}__gte": holder.number}).exists()
    if not was_there or not Checkpoint.objects.filter(**of_day).exists():
        raise refuse("not_drawn_up")
    if body.holds:
        check = BalanceCheck(**of_day, kind=holder.kind, number=holder.number)
        BalanceCheck.objects.bulk_create([check], ignore_conflicts=True)
    else:
        LOG.warning(
            "programme %d: %s %d does not find the account in the checkpoint of day %d",
            holder.programme,
            holder.kind.name.lower(),
            holder.number,
            body.day,
        )
    return {"checked": count_of(holder.programme, body.day)}
