"""The built style and script of the console, by the names that the build gave them."""

import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders
from django.templatetags.static import static

FOLDER = "console"
ENTRY = "src/main.ts"


class Assets(NamedTuple):
    """Addresses of the built files; empty where they have not been built."""

    script: str
    styles: tuple[str, ...]


@lru_cache(maxsize=1)
def assets() -> Assets:
    """What the build's manifest names."""
    manifest = finders.find(f"{FOLDER}/manifest.json")
    if not manifest:
        logging.getLogger(__name__).warning("the console's files are missing: run `make setup`")
        return Assets("", ())
    entry = json.loads(Path(manifest).read_text(encoding="utf-8"))[ENTRY]
    return Assets(
        static(f"{FOLDER}/{entry['file']}"),
        tuple(static(f"{FOLDER}/{name}") for name in entry.get("css", ())),
    )
