"""What two people approve: proposed, approved twice, and done through the engine (A54).

The second yes and what it brings about are one transaction. What the engine refuses is told, and
the proposal stays as it was before that yes: it can be given again once the reason is gone.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shareback.console.models import Proposal, RoleGrant
from shareback.engine import commands as cmd
from shareback.journal.models import Programme, Terms
from shareback.mall import returns
from shareback.mall.accounts.models import User
from shareback.mall.engines import must, now_us
from shareback.mall.faults import CannotBe, Refused
from shareback.rules.codes import Code
from shareback.rules.ordering import APPROVERS
from shareback.rules.programme import Programme as Parameters

LASTS = timedelta(days=30)
"""After so long without a decision a proposal lapses."""

Kind, State = Proposal.Kind, Proposal.State


class CannotDecide(Exception):
    """A step that somebody may not take, or that is too late.

    Attributes:
        code: A stable name; its words stand in `words.decisions` under ``cannot_``.
    """

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


def propose(
    programme: int, user: User, kind: str, reason: str, what: Mapping[str, Any]
) -> Proposal:
    """Put something to the approvers.

    Args:
        programme: The programme's number.
        user: Who proposes it.
        kind: One of `Proposal.Kind`.
        reason: Why.
        what: The fields of `Proposal` that say what.

    Raises:
        CannotDecide: The same return is proposed already, or does not wait for it.
        Refused: The engine would refuse it as things stand, even with two approvers.
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    close_expired(programme)
    made = Proposal(
        programme_id=programme,
        kind=kind,
        reason=reason,
        proposer=user,
        expires_at=timezone.now() + LASTS,
        base=Terms.objects.filter(programme_id=programme).count(),
        **what,
    )
    if kind == Kind.REFUND:
        check_return(made)
    else:
        rehearse(made)
    made.save()
    return made


def check_return(proposal: Proposal) -> None:
    """Refuse what does not wait for approvers, or is before them already.

    Raises:
        CannotDecide: So it is.
    """
    waiting = returns.waiting(proposal.programme_id).filter(pk=proposal.returned_id)
    found = waiting.select_for_update(of=("self",)).first()
    if found is None or found.waits_for != Code.NEEDS_TWO_APPROVERS.name.lower():
        raise CannotDecide("not_waiting")
    if Proposal.objects.filter(returned=found, state=State.OPEN).exists():
        raise CannotDecide("proposed_already")


def rehearse(proposal: Proposal) -> None:
    """Try a proposal out and undo it, so that nothing is put to people that cannot be done.

    Raises:
        Refused: The engine refuses it.
    """
    with transaction.atomic():
        must(proposal.programme_id, [command_of(proposal)])
        transaction.set_rollback(True)


def command_of(proposal: Proposal) -> cmd.Command:
    """What the engine is told once two people have approved."""
    at, key = now_us(), f"console:proposal:{proposal.pk}" if proposal.pk else ""
    match proposal.kind:
        case Kind.AMENDMENT:
            parameters = Parameters.model_validate_json(proposal.parameters)
            return cmd.AmendProgramme(at, proposal.day or 0, APPROVERS, parameters, key)
        case Kind.WITHDRAWAL:
            return cmd.WithdrawTreasury(at, proposal.money or 0, APPROVERS, key)
        case Kind.END:
            return cmd.AnnounceEnd(at, proposal.day or 0, APPROVERS, key)
        case _:
            raise TypeError(f"no command: {proposal.kind}")


def close_expired(programme: int) -> None:
    """Close proposals that nobody has decided in time."""
    late = Proposal.objects.filter(
        programme_id=programme, state=State.OPEN, expires_at__lte=timezone.now()
    )
    late.update(state=State.EXPIRED, closed_at=F("expires_at"))


def opened(programme: int, number: int) -> Proposal:
    """A proposal that can still be decided, locked until the transaction ends.

    Raises:
        CannotDecide: It is closed.
        Proposal.DoesNotExist: The programme has none of this number (A55).
    """
    rows = Proposal.objects.select_for_update().filter(programme_id=programme)
    found = rows.get(pk=number)
    if found.state != State.OPEN:
        raise CannotDecide("closed")
    return found


def may_approve(programme: int, user: User | None) -> bool:
    """Whether somebody is an approver of the programme today."""
    if user is None or not user.is_active:
        return False
    grants = RoleGrant.objects.filter(programme_id=programme, user_id=user.pk, ended_at=None)
    return grants.filter(role=RoleGrant.Role.APPROVER).exists()


def approve(programme: int, number: int, user: User) -> Proposal:
    """Say yes; the second yes has it done.

    Args:
        programme: The programme's number.
        number: The proposal's.
        user: Who says it; an approver, not the proposer, and nobody who has said it before.

    Returns:
        The proposal: done, or open still, with one yes or with the engine's refusal.

    Raises:
        CannotDecide: This person may not, or it is too late.
        DaysUnclosed: The clock is wrong, or nobody has closed for long.
    """
    close_expired(programme)
    with transaction.atomic():
        found = opened(programme, number)
        if not may_approve(programme, user):
            raise CannotDecide("no_approver")
        if found.proposer_id == user.pk:
            raise CannotDecide("own_proposal")
        if found.first_approver_id == user.pk:
            raise CannotDecide("approved_already")
        # Whoever is no approver any more does not count: then this yes is the first.
        if not may_approve(programme, found.first_approver):
            found.first_approver, found.first_at = user, timezone.now()
            found.save()
            return found
        return approved_twice(found, user)


def approved_twice(found: Proposal, user: User) -> Proposal:
    """Do what two people have approved; where the engine refuses, the second yes is not kept."""
    try:
        with transaction.atomic():
            found.second_approver, found.closed_by = user, user
            found.state, found.closed_at, found.refusal = State.DONE, timezone.now(), ""
            found.save()
            carry_out(found)
    except Refused as fault:
        found.refresh_from_db()
        found.refusal = Code(fault.answer.code).name.lower()
        found.save()
    return found


def carry_out(proposal: Proposal) -> None:
    """Have the engine do it, with both approvals, in the caller's transaction.

    Raises:
        CannotDecide: Other parameters were announced since, or the return is no longer there.
        Refused: The engine refuses it.
    """
    returned = proposal.returned
    if returned is not None:
        try:
            # What the treasury cannot bear yet waits on, with its two approvals.
            returns.execute(returned, approvals=APPROVERS)
        except CannotBe:
            raise CannotDecide("not_waiting") from None
        return
    if proposal.kind == Kind.AMENDMENT:
        # Under the head's lock: a second amendment must not undo one that was accepted meanwhile.
        Programme.objects.select_for_update().only("pk").get(pk=proposal.programme_id)
        if Terms.objects.filter(programme_id=proposal.programme_id).count() != proposal.base:
            raise CannotDecide("superseded")
    must(proposal.programme_id, [command_of(proposal)])


def reject(programme: int, number: int, user: User, answer: str) -> Proposal:
    """Say no: one approver is enough.

    Raises:
        CannotDecide: This person may not, or it is too late.
    """
    close_expired(programme)
    with transaction.atomic():
        found = opened(programme, number)
        if not may_approve(programme, user):
            raise CannotDecide("no_approver")
        if found.proposer_id == user.pk:
            raise CannotDecide("own_proposal")
        return closed(found, user, State.REJECTED, answer)


def withdraw(programme: int, number: int, user: User) -> Proposal:
    """Take one's own proposal back.

    Raises:
        CannotDecide: It is somebody else's, or it is too late.
    """
    close_expired(programme)
    with transaction.atomic():
        found = opened(programme, number)
        if found.proposer_id != user.pk:
            raise CannotDecide("anothers_proposal")
        return closed(found, user, State.WITHDRAWN, "")


def closed(found: Proposal, user: User, state: str, answer: str) -> Proposal:
    """Close a proposal that is not done."""
    found.state, found.answer = state, answer
    found.closed_by, found.closed_at = user, timezone.now()
    found.save()
    return found
