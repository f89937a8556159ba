"""Programme files, and which programme of a database a command means."""

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from shareback.cli.console import Fault, shortened
from shareback.rules.programme import TEST_ISSUER, Programme
from shareback.units.scales import PPM, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_exact

UNITS = {
    "issue_price": UYUAN_PER_YUAN,
    "late_refund_limit": UYUAN_PER_YUAN,
    "award_spend": UYUAN_PER_YUAN,
    "supply_cap": UNITS_PER_POINT,
    "award_points": UNITS_PER_POINT,
    "threshold": UNITS_PER_POINT,
    "maturity_days": 1,
}
"""How many units one of a key's unit is, for limits told to people; rates are in ppm."""


def read_programme(path: Path | None) -> Programme:
    """The parameters of a TOML file, or the defaults; with a test issuer where none is named.

    Raises:
        Fault: The file cannot be read, or the programme cannot keep its promises.
    """
    fields: dict[str, object] = {}
    if path is not None:
        try:
            fields = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as fault:
            raise Fault(f"{shortened(path)}: {fault.strerror}") from None
        except RecursionError:
            raise Fault(f"{path} is no programme file: its values are nested too deeply") from None
        except ValueError as fault:
            raise Fault(f"{path} is no TOML file in UTF-8: {fault}") from None
    fields.setdefault("issuer", TEST_ISSUER.model_dump(by_alias=True))
    try:
        programme = Programme.model_validate(fields)
    except ValidationError as fault:
        raise Fault(f"{path or 'programme'}: {told(fault)}") from None
    try:
        ZoneInfo(programme.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        named = f"{programme.timezone!r} is no time zone such as 'Asia/Shanghai'"
        raise Fault(f"{path}: timezone: {named}") from None
    return programme


def told(fault: ValidationError) -> str:
    """The first thing that is wrong with a programme, in one line."""
    first = fault.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    text = first["msg"].removeprefix("Value error, ")
    unit = UNITS.get(str(first["loc"][-1]), PPM) if first["loc"] else 1
    for bound in ("le", "lt", "ge", "gt"):
        limit = first.get("ctx", {}).get(bound)
        if isinstance(limit, int):
            text = text.replace(str(limit), format_exact(limit, unit))
    return f"{place}: {text}" if place else text


def the_programme(name: str | None) -> str:
    """The name of the programme that a command means: the named one, or the only one.

    Raises:
        Fault: There is none, or there are several and none is named.
    """
    from shareback.journal.models import Programme as Journaled  # noqa: PLC0415

    names = list(Journaled.objects.order_by("pk").values_list("name", flat=True))
    if name is not None and name not in names:
        known = ", ".join(map(repr, names)) or "none"
        raise Fault(f"no programme {name!r} in this database; there is: {known}")
    if name is None and len(names) != 1:
        known = ", ".join(map(repr, names)) or "none: import orders with `shareback replay`"
        raise Fault(f"which programme? name one with --name; there is: {known}")
    return name or names[0]
