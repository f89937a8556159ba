"""The programme's statements: its months, and each of them as a PDF."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.console.desk import desk_of
from shareback.console.papers import NoClose, operator_paper
from shareback.console.routes import Page
from shareback.console.site import amiss, show
from shareback.console.tables import Cell, Column, table
from shareback.engine.snapshot import snapshot
from shareback.engine.statements.monthly import MonthUnfit, closes_of, months_of, span_of
from shareback.gateways.papers.setting import FontsMissing, PressBusy, PressFailed, printed
from shareback.gateways.papers.shapes import Paper
from shareback.gateways.papers.words import Voice
from shareback.journal.models import Programme

LOG = logging.getLogger(__name__)


@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """All months, the latest first."""
    return listed(request)


def listed(request: HttpRequest, notice: str = "") -> HttpResponse:
    """The page of all months; with why there is no PDF, where one was asked for."""
    desk = desk_of(request)
    say, voice = desk.voice.say, Voice.of(desk.language, desk.parameters)
    rows = []
    for text in months_of(desk.programme):
        span = span_of(desk.programme, text)
        is_there = closes_of(desk.programme, span).last is not None
        state = "months_over" if span.is_over else "months_so_far" if is_there else "months_none"
        address = reverse("console:month_paper", args=[text]) if is_there else ""
        cell = Cell(say("months_pdf"), address) if is_there else Cell("")
        rows.append([Cell(voice.month(text)), Cell(say(state), mark="quiet"), cell])
    heads = [Column(say("months_month")), Column(say("months_state")), Column("")]
    return show(
        request,
        "list",
        say("menu_months"),
        lead=say("months_lead"),
        table=table(heads, rows, say("nothing")),
        foot=notice,
    )


@require_safe
def month_paper(request: HttpRequest, month: str) -> HttpResponse:
    """A month as a PDF, in the reader's language.

    Raises:
        Http404: The programme has no closed day in such a month.
    """
    desk = desk_of(request)
    number = desk.programme.pk

    def draw() -> Paper:
        with snapshot():
            head = Programme.objects.defer("key").get(pk=number)
            return operator_paper(head, span_of(head, month), desk.language)

    try:
        body = printed(draw)
    except (MonthUnfit, NoClose):
        raise Http404(month) from None
    except PressBusy:
        return amiss(listed(request, desk.voice.say("months_busy")))
    except (FontsMissing, PressFailed) as fault:
        LOG.error("%s: %s", request.path, fault)  # noqa: TRY400 - it says all that there is
        return amiss(listed(request, desk.voice.say("months_missing")))
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="programme-{month}.pdf"'
    return response


PAGES = (
    Page("months", "months/", months),
    Page("month_paper", "months/<slug:month>/statement.pdf", month_paper),
)
