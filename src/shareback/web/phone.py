"""The phone pages: one built page for every address below ``/m/<slug>/``, and uploaded pictures."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from django.views.static import serve

from shareback.mall.models import Shop

INDEX = Path(__file__).resolve().parent / "static" / "h5" / "index.html"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "media-src 'self' blob:; "
    "worker-src 'self' blob:; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""As the public pages', but that these ask the API, and show what the camera sees."""

PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=()"
PICTURES_POLICY = "default-src 'none'; sandbox"
PICTURES = (".webp", ".png", ".jpg")
WEEK_SECONDS = 604_800


@require_safe
@ensure_csrf_cookie
def phone(request: HttpRequest, slug: str, rest: str = "") -> HttpResponse:  # noqa: ARG001
    """The phone pages of a shop; their own router reads the rest of the address."""
    shop = Shop.objects.filter(slug=slug).first()
    if shop is None:
        raise Http404(slug)
    try:
        page = INDEX.read_bytes()
    except FileNotFoundError:
        return render(request, "phone_unbuilt.html", {"shop": shop}, status=503)
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
    return response


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """A picture that was uploaded: read anew and written by us, so it is what it says."""
    if not path.endswith(PICTURES):
        raise Http404(path)
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except SuspiciousFileOperation:
        raise Http404(path) from None
    response.headers["Content-Security-Policy"] = PICTURES_POLICY
    # Each upload gets a name of its own, so one name never shows another picture.
    response.headers["Cache-Control"] = f"public, max-age={WEEK_SECONDS}, immutable"
    return response
