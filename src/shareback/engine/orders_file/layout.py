"""Which column of a file holds which field of an order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from shareback.engine.orders_file.faults import FileUnreadable, shown

REQUIRED = ("order_id", "member_id", "paid_at", "amount")
"""The fields that every orders file has."""

FIELDS = (
    *REQUIRED,
    "received_at",
    "profit",
    "merchant_id",
    "referrer_id",
    "refunded_at",
    "refund_amount",
)
"""All fields of an orders file."""

_NAMES_SHOWN = 8


class Layout(NamedTuple):
    """Where the fields stand.

    Attributes:
        places: Field to the position of its column, counted from 0.
        names: All columns of the file, as it names them.
        ignored: The columns that hold no field.
    """

    places: Mapping[str, int]
    names: Sequence[str]
    ignored: tuple[str, ...]

    def name_of(self, field: str) -> str:
        """The file's own name of a field's column, or the field's where it has none."""
        return self.names[self.places[field]] if field in self.places else field


def lay_out(path: Path, names: Sequence[str], mapping: Mapping[str, str], where: str) -> Layout:
    """Find each field's column.

    Args:
        path: The file, for the words of a fault.
        names: The file's columns.
        mapping: Field to the name of its column; other fields are looked for by their own name.
        where: How a fault names the place of the header, such as ``"line 1: "``.

    Returns:
        The layout. Without a mapping no column is ignored.

    Raises:
        FileUnreadable: A column is missing, unknown or named twice.
    """
    for field in mapping:
        if field not in FIELDS:
            raise FileUnreadable(
                path, f"has no field {shown(field)!r}; the fields are {', '.join(FIELDS)}"
            )
    wanted = {field: mapping.get(field, field) for field in FIELDS}
    counted = Counter(names)
    for field, name in wanted.items():
        if counted[name] > 1:
            raise FileUnreadable(
                path, f"{where}column {shown(name)!r} stands there {counted[name]} times; keep one"
            )
        if not counted[name] and (field in REQUIRED or field in mapping):
            raise FileUnreadable(path, where + _missing(field, name, names))
    places = {field: names.index(name) for field, name in wanted.items() if counted[name]}
    used = set(places.values())
    ignored = tuple(name for place, name in enumerate(names) if place not in used)
    if ignored and not mapping:
        raise FileUnreadable(
            path,
            f"{where}column {shown(ignored[0])!r} is unknown; remove it, or name the columns to "
            "take with --map FIELD=COLUMN, and the others are ignored",
        )
    return Layout(places, names, ignored)


def _missing(field: str, name: str, names: Sequence[str]) -> str:
    """Say that a column is not there, and what may be the matter."""
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            return f"the cells are separated by {word}; save the file with commas"
    there = ", ".join(repr(shown(each)) for each in names[:_NAMES_SHOWN])
    more = ", …" if len(names) > _NAMES_SHOWN else ""
    mend = "" if name != field else f"; if another column holds it, say --map {field}=COLUMN"
    return f"column {shown(name)!r} is missing among {there}{more}{mend}"
