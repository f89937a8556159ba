"""Proposals: those that wait for approvers, those that were decided, and the decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from shareback.console import proposals as deciding
from shareback.console.asking import typed_into
from shareback.console.comparing import changes, compared, preview
from shareback.console.desk import Desk, desk_of, remark
from shareback.console.keyset import paged
from shareback.console.models import Proposal
from shareback.console.proposals import CannotDecide
from shareback.console.refusals import why, words_of
from shareback.console.routes import Page
from shareback.console.site import amiss, show
from shareback.console.tables import Cell, Column, Facts, Field, Section, paging, table, typed
from shareback.engine.batch import DaysUnclosed
from shareback.engine.calendar import day_text
from shareback.mall.models import Return
from shareback.rules.programme import Programme
from shareback.units.shown import NONE

Kind, State = Proposal.Kind, Proposal.State
MARKS = {State.OPEN: "warn", State.DONE: "good"}
PROPOSING = ("propose_amendment", "propose_withdrawal", "propose_end")


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Proposals, the latest first: those that are open, or all."""
    desk = desk_of(request)
    say, only = desk.voice.say, typed(request, "state")
    rows = Proposal.objects.filter(programme_id=desk.programme.pk)
    if only == "open":
        rows = rows.filter(state=State.OPEN, expires_at__gt=timezone.now())
    page = paged(
        rows.select_related("proposer", "returned__order"), "id", request.GET.get("after", "")
    )
    heads = [
        Column(say("number"), "num"),
        Column(say("what")),
        Column(say("subject_word"), "wide"),
        Column(say("proposed_by")),
        Column(say("approvals_word")),
        Column(say("proposals_state")),
        Column(say("lapses_at"), "num"),
    ]
    kinds = [("", say("all")), ("open", say("proposals_open_only"))]
    return show(
        request,
        "list",
        say("menu_proposals"),
        lead=say("proposals_lead"),
        fields=[Field("state", say("proposals_state"), only, "choice", kinds)],
        actions=[
            (reverse(f"console:{name}"), say(name)) for name in PROPOSING if desk.may_see(name)
        ],
        table=table(heads, [cells(desk, one) for one in page.items], say("nothing")),
        **paging(request, page),
    )


def cells(desk: Desk, row: Proposal) -> list[Cell]:
    """A proposal as a row."""
    voice, address = desk.voice, reverse("console:proposal", args=[row.pk])
    return [
        Cell(str(row.pk), address),
        Cell(voice.say(f"kind_of_{row.kind}")),
        Cell(matter(desk, row), address),
        Cell(row.proposer.get_username(), note=voice.moment(row.made_at)),
        Cell(voice.say("approvals_of", count=yes_count(row))),
        state_cell(desk, row),
        Cell(voice.moment(row.expires_at) if state_of(row) == State.OPEN else NONE, mark="quiet"),
    ]


def yes_count(row: Proposal) -> int:
    """How many have said yes."""
    return (row.first_approver_id is not None) + (row.second_approver_id is not None)


def state_of(row: Proposal) -> str:
    """How far a proposal has come; one that nobody decided in time has lapsed."""
    is_late = row.state == State.OPEN and row.expires_at <= timezone.now()
    return State.EXPIRED if is_late else row.state


def state_cell(desk: Desk, row: Proposal) -> Cell:
    """How far it has come, as a mark."""
    state = state_of(row)
    return Cell(desk.voice.say(f"state_of_{state}"), mark=MARKS.get(State(state), "quiet"))


def matter(desk: Desk, row: Proposal) -> str:
    """What a proposal is about, in one line."""
    voice = desk.voice
    match row.kind:
        case Kind.AMENDMENT:
            count = len(compared(desk, *versions(desk, row)))
            return voice.say("matter_amendment", day=day_text(row.day or 0), count=count)
        case Kind.REFUND if row.returned is not None:
            money = voice.money(row.returned.cash_uyuan)
            return voice.say("matter_refund", order=row.returned.order.number, money=money)
        case Kind.WITHDRAWAL:
            return voice.say("matter_withdrawal", money=voice.money(row.money or 0))
        case _:
            return voice.say("matter_end", day=day_text(row.day or 0))


def versions(desk: Desk, row: Proposal) -> tuple[Programme, Programme]:
    """The parameters that an amendment was drawn up on, and those that it brings."""
    return desk.versions[row.base - 1], Programme.model_validate_json(row.parameters)


@require_safe
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """One proposal: what, who, and what the reader may do about it."""
    return page_of(request, number)


def page_of(request: HttpRequest, number: int) -> HttpResponse:
    """The page of a proposal.

    Raises:
        Http404: The programme has none of this number (A55).
    """
    desk = desk_of(request)
    rows = Proposal.objects.filter(programme_id=desk.programme.pk, pk=number)
    people = ("proposer", "first_approver", "second_approver", "closed_by")
    found = rows.select_related("returned__order", *people).first()
    if found is None:
        raise Http404(str(number))
    say = desk.voice.say
    sections: list[Section] = []
    if found.kind == Kind.AMENDMENT:
        before, after = versions(desk, found)
        sections.append(changes(desk, before, after))
        if state_of(found) == State.OPEN:
            sections += preview(desk, before, after)
    return show(
        request,
        "proposal",
        say("proposal", number=number),
        lead=f"{say(f'kind_of_{found.kind}')} · {matter(desk, found)}",
        above=(reverse("console:proposals"), say("menu_proposals")),
        facts=[facts_of(desk, found), approvals_of(desk, found)],
        sections=sections,
        proposal=found,
        **what_to_do(desk, found),
    )


def facts_of(desk: Desk, row: Proposal) -> Facts:
    """What is proposed."""
    voice = desk.voice
    say = voice.say
    lines = [
        (say("subject_word"), Cell(matter(desk, row))),
        (say("reason_word"), Cell(row.reason)),
        (say("proposals_state"), state_cell(desk, row)),
    ]
    if row.returned is not None:
        lines.append((say("return_state"), return_cell(desk, row.returned)))
    if row.refusal:
        lines.append((say("last_refusal"), Cell(words_of(voice, row.refusal), mark="owed")))
    if row.answer:
        lines.append((say("answer_word"), Cell(row.answer)))
    return Facts(say("proposal_word"), lines)


def return_cell(desk: Desk, row: Return) -> Cell:
    """How far the return has come."""
    if row.state == Return.State.DONE:
        return Cell(desk.voice.say("return_done"), mark="good")
    return Cell(words_of(desk.voice, row.waits_for) if row.waits_for else NONE, mark="owed")


def approvals_of(desk: Desk, row: Proposal) -> Facts:
    """Who has proposed, approved and closed it."""
    voice = desk.voice
    say, none = voice.say, Cell(voice.say("approval_none"), mark="quiet")

    def person(user: object, at: object) -> Cell:
        return Cell(str(user), note=voice.moment(at)) if user else none  # type: ignore[arg-type] # a moment or nothing

    lines = [
        (say("proposed_by"), person(row.proposer, row.made_at)),
        (say("approval_first"), person(row.first_approver, row.first_at)),
        (say("approval_second"), person(row.second_approver, row.closed_at)),
    ]
    if state_of(row) == State.OPEN:
        lines.append((say("lapses_at"), Cell(voice.moment(row.expires_at))))
    elif row.state in {State.REJECTED, State.WITHDRAWN}:
        lines.append((say("closed_by"), person(row.closed_by, row.closed_at)))
    return Facts(say("approvals_word"), lines)


def what_to_do(desk: Desk, row: Proposal) -> dict[str, object]:
    """What the reader may do about a proposal, and why nothing else."""
    if state_of(row) != State.OPEN:
        return {}
    if row.proposer_id == desk.user.pk:
        return {"can_withdraw": True, "stand": desk.voice.say("own_waits")}
    if not desk.may_do("proposal_approve"):
        return {"stand": desk.voice.say("waits_for_approvers")}
    if row.first_approver_id == desk.user.pk:
        return {"can_reject": True, "stand": desk.voice.say("you_said_yes")}
    is_second = deciding.may_approve(desk.programme.pk, row.first_approver)
    stand = desk.voice.say("decide_second" if is_second else "decide_first")
    return {"can_approve": True, "can_reject": True, "stand": stand}


@require_POST
def proposal_approve(request: HttpRequest, number: int) -> HttpResponse:
    """Say yes; the second yes has it done."""
    desk = desk_of(request)
    voice = desk.voice
    try:
        found = deciding.approve(desk.programme.pk, number, desk.user)
    except Proposal.DoesNotExist:
        raise Http404(str(number)) from None
    except CannotDecide as fault:
        return refused(request, number, voice.say(f"cannot_{fault.code}"))
    except DaysUnclosed as fault:
        return refused(request, number, voice.say("yes_refused", why=why(voice, fault)))
    if found.refusal:
        remark(request, f"proposal {number}: refused by the rules, {found.refusal}")
        messages.error(request, voice.say("yes_refused", why=words_of(voice, found.refusal)))
        return amiss(page_of(request, number))
    if found.state == State.OPEN:
        remark(request, f"proposal {number}: first approval")
        messages.success(request, voice.say("yes_first_done"))
    else:
        remark(request, f"proposal {number}: second approval, done: {found.kind}")
        tell_done(request, desk, found)
    return back_to(number)


def tell_done(request: HttpRequest, desk: Desk, found: Proposal) -> None:
    """Say that it is done; or that a return still waits for something else."""
    returned = found.returned
    if returned is not None:
        returned.refresh_from_db()
    if returned is None or returned.state == Return.State.DONE:
        messages.success(request, desk.voice.say("yes_second_done"))
        return
    words = words_of(desk.voice, returned.waits_for)
    messages.warning(request, desk.voice.say("yes_waits", why=words))


@require_POST
def proposal_reject(request: HttpRequest, number: int) -> HttpResponse:
    """Say no, and why."""
    desk = desk_of(request)
    answer = typed_into(request.POST, "answer", 500)
    if not answer:
        return refused(request, number, desk.voice.say("no_answer_note"))
    try:
        deciding.reject(desk.programme.pk, number, desk.user, answer)
    except Proposal.DoesNotExist:
        raise Http404(str(number)) from None
    except CannotDecide as fault:
        return refused(request, number, desk.voice.say(f"cannot_{fault.code}"))
    remark(request, f"proposal {number}: rejected: {answer}")
    messages.success(request, desk.voice.say("no_done"))
    return back_to(number)


@require_POST
def proposal_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own proposal back."""
    desk = desk_of(request)
    try:
        deciding.withdraw(desk.programme.pk, number, desk.user)
    except Proposal.DoesNotExist:
        raise Http404(str(number)) from None
    except CannotDecide as fault:
        return refused(request, number, desk.voice.say(f"cannot_{fault.code}"))
    remark(request, f"proposal {number}: withdrawn")
    messages.success(request, desk.voice.say("take_back_done"))
    return back_to(number)


def refused(request: HttpRequest, number: int, text: str) -> HttpResponse:
    """The proposal again, with why nothing was done."""
    remark(request, f"proposal {number}: not done")
    messages.error(request, text)
    return amiss(page_of(request, number))


def back_to(number: int) -> HttpResponse:
    """The proposal's page."""
    return HttpResponseRedirect(reverse("console:proposal", args=[number]))


PAGES = (
    Page("proposals", "proposals/", proposals),
    Page("proposal", "proposals/<int:number>/", proposal),
    Page("proposal_approve", "proposals/<int:number>/approve/", proposal_approve),
    Page("proposal_reject", "proposals/<int:number>/reject/", proposal_reject),
    Page("proposal_withdraw", "proposals/<int:number>/withdraw/", proposal_withdraw),
)
