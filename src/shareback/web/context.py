"""What every template finds: the texts, the built files, and the way to the other language."""

from typing import Any

from django.http import HttpRequest

from shareback.web.assets import assets
from shareback.web.language import language_of, switch_address
from shareback.web.texts import TEXTS


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``t`` holds the texts by key."""
    return {
        "t": TEXTS[language_of(request)],
        "assets": assets(),
        "switch_address": switch_address(request),
    }
