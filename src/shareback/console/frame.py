"""What the frame round every page of the console shows."""

from typing import Any

from django.http import HttpRequest

from shareback.console.built import assets
from shareback.console.desk import Desk, language_of
from shareback.console.navigation import menu
from shareback.console.roles import SHOWN_PROGRAMME
from shareback.console.words import WORDS


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame round every page shows."""
    language = language_of(request)
    match = request.resolver_match
    page = (match.url_name or "") if match else ""
    desk = getattr(request, "desk", None)
    context: dict[str, Any] = {
        "t": {key: both[language == "en"] for key, both in WORDS.items()},
        "language": language,
        "other_language": "zh" if language == "en" else "en",
        "query_here": request.GET.urlencode(),
        "console_assets": assets(),
        "site_title": WORDS["console"][language == "en"],
        "site_header": "Shareback",
        "shown_field": SHOWN_PROGRAMME,
        "is_nav_sidebar_enabled": desk is not None,
    }
    if isinstance(desk, Desk):
        context |= {
            "desk": desk,
            "programme": desk.programme,
            "is_test": desk.parameters.issuer.test,
            "roles_shown": [desk.voice.say(f"role_{role}") for role in sorted(desk.roles)],
            "menu": menu(desk, page),
        }
    return context
