"""Ids as parts of an address: outside ids, and the numbers of rows."""

from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator

ID_DIGITS = 18
"""An id of more digits might be more than a database counts."""


class OutsideId:
    """A part of an address that holds an id, which may hold a slash, as ``2026/0001`` does.

    A caller percent-encodes it; servers hand addresses on decoded (WSGI), so an id takes as much
    of an address as it can, and what follows it in the address is the last that looks like it.
    """

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        """The id."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it stands in an address."""
        return quote(value, safe="")


class RowId:
    """A part of an address that holds a row's number: plain digits, as many as can be counted.

    What has more of them, a sign or a point is no address at all, so no view ever sees it (A15).
    """

    regex = f"[0-9]{{1,{ID_DIGITS}}}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as it stands in an address."""
        return str(value)


def countable(number: int) -> int:
    """A number that a filter names: what no row can have becomes 0, the number of none."""
    return number if 0 < number < 10**ID_DIGITS else 0


Sought = Annotated[int, AfterValidator(countable)]
"""A row's number in a query."""
