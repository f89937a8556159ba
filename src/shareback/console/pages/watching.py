"""The audit trail: who looked at what and changed what."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shareback.console.desk import Desk, desk_of
from shareback.console.keyset import paged
from shareback.console.models import AuditEntry, RoleGrant
from shareback.console.pages.clients import heads
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Field, paging, table, typed
from shareback.console.words import WORDS
from shareback.units.shown import NONE

ERRORS_FROM = 400
DOOR = frozenset({"login", "second", "enrol", "logout", "people"})
TOLD = frozenset({"passed", "refused", "missing", "forbidden", "turned"})
PEOPLE_MAX = 200


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The trail of the programme, the latest first; of one person, or changes alone."""
    desk = desk_of(request)
    say = desk.voice.say
    who, only = typed(request, "who"), typed(request, "only")
    people = those_with_roles(desk)
    rows = AuditEntry.objects.filter(programme_id=desk.programme.pk)
    by_name = {name: pk for pk, name in people}
    if who:
        rows = rows.filter(user_id=by_name.get(who, 0))
    if only:
        rows = rows.filter(changed=True)
    page = paged(rows, "id", request.GET.get("after", ""))
    names = [("", say("everybody")), *((name, name) for _, name in people)]
    kinds = [("", say("all")), ("changes", say("only_changes"))]
    columns = (
        "when:num",
        "who",
        "roles:whole",
        "what",
        "page:whole",
        "asked:wide",
        "answer",
        "from_where",
    )
    return show(
        request,
        "list",
        say("menu_trail"),
        lead=say("trail_lead"),
        fields=[
            Field("who", say("who"), who, "choice", names),
            Field("only", say("what"), only, "choice", kinds),
        ],
        table=table(
            heads(desk, *columns), [cells(desk, one) for one in page.items], say("nothing")
        ),
        **paging(request, page),
    )


def those_with_roles(desk: Desk) -> list[tuple[int, str]]:
    """Everybody who has or had a role in the programme: number and user name."""
    held = RoleGrant.objects.filter(programme_id=desk.programme.pk).values("user_id")
    users = get_user_model().objects.filter(pk__in=held).order_by("username")
    return list(users.values_list("pk", "username")[:PEOPLE_MAX])


def cells(desk: Desk, row: AuditEntry) -> list[Cell]:
    """A line of the trail."""
    voice = desk.voice
    roles = " · ".join(voice.say(f"role_{role}") for role in row.roles.split(",") if role)
    answer = str(row.status) if row.status else ""
    detail = voice.say(row.detail) if row.detail in TOLD else row.detail
    mark = "owed" if row.status >= ERRORS_FROM or row.detail == "refused" else "quiet"
    return [
        Cell(voice.moment(row.at)),
        Cell(row.who or NONE),
        Cell(roles or NONE, mark="quiet"),
        what_cell(desk, row),
        Cell(page_words(desk, row.page)),
        Cell(
            f"{row.method} {row.path}".strip(), mark="code", note="" if row.page in DOOR else detail
        ),
        Cell(answer or (detail if row.page in DOOR else NONE), mark=mark),
        Cell(row.address or NONE, mark="quiet"),
    ]


def what_cell(desk: Desk, row: AuditEntry) -> Cell:
    """Whether it was a look or a change; a log-in is neither."""
    if row.changed:
        return Cell(desk.voice.say("changed"), mark="warn")
    if row.page in DOOR:
        return Cell(NONE, mark="quiet")
    return Cell(desk.voice.say("looked"), mark="quiet")


def page_words(desk: Desk, page: str) -> str:
    """What a page is called: as in the menu where it stands there."""
    for key in (f"page_{page}", f"menu_{page}"):
        if key in WORDS:
            return desk.voice.say(key)
    return page.replace("_", " ")


PAGES = (Page("trail", "trail/", trail),)
