"""Outside ids as parts of an address."""

from urllib.parse import quote


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
