"""Phone numbers: read as people in China write them, kept as E.164 writes them, shown masked."""

import re

CHINESE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})", re.ASCII)
FOREIGN = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
SEPARATORS = str.maketrans("", "", " -()（）\u2009")
COUNTRY = "+86"
MASK = "****"
SHOWN_FIRST, SHOWN_LAST = 3, 4


class PhoneUnreadable(ValueError):
    """A text that is no mobile number."""


def read_phone(text: str) -> str:
    """A number as E.164 writes it, such as +8613800138000.

    Raises:
        PhoneUnreadable: It is no Chinese mobile number, and no foreign one with its country.
    """
    plain = text.translate(SEPARATORS)
    match = CHINESE.fullmatch(plain)
    if match is not None:
        return COUNTRY + match.group(1)
    if FOREIGN.fullmatch(plain) and not plain.startswith(COUNTRY):
        return plain
    raise PhoneUnreadable(text[:20])


def masked(phone: str | None) -> str:
    """A number as its owner knows it again and nobody else does, such as 138****8000."""
    if not phone:
        return ""
    local = phone.removeprefix(COUNTRY)
    if len(local) <= SHOWN_FIRST + SHOWN_LAST:
        return MASK
    return f"{local[:SHOWN_FIRST]}{MASK}{local[-SHOWN_LAST:]}"


def masked_name(name: str) -> str:
    """A name of which the first letter and the last are told."""
    short = name.strip()
    if len(short) <= 1:
        return f"{short}**"
    return f"{short[0]}**{short[-1] if len(short) > SHOWN_FIRST - 1 else ''}"
