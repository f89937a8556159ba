"""What all pages of the shop's models share: one programme, the table of roles, our trail."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from shareback.console.desk import chosen_language, desk_of, remark
from shareback.console.once import FIELD_PAGE, new_token, sent
from shareback.console.shop.making import NewForm
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
        new_form: From which a new row is made; nothing where none are made here.
    """

    programme_path = "programme_id"
    new_form: type[NewForm] | None = None
    ordering = ("-pk",)
    paginator = Bounded
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions = None
    change_form_before_template = FIELD_PAGE
    list_fullwidth = True
    view_on_site = False
    empty_value_display = NONE

    @property
    def label(self) -> str:
        """By which roles.py and the words know the model."""
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def get_urls(self) -> list[URLPattern]:
        """The list and one row: nothing is removed, and history is the audit trail."""
        kept = ("changelist", "change", *(["add"] if self.new_form else []))
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
        """Whether the reader may make a new row, by the table of roles."""
        return self.new_form is not None and desk_of(request).may_do(f"{self.label}_add")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's own shape
        """Nothing is removed: orders and books refer to it."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, under its own name."""
        desk = desk_of(request)
        context: dict[str, Any] = {"title": desk.voice.say(f"menu_{self.label}_changelist")}
        if self.has_add_permission(request):
            address, words = f"console:{self.label}_add", f"page_{self.label}_add"
            context["new_row"] = reverse(address), desk.voice.say(words)
        with timezone.override(desk.voice.zone):
            return written(super().changelist_view(request, {**context, **(extra_context or {})}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One row, under its own name, or what a new one is made from, with the way back.

        Raises:
            Http404: The programme has none of this key (A55).
        """
        desk = desk_of(request)
        title = desk.voice.say(f"page_{self.label}_add") if object_id is None else ""
        if object_id is not None:
            found = self.get_object(request, object_id)
            if found is None:
                raise Http404(object_id)
            title = self.name_of(request, found)
        above = desk.voice.say(f"menu_{self.label}_changelist")
        context = {
            "title": title,
            "above": (reverse(f"console:{self.label}_changelist"), above),
            "show_history": False,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            # What was refused may be sent again, with a key of its own.
            "once": new_token() if object_id is None else "",
            **(extra_context or {}),
        }
        with timezone.override(desk.voice.zone):
            shown = written(super().changeform_view(request, object_id, form_url, context))
        is_refused = request.method == "POST" and shown.status_code == OK
        return amiss(shown) if is_refused else shown

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,  # noqa: ANN401 - of any model
        change: bool = False,  # noqa: FBT001, FBT002 - Django's own shape
        **named: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - a class
        """The form of a row, or of a new one, in the chosen programme."""
        form = self.form if obj is not None else self.new_form
        kind = super().get_form(request, obj, change, **{**named, "form": form})
        more = {"sent": sent(request)} if obj is None and request.method == "POST" else {}
        return type(kind.__name__, (kind,), {"desk": desk_of(request), **more})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ANN401 - as above
        """Groups of fields; those of a new row as its form has them."""
        if obj is None and self.new_form is not None:
            return [(None, {"fields": list(self.new_form.base_fields)})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ANN401 - as above
        """Nothing can be read of a row that is not there."""
        return () if obj is None else super().get_readonly_fields(request, obj)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: ANN401, FBT001 - Django's own shape
        """The row of a form; a new one was made when the form was looked at."""
        if change:
            return super().save_form(request, form, change)
        request.sent_before = form.again  # type: ignore[attr-defined] # for `log_addition`
        return form.made

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's own shape
        """Nothing hangs on a row that its own writing does not write."""

    def name_of(self, request: HttpRequest, row: Any) -> str:  # noqa: ANN401 - of any model
        """What a row is called at the head of its page."""
        english = getattr(row, "name_en", "") or getattr(row, "title_en", "")
        if english and desk_of(request).language == "en":
            return str(english)
        return str(getattr(row, "title", "") or getattr(row, "name", "") or row.pk)

    def log_addition(self, request: HttpRequest, obj: Any, message: object) -> None:  # noqa: ANN401, ARG002 - Django's own shape
        """Tell the audit trail what was made."""
        again = getattr(request, "sent_before", False)
        remark(request, f"{self.label} {obj.pk}: {'sent twice, ' if again else ''}added")

    def response_add(
        self,
        request: HttpRequest,
        obj: Any,  # noqa: ANN401 - of any model
        post_url_continue: str | None = None,  # noqa: ARG002 - Django's own shape
    ) -> HttpResponse:
        """Back to the list; whoever sent the form twice sees what it made the first time."""
        say, name = desk_of(request).voice.say, self.name_of(request, obj)
        if not getattr(request, "sent_before", False):
            messages.success(request, say("s_added", name=name))
            return self.response_post_save_add(request, obj)  # type: ignore[no-any-return] # unfold ships no types
        messages.warning(request, say("s_sent_before"))
        return HttpResponseRedirect(reverse(f"console:{self.label}_change", args=[obj.pk]))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:  # noqa: ANN401 - as above
        """Back to the list, told in our words: Django names the model as the code does."""
        name = self.name_of(request, obj)
        messages.success(request, desk_of(request).voice.say("s_saved", name=name))
        return self.response_post_save_change(request, obj)  # type: ignore[no-any-return] # unfold ships no types

    def log_change(self, request: HttpRequest, obj: Any, message: object) -> None:  # noqa: ANN401, ARG002 - Django's own shape
        """Tell the audit trail which fields were changed."""
        changed = getattr(request, "changed_fields", [])
        remark(request, f"{self.label} {obj.pk}: {', '.join(changed) or 'nothing'} changed")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's own shape
        """Write the fields that were changed, and no others: others are written meanwhile."""
        if not change:
            return
        request.changed_fields = list(form.changed_data)  # type: ignore[attr-defined] # for `log_change`
        self.write(obj, form, list(form.changed_data))

    def write(self, obj: Any, form: Any, changed: list[str]) -> None:  # noqa: ANN401, ARG002 - as above
        """Write a row's changed fields."""
        if changed:
            type(obj).objects.filter(pk=obj.pk).update(
                **{name: getattr(obj, name) for name in changed}
            )
