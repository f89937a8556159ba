"""The wizard: a new programme from a template, checked by the rules as it is filled in."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shareback.console.desk import Desk, choose, desk_of, places_of, remark
from shareback.console.parameters import PARAMETERS, shown
from shareback.console.routes import Page
from shareback.console.shown import Voice
from shareback.console.site import amiss, show
from shareback.console.tables import Cell, Column, Section, table
from shareback.console.wizard import TEMPLATES, open_all, plan, template_of
from shareback.console.worked import worked
from shareback.engine.opening import ProgrammeExists
from shareback.mall.terms import earning
from shareback.rules.programme import Programme
from shareback.units.exact import mul_div
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.shown import NONE

EXAMPLE = 100 * UYUAN_PER_YUAN
TOLD = ("backing_rate", "award_mode", "quota_multiple", "maturity_days")
"""The parameters by which a template is known."""


@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request: HttpRequest) -> HttpResponse:
    """Choose a template, fill it in, look at the worked example, and open the programme."""
    desk = desk_of(request)
    say = desk.voice.say
    form = request.POST or request.GET
    template = form.get("template", "")
    if template not in TEMPLATES:
        if request.method == "POST":
            raise Http404(template)
        cards = [card(desk, name) for name in TEMPLATES]
        return show(
            request, "templates", say("menu_programme_new"), lead=say("wizard_lead"), cards=cards
        )
    drawn = plan(desk.voice, template, form if "backing_rate" in form else {})
    if request.method == "POST" and drawn.parameters is not None:
        answer = opened(request, drawn.parameters, drawn.shop)
        if answer is not None:
            return answer
    page = show(
        request,
        "wizard",
        say(f"template_{template}"),
        lead=say(f"template_{template}_note"),
        above=(reverse("console:programme_new"), say("menu_programme_new")),
        chosen=template,
        groups=[(say(key), say(f"{key}_note"), fields) for key, fields in drawn.groups],
        faults=drawn.faults,
        typed=[(field.name, field.value) for _, fields in drawn.groups for field in fields],
        sections=example(drawn.parameters, desk.language) if drawn.parameters else [],
    )
    return amiss(page) if request.method == "POST" else page


def card(desk: Desk, name: str) -> dict[str, object]:
    """A template to choose."""
    voice, parameters = desk.voice, template_of(name)
    known = [one for one in PARAMETERS if one.name in TOLD]
    return {
        "title": voice.say(f"template_{name}"),
        "note": voice.say(f"template_{name}_note"),
        "rows": [(voice.say(f"p_{one.name}"), shown(voice, parameters, one)) for one in known],
        "address": f"?template={name}",
    }


def example(parameters: Programme, language: str) -> list[Section]:
    """What the parameters come to: an order of ¥100, and a hundred of them."""
    voice = Voice.of(language, parameters)
    say = voice.say
    earned = earning(parameters, EXAMPLE, 0)
    facts = [
        [Cell(say("preview_earns")), Cell(voice.money(earned.award))],
        [Cell(say("preview_quota")), Cell(voice.money(earned.quota))],
        [Cell(say("preview_share")), Cell(voice.rate(parameters.share_of_quota_ppm()))],
    ]
    heads = [
        Column(say("wizard_orders"), "num"),
        *(Column(say(f"wizard_{name}"), "num") for name in ("award", "reserve", "supply", "price")),
        Column(say("wizard_first"), "num"),
    ]
    lines = worked(parameters)
    first = lines[0].award
    rows = [
        [
            Cell(voice.count(one.order)),
            Cell(voice.points(one.award)),
            Cell(voice.money(one.reserve)),
            Cell(voice.points(one.supply)),
            Cell(voice.price(one.price)),
            Cell(voice.money(mul_div(first, one.reserve, one.supply) if one.supply else 0)),
        ]
        for one in lines
    ]
    figures = [Column(say("preview_what")), Column(say("value"), "num")]
    return [
        Section(say("wizard_one"), table(figures, facts, NONE)),
        Section(say("wizard_example"), table(heads, rows, NONE), lead=say("wizard_example_note")),
    ]


def opened(
    request: HttpRequest, parameters: Programme, shop: dict[str, str]
) -> HttpResponse | None:
    """Open the programme, and turn to it; nothing where its name was taken just now."""
    desk = desk_of(request)
    try:
        number = open_all(desk.user, parameters, shop)
    except (ProgrammeExists, IntegrityError):
        remark(request, f"programme {parameters.name}: not opened")
        messages.error(request, desk.voice.say("wizard_taken"))
        return None
    remark(request, f"programme {number} opened: {parameters.name}")
    desk.places = places_of(desk.user)
    choose(request, number)
    messages.success(request, desk.voice.say("wizard_done", name=parameters.name))
    return HttpResponseRedirect(reverse("console:index"))


PAGES = (Page("programme_new", "programmes/new/", programme_new),)
