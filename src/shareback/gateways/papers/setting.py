"""Set a paper as PDF, one at a time in a process: that takes a processor for a while.

All text goes to typst as JSON, never as markup, so a name such as ``#[x]`` is set as it stands.
The file is PDF/A with its title and language, and the same bytes for the same paper.
"""

import json
import logging
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from shareback.gateways.papers.shapes import Cell, Paper, Section

LOG = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent
FONTS = tuple(HERE / "fonts" / f"NotoSansSC-{weight}.ttf" for weight in ("Regular", "Bold"))

ROWS_MAX = 10_000
"""So many rows are set: about fifteen seconds and two gigabytes on a small machine."""

TAGGED_ROWS_MAX = 1_000
"""Up to here a paper says to those who cannot see it what is a table: as much again as its text."""

SECONDS_MAX = 120
PRESS = threading.BoundedSemaphore(1)
LINE = threading.BoundedSemaphore(4)
WAIT_S = 5.0

MISSING = "〓"
"""What printers set for a character that they do not have."""

WORD = re.compile(r"[!-~]+")
WORD_MAX, WORD_MAX_NARROW = 60, 24
"""So many letters stand on one line: across the page, and in a table of many columns."""

MANY_COLUMNS = 3
PIECE = re.compile(r".{1,12}")
BREAK = "\N{ZERO WIDTH SPACE}"


class FontsMissing(Exception):
    """The fonts are not there."""

    def __str__(self) -> str:
        return (
            "the fonts of statements are missing; in a checkout `make setup` brings them,"
            " and a built package has them"
        )


class PressBusy(Exception):
    """Others are being set, and some wait already."""

    def __str__(self) -> str:
        return "other statements are being set; try again in a moment"


class PaperTooLong(Exception):
    """More rows than are set.

    Attributes:
        rows: How many.
    """

    def __init__(self, rows: int) -> None:
        """Keep how many."""
        super().__init__(rows)
        self.rows = rows

    def __str__(self) -> str:
        return f"{self.rows:,} entries are more than a statement takes: {ROWS_MAX:,}"


class PressFailed(Exception):
    """typst has not set it: a fault of the template, or more memory or time than it may take."""


def refuse_long(rows: int) -> None:
    """Refuse what has too many rows, before they are gathered.

    Raises:
        PaperTooLong: So it is.
    """
    if rows > ROWS_MAX:
        raise PaperTooLong(rows)


def printed(draw: Callable[[], Paper]) -> bytes:
    """Draw a paper up and set it, when it is its turn.

    Args:
        draw: Gathers what it says; that may take a while too.

    Returns:
        The PDF.

    Raises:
        FontsMissing: There are no fonts.
        PressBusy: It would wait too long.
        PaperTooLong: It has too many rows.
    """
    refuse_without_fonts()
    with turn():
        return set_paper(draw())


def refuse_without_fonts() -> None:
    """See that the fonts are there.

    Raises:
        FontsMissing: They are not.
    """
    if not all(font.is_file() for font in FONTS):
        raise FontsMissing


@contextmanager
def turn() -> Iterator[None]:
    """Wait for the press; not behind many, since who waits holds a thread of the server.

    Raises:
        PressBusy: Many wait, or it has taken too long.
    """
    if not LINE.acquire(blocking=False):
        raise PressBusy
    try:
        if not PRESS.acquire(timeout=WAIT_S):
            raise PressBusy
        try:
            yield
        finally:
            PRESS.release()
    finally:
        LINE.release()


def set_paper(paper: Paper) -> bytes:
    """A paper as PDF.

    Raises:
        PaperTooLong: It has too many rows.
        PressFailed: typst has not set it.
    """
    refuse_long(paper.rows)
    try:
        done = subprocess.run(  # noqa: S603 - our own file, with nothing of the paper on the line
            [sys.executable, "-P", HERE / "press.py"],
            input=ordered(paper),
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PressFailed(f"not set within {SECONDS_MAX} s") from None
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0:
        raise PressFailed(said.splitlines()[-1] if said else f"ended with {done.returncode}")
    if said:
        LOG.warning("typst: %s", said)
    return done.stdout


def ordered(paper: Paper) -> bytes:
    """What the press reads."""
    tagged = paper.rows <= TAGGED_ROWS_MAX
    made = datetime.combine(paper.day, time(), UTC)
    order = {
        "paper": document(paper),
        "tagged": tagged,
        "standard": "a-2a" if tagged else "a-2u",
        "timestamp": int(made.timestamp()),
        "seconds": SECONDS_MAX,
    }
    return json.dumps(order, ensure_ascii=False).encode()


def document(paper: Paper) -> dict[str, Any]:
    """A paper as the template takes it."""
    heads = {
        name: settable(getattr(paper, name))
        for name in ("heading", "programme", "month", "so_far", "author", "running")
    }
    return {
        **heads,
        "language": paper.language,
        "title": f"{heads['heading']} · {heads['running']}",
        "date": [paper.day.year, paper.day.month, paper.day.day],
        "facts": [[settable(label), settable(value)] for label, value in paper.facts],
        "sections": [
            {
                "heading": settable(one.heading),
                "lead": settable(one.lead),
                "columns": [[settable(label), kind] for label, kind in one.columns],
                "rows": rows_of(one),
                "sums": one.sums,
                "sentences": [settable(sentence) for sentence in one.sentences],
            }
            for one in paper.sections
        ],
    }


def rows_of(one: Section) -> list[list[str | list[str]]]:
    """A table's rows as the template takes them."""
    word_max = WORD_MAX if len(one.columns) < MANY_COLUMNS else WORD_MAX_NARROW

    def of_cell(cell: Cell) -> str | list[str]:
        if isinstance(cell, str):
            return settable(cell, word_max)
        return [settable(line, word_max) for line in cell]

    return [[of_cell(cell) for cell in row] for row in one.rows]


def settable(text: str, word_max: int = WORD_MAX) -> str:
    """A text of characters that the fonts have, in which long words may break anywhere."""
    known = characters()
    if not known.issuperset(map(ord, text)):
        text = "".join(one if ord(one) in known else instead_of(one) for one in text)

    def broken(word: re.Match[str]) -> str:
        return word[0] if len(word[0]) <= word_max else BREAK.join(PIECE.findall(word[0]))

    return WORD.sub(broken, text)


def instead_of(character: str) -> str:
    """What is set for a character that the fonts do not have.

    What only changes its neighbours or the direction of writing is left out.
    """
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category in {"Cf", "Mn", "Me"} else MISSING


@cache
def characters() -> frozenset[int]:
    """The characters that all fonts have, those that only change their neighbours left out."""
    found: set[int] | None = None
    for path in FONTS:
        with TTFont(path, lazy=True) as font:
            here = set(font.getBestCmap())
        found = here if found is None else found & here
    return frozenset(
        one for one in found or () if unicodedata.category(chr(one)) not in {"Cc", "Cf"}
    )
