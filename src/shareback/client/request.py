"""What a call is before it is sent: a value that says what to send and how to read the answer."""

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter

from shareback.client.answers import Listed

T = TypeVar("T")

PAGE_SIZE = 1_000
"""The most that the API gives at once."""

KEY_MAX = 128
KEY_PATTERN = re.compile(rf"[\x21-\x7e]{{1,{KEY_MAX}}}")


@dataclass(frozen=True)
class Request(Generic[T]):
    """One call.

    Attributes:
        method: ``GET``, ``POST`` or ``PUT``.
        path: Below the programme's address, its ids percent-encoded.
        read: Reads the answer's body.
        body: What is sent.
        key: The idempotency key of a write; nothing for a read.
        params: The query.
        media_type: Of the body.
    """

    method: str
    path: str
    read: Callable[[bytes], T]
    body: bytes | None = None
    key: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of an answer that takes several calls; ``following`` asks for the next part."""

    items: Sequence[T]
    following: "Walk[T]"


Walk: TypeAlias = Callable[[], Request[Page[T]] | None]
"""Gives the call for what comes next; nothing at the end."""


def reader(kind: type[T]) -> Callable[[bytes], T]:
    """Reads a JSON document into a dataclass.

    Args:
        kind: The dataclass.

    Returns:
        A function that raises ValueError where the document is another.
    """
    return TypeAdapter(kind).validate_json


def nothing(_body: bytes) -> None:
    """An answer that only says that it is done."""


def part(outside_id: str) -> str:
    """An outside id as a part of a path.

    Raises:
        ValueError: It is empty: the address would be another.
    """
    if not outside_id:
        raise ValueError("an id is empty")
    # A path's "." and ".." would be resolved away before it is sent.
    return "%2E" * len(outside_id) if outside_id in {".", ".."} else quote(outside_id, safe="")


def key_for(named: str | None) -> str:
    """The key that a caller names, or a new one.

    Raises:
        ValueError: The API would not take it.
    """
    if named is None:
        return str(uuid.uuid4())
    if not KEY_PATTERN.fullmatch(named):
        raise ValueError(f"{named!r}: a key is 1 to {KEY_MAX} printable ASCII characters, no space")
    return named


def given(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """The fields of a document that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as JSON: the same bytes each time."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def write(
    path: str,
    document: Mapping[str, Any] | None,
    read: Callable[[bytes], T],
    key: str | None,
    method: str = "POST",
) -> Request[T]:
    """A call that writes, under the caller's key or a new one."""
    body = None if document is None else encoded(document)
    return Request(method, path, read, body, key_for(key))


def pages(path: str, read: Callable[[bytes], Listed[T]], after: int, page_size: int) -> Walk[T]:
    """The walk over a list by its key.

    Args:
        path: Where the list is.
        read: Reads a page of it.
        after: The key after which it begins; -1 is before the first.
        page_size: How many are asked for at once, 1 to `PAGE_SIZE`.
    """

    def read_page(body: bytes) -> Page[T]:
        found = read(body)
        if found.next is None:
            return Page(found.items, nowhere)
        return Page(found.items, partial(ask, found.next))

    def ask(after: int) -> Request[Page[T]]:
        params = {"after": str(after), "limit": str(page_size)}
        return Request("GET", path, read_page, params=params)

    return partial(ask, after)


def nowhere() -> None:
    """The end of a walk."""
