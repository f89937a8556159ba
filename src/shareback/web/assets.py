"""The built style and script of the pages, by the names that the build gave them."""

import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.templatetags.static import static

BUILT = Path(__file__).resolve().parent / "static" / "built"
MANIFEST = BUILT / "manifest.json"
ENTRY = "src/main.ts"


class Assets(NamedTuple):
    """Addresses of the built files; empty where they have not been built."""

    script: str
    styles: tuple[str, ...]


@lru_cache(maxsize=1)
def assets() -> Assets:
    """What the build's manifest names; pages are readable without it, if plain."""
    try:
        entry = json.loads(MANIFEST.read_text(encoding="utf-8"))[ENTRY]
    except FileNotFoundError:
        logging.getLogger(__name__).warning("%s is missing: run `make setup`", MANIFEST)
        return Assets("", ())
    return Assets(
        static(f"built/{entry['file']}"),
        tuple(static(f"built/{name}") for name in entry.get("css", ())),
    )
