"""What holds for every address below ``/api/``: bounded bodies, and problems instead of pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shareback.api.problems import Problem

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

DOCS = "/api/v1/docs"
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The document's page sets styles by itself, and asks this site alone."""

NAMES = {400: "invalid", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


def greatest_body(path: str) -> int:
    """How many bytes an address takes."""
    if path.endswith(BULK_SUFFIX):
        return BULK_MAX
    if path.startswith(SHOPS) and path.endswith(PICTURES_SUFFIX):
        return PICTURE_MAX
    return CONNECTION_MAX if CONNECTIONS in path else BODY_MAX


def problems_only(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: refuse what is too large before it is read; no HTML for programs (A62)."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        most = greatest_body(request.path)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > most:
            return Problem(413, "too_large", f"at most {most:,} bytes").response(request)
        response = get_response(request)
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
