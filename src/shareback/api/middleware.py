"""What holds for every address: bounded bodies; and below ``/api/``: problems instead of pages.

Bodies are read here, before anything else looks at them, by all but the API's own views: those
know who is calling before they read.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shareback.api.access import read_stranger
from shareback.api.problems import Problem
from shareback.engine.wellformed import NUL

PREFIX = "/api/"
BODY_MAX = 65_536
BULK_MAX = 16_777_216
BULK_SUFFIX = "/orders:batch"
CONNECTION_MAX = 1_048_576
"""A mall tells all of an order, with pictures' addresses and all."""

CONNECTIONS = "/connections/"
PICTURE_MAX = 8 * 1_048_576 + BODY_MAX
"""A picture, and what a form writes round it."""

SHOPS = f"{PREFIX}v1/shops/"
PICTURES_SUFFIX = "/pictures"

PROGRAMMES = f"{PREFIX}v1/programmes/"
"""Whose views read by themselves, once a token or a connection has been looked at."""

KINDS = (
    (f"{PREFIX}v1/oauth/", "tokens"),
    (f"{PREFIX}v1/payments/", "notices"),
)
NUL_IN_QUERY = "%00"
LENGTH_DIGITS_MAX = 12
READS_NONE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

DOCS = "/api/v1/docs"
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The document's page sets styles by itself, and asks this site alone."""

NAMES = {400: "invalid", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


def greatest_body(path: str) -> int:
    """How many bytes an address takes."""
    if path.endswith(BULK_SUFFIX) and path.startswith(PROGRAMMES):
        return BULK_MAX
    if is_upload(path):
        return PICTURE_MAX
    return CONNECTION_MAX if CONNECTIONS in path and path.startswith(PROGRAMMES) else BODY_MAX


def is_upload(path: str) -> bool:
    """Whether pictures are sent there."""
    return path.startswith(SHOPS) and path.endswith(PICTURES_SUFFIX)


def kind_of(path: str) -> str:
    """Whose places a stranger's body takes: what some hold up, others do not notice."""
    if is_upload(path):
        return "uploads"
    return next((kind for start, kind in KINDS if path.startswith(start)), "pages")


def take_body(request: HttpRequest) -> None:
    """Refuse a body that is too large, or whose length nobody knows; read what is nobody else's.

    Raises:
        Problem: It is refused, or too many are on their way (A62).
    """
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise Problem(411, "length_required")
    most = greatest_body(request.path)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal() and len(length) <= LENGTH_DIGITS_MAX):
        raise Problem(413, "too_large", f"at most {most:,} bytes")
    if int(length) > most:
        raise Problem(413, "too_large", f"at most {most:,} bytes")
    if request.method not in READS_NONE and not request.path.startswith(PROGRAMMES):
        read_stranger(request, kind_of(request.path))


def see_texts(request: HttpRequest) -> None:
    """Refuse a NUL in an address, a query or a cookie: no column holds one (A15).

    The API's own views look at their ids themselves.

    Raises:
        Problem: 404 for an address, since nothing can stand there.
    """
    if request.path.startswith(PROGRAMMES):
        return
    if NUL in request.path:
        raise Problem(404, "not_found")
    query = request.META.get("QUERY_STRING", "")
    if NUL_IN_QUERY in query or any(NUL in value for value in request.COOKIES.values()):
        raise Problem(422, "invalid", "holds the character NUL; remove it")


def problems_only(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: bodies within bounds on every path (A62); no HTML for programs."""

    def answer(request: HttpRequest) -> HttpResponse:
        try:
            see_texts(request)
            take_body(request)
        except Problem as problem:
            return problem.response(request)
        response = get_response(request)
        if not request.path.startswith(PREFIX):
            return response
        if request.path == DOCS:
            response.headers["Content-Security-Policy"] = DOCS_POLICY
        kind = response.headers.get("Content-Type", "")
        if response.status_code < 400 or "json" in kind:  # noqa: PLR2004 - HTTP's own number
            return response
        allow = response.headers.get("Allow")
        name = NAMES.get(response.status_code, "internal")
        headers = {"Allow": allow} if allow else None
        return Problem(response.status_code, name, headers=headers).response(request)

    return answer
