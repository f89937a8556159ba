"""The bank: its statements, what they leave open, and what a person says of that."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shareback.console.asking import Asked, read_words
from shareback.console.desk import Desk, desk_of, remark
from shareback.console.pages.clients import heads
from shareback.console.pages.proposing import asked
from shareback.console.routes import Page
from shareback.console.site import amiss, show
from shareback.console.tables import Cell, Facts, Section, table
from shareback.engine.calendar import day_text
from shareback.gateways.bank.explaining import NothingToExplain, explain_entry, explain_line
from shareback.gateways.bank.models import BankLine, BankStatement, Reconciliation
from shareback.gateways.bank.movements import Moved
from shareback.gateways.bank.standing import missing_entries, standing, state_name, statements
from shareback.mall.engines import now_us
from shareback.units.shown import NONE

FORM = ["GET", "HEAD", "POST"]
FIGURES = ("books_reserve", "books_bank", "bank", "in_transit", "unexplained", "gap")


@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    """How bank and books stand, and what waits for an explanation."""
    desk = desk_of(request)
    say, programme = desk.voice.say, desk.programme.pk
    now = standing(programme)
    lines = heads(desk, "day:num", "bank_account", "bank_amount:num", "bank_said:wide")
    entries = heads(desk, "day:num", "bank_number:num", "bank_kind", "bank_amount:num")
    columns = ("bank_account", "bank_from:num", "bank_to:num", "bank_opening:num")
    all_columns = heads(desk, *columns, "bank_closing:num", "bank_imported:num")
    missing = missing_entries(programme)
    return show(
        request,
        "detail",
        say("menu_bank"),
        lead=say("bank_lead") if now.latest else say("bank_never"),
        facts=[facts(desk, now.latest)] if now.latest else [],
        sections=[
            Section(
                say("bank_lines"),
                table(lines, [line_cells(desk, one) for one in now.lines], say("nothing")),
                say("bank_lines_lead"),
            ),
            Section(
                say("bank_entries"),
                table(entries, [entry_cells(desk, one) for one in missing], say("nothing")),
            ),
            Section(
                say("bank_statements"),
                table(
                    all_columns,
                    [statement_cells(desk, one) for one in statements(programme)],
                    say("nothing"),
                ),
            ),
        ],
    )


def facts(desk: Desk, row: Reconciliation) -> Facts:
    """The figures of a comparison."""
    say, voice = desk.voice.say, desk.voice
    told = [
        (say("bank_state"), Cell(say(f"bank_state_{state_name(row)}"), mark=mark_of(row))),
        *((say(f"bank_{name}"), Cell(voice.money_exact(getattr(row, name)))) for name in FIGURES),
        (say("bank_days_missing"), Cell(voice.count(row.days_missing))),
        (say("bank_day"), Cell(day_text(row.day))),
    ]
    return Facts(say("bank_compared"), told, voice.moment(row.at))


def mark_of(row: Reconciliation) -> str:
    """How an outcome is set."""
    return "good" if row.state == Reconciliation.State.AGREED else "warn"


def line_cells(desk: Desk, line: BankLine) -> list[Cell]:
    """An open line of the bank's, with the way to its explanation."""
    way = reverse("console:bank_line", args=[line.number]) if desk.may_do("bank_line") else ""
    said = f"{line.reference} {line.text}".strip()
    return [
        Cell(day_text(line.day), way),
        Cell(line.account, mark="code"),
        Cell(desk.voice.money_exact(line.amount)),
        Cell(said or NONE),
    ]


def entry_cells(desk: Desk, one: Moved) -> list[Cell]:
    """An entry that no statement shows, with the way to its explanation."""
    way = reverse("console:bank_entry", args=[one.sequence]) if desk.may_do("bank_entry") else ""
    return [
        Cell(day_text(one.day), way),
        Cell(desk.voice.count(one.sequence)),
        Cell(desk.voice.say(f"kind_{one.kind.name.lower()}")),
        Cell(desk.voice.money_exact(one.amount_uyuan)),
    ]


def statement_cells(desk: Desk, one: BankStatement) -> list[Cell]:
    """A statement that was imported."""
    money = desk.voice.money_exact
    return [
        Cell(one.account, mark="code"),
        Cell(day_text(one.from_day)),
        Cell(day_text(one.to_day)),
        Cell(money(one.opening)),
        Cell(money(one.closing)),
        Cell(desk.voice.moment(one.imported_at), note=one.imported_by),
    ]


@require_http_methods(FORM)
def bank_line(request: HttpRequest, number: int) -> HttpResponse:
    """Explain a line of the bank's.

    Raises:
        Http404: No such line of this programme waits (A55).
    """
    desk = desk_of(request)
    open_lines = BankLine.objects.filter(programme_id=desk.programme.pk, state=BankLine.State.OPEN)
    line = open_lines.filter(number=number).first()
    if line is None:
        raise Http404(str(number))
    said = f"{line.reference} {line.text}".strip() or NONE
    lead = lead_of(desk, line.day, line.amount, said)
    title = desk.voice.say("bank_line_title", number=number)
    return explaining(request, title, lead, number, explain_line)


@require_http_methods(FORM)
def bank_entry(request: HttpRequest, number: int) -> HttpResponse:
    """Explain why an entry of the journal never comes to the bank.

    Raises:
        Http404: No such entry of this programme waits (A55).
    """
    desk = desk_of(request)
    found = [one for one in missing_entries(desk.programme.pk) if one.sequence == number]
    if not found:
        raise Http404(str(number))
    (one,) = found
    said = desk.voice.say(f"kind_{one.kind.name.lower()}")
    lead = lead_of(desk, one.day, one.amount_uyuan, said)
    title = desk.voice.say("bank_entry_title", number=number)
    return explaining(request, title, lead, number, explain_entry)


def lead_of(desk: Desk, day: int, uyuan: int, said: str) -> str:
    """What is to be explained, in a line."""
    money = desk.voice.money_exact(uyuan)
    return desk.voice.say("bank_explain_lead", day=day_text(day), money=money, said=said)


def explaining(
    request: HttpRequest,
    title: str,
    lead: str,
    number: int,
    explain: Callable[[int, int, str, str, int], object],
) -> HttpResponse:
    """The form for an explanation, and what it brings about."""
    desk = desk_of(request)
    say, is_typed = desk.voice.say, request.method == "POST"
    field = Asked("words", say("bank_explain_words"), kind="long", note=say("bank_explain_note"))
    field, words = asked(desk, field, request.POST, read_words, is_typed=is_typed)
    if words is not None:
        try:
            explain(desk.programme.pk, number, words, desk.user.get_username(), now_us())
        except NothingToExplain:
            raise Http404(str(number)) from None
        remark(request, f"{explain.__name__} {number}: {words}")
        messages.success(request, say("bank_explained"))
        return HttpResponseRedirect(reverse("console:bank"))
    page = show(
        request,
        "ask",
        title,
        lead=lead,
        above=(reverse("console:bank"), say("menu_bank")),
        asked=[field],
        button=say("bank_explain_button"),
    )
    return amiss(page) if is_typed else page


PAGES = (
    Page("bank", "bank/", bank),
    Page("bank_line", "bank/lines/<int:number>/", bank_line),
    Page("bank_entry", "bank/entries/<int:number>/", bank_entry),
)
