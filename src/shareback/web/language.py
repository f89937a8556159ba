"""The language of a page: Chinese, unless the reader has chosen English."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path

from shareback.web.texts import DEFAULT, TEXTS

COOKIE = "shareback_language"
PARAMETER = "lang"
YEAR_SECONDS = 31_536_000

Answer = Callable[[HttpRequest], HttpResponse]


def language_of(request: HttpRequest) -> str:
    """The language that the reader has chosen, or the default."""
    chosen = request.COOKIES.get(COOKIE, DEFAULT)
    return chosen if chosen in TEXTS else DEFAULT


def switch_language(get_response: Answer) -> Answer:
    """Middleware: ``?lang=en`` on any page keeps the choice and shows the page in it."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get(PARAMETER)
        if request.path.startswith("/api/"):
            # Programs say their language in Accept-Language, and carry no cookies.
            return get_response(request)
        if chosen not in TEXTS or request.method not in ("GET", "HEAD"):
            response = get_response(request)
            patch_vary_headers(response, ["Cookie"])
            return response
        rest = request.GET.copy()
        del rest[PARAMETER]
        # A path that begins with two slashes would lead to another host.
        here = "/" + escape_uri_path(request.path).lstrip("/")
        switched = HttpResponseRedirect(f"{here}?{rest.urlencode()}" if rest else here)
        switched.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
        return switched

    return answer


def switch_address(request: HttpRequest) -> str:
    """The address of this page in the other language."""
    other = next(language for language in TEXTS if language != language_of(request))
    query = request.GET.copy()
    query[PARAMETER] = other
    return f"?{query.urlencode()}"
