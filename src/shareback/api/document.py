"""Write an OpenAPI document to a file: ``python -m shareback.api.document FILE [api|shop]``."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import django


class Source(NamedTuple):
    """Where a document comes from: settings, module, name in it, and the address of the API."""

    settings: str
    module: str
    name: str
    address: str


SOURCES = {
    "api": Source("shareback.web.settings", "shareback.api.v1", "api", "/api/v1/"),
    "shop": Source(
        "shareback.web.mall_settings", "shareback.api.shop.api", "shop_api", "/api/v1/shops/"
    ),
}


def main() -> None:
    """Write it; no database is asked."""
    source = SOURCES[sys.argv[2] if len(sys.argv) > 2 else "api"]  # noqa: PLR2004 - FILE, then which
    os.environ["DJANGO_SETTINGS_MODULE"] = source.settings
    django.setup()
    api = getattr(import_module(source.module), source.name)
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    document = api.get_openapi_schema(path_prefix=source.address)
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
