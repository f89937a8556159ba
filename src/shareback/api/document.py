"""Write the OpenAPI document to a file: ``python -m shareback.api.document FILE``."""

import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Write it; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shareback.web.settings")
    django.setup()
    from shareback.api.v1 import api  # noqa: PLC0415 - needs Django set up

    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
