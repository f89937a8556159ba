"""Returns that their merchants have accepted and that wait: for approvers, or for money."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shareback.console.desk import Desk, desk_of, remark
from shareback.console.models import Proposal
from shareback.console.pages.proposing import put
from shareback.console.refusals import why, words_of
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Column
from shareback.console.words import WORDS
from shareback.engine.batch import DaysUnclosed
from shareback.mall import returns
from shareback.mall.faults import CannotBe
from shareback.mall.models import Return
from shareback.rules.codes import Code
from shareback.units.shown import NONE

SHOWN_MAX = 100
NEEDS_PEOPLE = Code.NEEDS_TWO_APPROVERS.name.lower()


@require_safe
def returns_waiting(request: HttpRequest) -> HttpResponse:
    """Returns that wait, the oldest first."""
    desk = desk_of(request)
    say = desk.voice.say
    found = list(returns.waiting(desk.programme.pk)[:SHOWN_MAX])
    rows = Proposal.objects.filter(returned__in=found, state=Proposal.State.OPEN)
    proposed = dict(rows.values_list("returned_id", "pk"))
    heads = [
        Column(say("order_id"), "code"),
        Column(say("seller")),
        Column(say("return_asked"), "num"),
        *(Column(say(f"return_{name}"), "num") for name in ("cash", "coins", "points")),
        Column(say("return_waits_for")),
    ]
    return show(
        request,
        "returns",
        say("menu_returns_waiting"),
        lead=say("returns_lead"),
        heads=heads,
        rows=[(one, cells(desk, one), step(desk, one, proposed.get(one.pk))) for one in found],
    )


def cells(desk: Desk, row: Return) -> list[tuple[Column, Cell]]:
    """A return as a row, each cell with how it is set."""
    voice = desk.voice
    name = row.order.partner.name_en if desk.language == "en" else ""
    key = f"waits_{row.waits_for}"
    waits = voice.say(key) if key in WORDS else row.waits_for or NONE
    return [
        (Column("", "code"), Cell(row.order.number, note=row.reason)),
        (Column(""), Cell(str(name or row.order.partner.name))),
        (Column("", "num"), Cell(voice.moment(row.asked_at))),
        (Column("", "num"), Cell(voice.money(row.cash_uyuan))),
        (Column("", "num"), Cell(voice.coins(row.coins) if row.coins else NONE)),
        (Column("", "num"), Cell(voice.money(row.points_uyuan) if row.points_uyuan else NONE)),
        (Column(""), Cell(waits, mark="warn")),
    ]


def step(desk: Desk, row: Return, proposed: int | None) -> dict[str, str]:
    """What the reader may do about a return: propose it, look at the proposal, or try again."""
    say = desk.voice.say
    if proposed is not None:
        return {
            "link": reverse("console:proposal", args=[proposed]),
            "words": say("return_proposed"),
        }
    name, words = "return_again", say("return_again")
    if row.waits_for == NEEDS_PEOPLE:
        name, words = "propose_refund", say("return_propose")
    return {"action": reverse(f"console:{name}"), "words": words} if desk.may_do(name) else {}


def return_of(request: HttpRequest) -> Return:
    """The return that a form names.

    Raises:
        Http404: The programme has none of this id that waits (A55).
    """
    typed = request.POST.get("returned", "")
    try:
        key = UUID(typed)
    except ValueError:
        raise Http404(typed) from None
    found = returns.waiting(desk_of(request).programme.pk).filter(pk=key).first()
    if found is None:
        raise Http404(typed)
    return found  # type: ignore[no-any-return] # of a queryset of any kind


@require_POST
def propose_refund(request: HttpRequest) -> HttpResponse:
    """Put a large late return to the approvers."""
    found = return_of(request)
    reason = desk_of(request).voice.say("return_reason_default", order=found.order.number)
    reason = found.reason or reason
    answer = put(request, Proposal.Kind.REFUND, reason, {"returned": found})
    return answer or HttpResponseRedirect(reverse("console:returns_waiting"))


@require_POST
def return_again(request: HttpRequest) -> HttpResponse:
    """Try a return again that waited for money or coins."""
    desk = desk_of(request)
    voice, found = desk.voice, return_of(request)
    try:
        done = returns.execute(found)
    except CannotBe:
        raise Http404(str(found.pk)) from None
    except DaysUnclosed as fault:
        messages.error(request, voice.say("return_again_waits", why=why(voice, fault)))
    else:
        remark(request, f"return of {found.order.number}: {done.waits_for or 'done'}")
        if done.state == Return.State.DONE:
            messages.success(request, voice.say("return_again_done"))
        else:
            words = words_of(voice, done.waits_for)
            messages.warning(request, voice.say("return_again_waits", why=words))
    return HttpResponseRedirect(reverse("console:returns_waiting"))


PAGES = (
    Page("returns_waiting", "returns/", returns_waiting),
    Page("propose_refund", "returns/propose/", propose_refund),
    Page("return_again", "returns/again/", return_again),
)
