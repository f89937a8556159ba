"""Parameters as a programme file: what `shareback replay --programme` takes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shareback.rules.programme import Programme


def programme_file(programme: Programme) -> str:
    """A programme's parameters as TOML, defaults too.

    Args:
        programme: The parameters.

    Returns:
        The file's text; read back, it is the same programme.

    Source:
        docs/reference/programme-file.md.
    """
    fields = programme.model_dump(mode="json", by_alias=True, exclude_none=True)
    return "\n".join(lines(fields)) + "\n"


def lines(fields: Mapping[str, Any]) -> Iterator[str]:
    """The lines: plain keys first, then tables, then arrays of tables, as TOML wants them."""
    tables = {name: value for name, value in fields.items() if isinstance(value, dict) and value}
    arrays = {name: value for name, value in fields.items() if is_array_of_tables(value)}
    yield from pairs(
        {k: v for k, v in fields.items() if not isinstance(v, dict) and k not in arrays}
    )
    for name, table in tables.items():
        yield ""
        yield f"[{name}]"
        yield from pairs(table)
    for name, array in arrays.items():
        for table in array:
            yield ""
            yield f"[[{name}]]"
            yield from pairs(table)


def is_array_of_tables(value: object) -> bool:
    """Whether a value is written as tables of one name; an empty list is not."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def pairs(table: Mapping[str, Any]) -> Iterator[str]:
    """A line for each key. JSON writes plain values as TOML does, once no text has a control."""
    for name, value in table.items():
        yield f"{key(name)} = {json.dumps(value, ensure_ascii=False)}"


def key(name: str) -> str:
    """A key; in quotes where people have chosen it."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else json.dumps(name, ensure_ascii=False)
