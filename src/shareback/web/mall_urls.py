"""The addresses of the whole house: the journal's pages, the mall's and the console's."""

from django.urls import include, path

from shareback.console.site import CONSOLE
from shareback.web.urls import handler404, handler500
from shareback.web.urls import urlpatterns as journal

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("console/", CONSOLE.urls),
    path("_allauth/", include("allauth.headless.urls")),
    *journal,
]
