"""The console's site: one back office for goods, orders, offers, merchants and the programme."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path
from unfold.sites import UnfoldAdminSite

from shareback.console import sign_in
from shareback.console.desk import Desk
from shareback.console.frame import frame
from shareback.console.gate import guarded
from shareback.console.roles import MODELS
from shareback.console.routes import all_pages

View = Callable[..., HttpResponseBase]
NOT_DONE = 422


class ConsoleSite(UnfoldAdminSite):  # type: ignore[misc] # unfold ships no types
    """unfold's site behind our gate, with our pages, our menu and our look."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The addresses: the door, our pages, and those of registered models; no others."""
        ours = [path(one.route, self.gated(one.view), name=one.name) for one in all_pages()]
        models = [
            path(f"shop/{model._meta.app_label}/{model._meta.model_name}/", include(admin.urls))  # noqa: SLF001 - Django's documented Meta API
            for model, admin in self._registry.items()
        ]
        return [
            path("login/", sign_in.log_in, name="login"),
            path("second/", sign_in.second_factor, name="second"),
            path("enrol/", sign_in.enrol, name="enrol"),
            path("codes/", sign_in.codes, name="codes"),
            path("logout/", sign_in.log_out, name="logout"),
            path("jsi18n/", self.gated(self.i18n_javascript), name="jsi18n"),
            path("autocomplete/", self.gated(self.autocomplete_view), name="autocomplete"),
            path("password/", self.gated(self.password_change), name="password_change"),
            path(
                "password/done/", self.gated(self.password_change_done), name="password_change_done"
            ),
            *ours,
            *models,
            path(
                "shop/<str:app_label>/",
                self.gated(AdminSite.app_index.__get__(self)),
                name="app_list",
            ),
        ]

    def gated(self, view: View) -> View:
        """A view behind the gate, as the site's own."""
        return guarded(view)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: ARG002, FBT001, FBT002 - Django's own shape
        """What Django's pages of models are wrapped in: the same gate."""
        return guarded(view)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether a request has come through the gate."""
        return isinstance(getattr(request, "desk", None), Desk)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page finds, unfold's own included."""
        context: dict[str, Any] = super().each_context(request)
        context.update(frame(request))
        return context

    def register(self, models: Any, admin_class: Any = None, **options: Any) -> None:  # noqa: ANN401 - Django's own shape
        """Register a model's pages; only what stands in roles.py may be.

        Raises:
            LookupError: Nobody has said who may see it.
        """
        for model in models if isinstance(models, (list, tuple)) else [models]:
            label = f"{model._meta.app_label}_{model._meta.model_name}"  # noqa: SLF001 - as above
            if label not in MODELS:
                raise LookupError(f"{label} stands in no table of roles.py")
        super().register(models, admin_class, **options)


def show(
    request: HttpRequest,
    template: str,
    title: str,
    **context: Any,  # noqa: ANN401 - of templates
) -> HttpResponse:
    """A page in the console's frame.

    Args:
        request: What was asked.
        template: Its file below ``console/``.
        title: What stands at its head, in the reader's language.
        context: What the template needs.
    """
    request.current_app = CONSOLE.name
    fields = {**CONSOLE.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"console/{template}.html", fields)


def amiss(page: HttpResponse) -> HttpResponse:
    """A page that says why nothing was done: the trail must not count it as a change."""
    page.status_code = NOT_DONE
    return page


CONSOLE = ConsoleSite(name="console")
