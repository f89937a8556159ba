"""What all pages of the shop's models share: one programme, the table of roles, our trail."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from shareback.console.desk import chosen_language, desk_of, remark
from shareback.console.site import amiss
from shareback.console.words import WORDS
from shareback.units.shown import NONE

OK = 200
LISTED_MAX = 1_000
"""So many of a list can be paged through; what lies behind is found by searching."""


class Bounded(Paginator):  # type: ignore[type-arg] # Django has no arguments there
    """Pages of a list that is never counted to its end."""

    template_name = "console/shop_pages.html"

    @cached_property
    def count(self) -> int:
        """How many there are, as far as they can be paged through."""
        rows = self.object_list
        return rows.order_by()[:LISTED_MAX].count() if isinstance(rows, QuerySet) else len(rows)

    @property
    def words(self) -> str:
        """How many there are, in the reader's language."""
        key = "s_listed" if self.count < LISTED_MAX else "s_listed_most"
        return WORDS[key][chosen_language() == "en"].format(count=self.count)


def written(response: HttpResponse) -> HttpResponse:
    """A page that is written out while the programme's clock is set."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


class Scoped(ModelAdmin):  # type: ignore[misc] # unfold ships no types
    """A model's pages in the chosen programme: looked at and changed as roles.py says.

    Attributes:
        programme_path: The lookup that leads from a row to its programme.
    """

    programme_path = "programme_id"
    ordering = ("-pk",)
    paginator = Bounded
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions = None
    list_fullwidth = True
    view_on_site = False
    empty_value_display = NONE

    @property
    def label(self) -> str:
        """By which roles.py and the words know the model."""
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def get_urls(self) -> list[URLPattern]:
        """The list and one row: nothing is removed, and history is the audit trail."""
        kept = ("changelist", "change")
        urls = super().get_urls()
        return [url for url in urls if (url.name or "").removeprefix(f"{self.label}_") in kept]

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - a queryset
        """Rows of the chosen programme alone (A55)."""
        rows = super().get_queryset(request)
        return rows.filter(**{self.programme_path: desk_of(request).programme.pk})

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the reader sees anything of it."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's own shape
        """Whether the reader may look, by the table of roles."""
        return desk_of(request).may_see(f"{self.label}_changelist")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's own shape
        """Whether the reader may change rows, by the table of roles."""
        return desk_of(request).may_do(f"{self.label}_change")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's own shape
        """Nothing is added here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's own shape
        """Nothing is removed: orders and books refer to it."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, under its own name."""
        desk = desk_of(request)
        title = desk.voice.say(f"menu_{self.label}_changelist")
        with timezone.override(desk.voice.zone):
            return written(
                super().changelist_view(request, {"title": title, **(extra_context or {})})
            )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One row, under its own name, with the way back.

        Raises:
            Http404: The programme has none of this key (A55).
        """
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404(str(object_id))
        desk = desk_of(request)
        above = desk.voice.say(f"menu_{self.label}_changelist")
        context = {
            "title": self.name_of(request, found),
            "above": (reverse(f"console:{self.label}_changelist"), above),
            "show_history": False,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        with timezone.override(desk.voice.zone):
            shown = written(super().changeform_view(request, object_id, form_url, context))
        is_refused = request.method == "POST" and shown.status_code == OK
        return amiss(shown) if is_refused else shown

    def name_of(self, request: HttpRequest, row: Any) -> str:  # noqa: ANN401 - of any model
        """What a row is called at the head of its page."""
        english = getattr(row, "name_en", "") or getattr(row, "title_en", "")
        if english and desk_of(request).language == "en":
            return str(english)
        return str(getattr(row, "title", "") or getattr(row, "name", "") or row.pk)

    def log_change(self, request: HttpRequest, obj: Any, message: object) -> None:  # noqa: ANN401, ARG002 - Django's own shape
        """Tell the audit trail which fields were changed."""
        changed = getattr(request, "changed_fields", [])
        remark(request, f"{self.label} {obj.pk}: {', '.join(changed) or 'nothing'} changed")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's own shape
        """Write the fields that were changed, and no others: others are written meanwhile."""
        request.changed_fields = list(form.changed_data)  # type: ignore[attr-defined] # for `log_change`
        self.write(obj, form, list(form.changed_data))

    def write(self, obj: Any, form: Any, changed: list[str]) -> None:  # noqa: ANN401, ARG002 - as above
        """Write a row's changed fields."""
        if changed:
            type(obj).objects.filter(pk=obj.pk).update(
                **{name: getattr(obj, name) for name in changed}
            )
