"""The log as files that other people's programs read: checkpoints, and tiles of hashes.

Entries are not served: they go to auditors, in an export. Hashes of salted leaves tell nothing.

Source: c2sp.org/tlog-tiles, c2sp.org/tlog-checkpoint.
"""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shareback.engine.proving.accounts import whole_note
from shareback.engine.proving.log_tree import TILE_BITS, TILE_HASHES, LogTree
from shareback.engine.snapshot import snapshot
from shareback.journal.models import Checkpoint, Programme
from shareback.proofs.merkle import HASH_BYTES
from shareback.units.scales import INT64_MAX

PLAIN, BINARY = "text/plain; charset=utf-8", "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_LONG = "public, max-age=60"
LEVEL_MAX = 7
NUMBER_MAX = 32_767
"""Programmes' numbers are 16-bit columns."""

TILE_PATH = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)
PATH_GROUPS_MAX = 6


@require_safe
def checkpoint(request: HttpRequest, number: int, size: int | None = None) -> HttpResponse:  # noqa: ARG001
    """The last checkpoint of a programme's log, or that of a size, with all who vouch for it."""
    if number > NUMBER_MAX or (size or 0) > INT64_MAX:
        raise Http404
    rows = Checkpoint.objects.filter(programme_id=number)
    found = (rows if size is None else rows.filter(size=size)).order_by("-day").first()
    if found is None:
        raise Http404
    return served(whole_note(found).encode(), PLAIN, NOT_LONG)


@require_safe
def tile(request: HttpRequest, number: int, level: int, path: str) -> HttpResponse:  # noqa: ARG001
    """A tile of hashes of the tree that the last checkpoint has, whole or as wide as it was.

    Raises:
        Http404: There is no such tile, or none so wide.
    """
    place, width = place_and_width(path)
    if number > NUMBER_MAX or level > LEVEL_MAX:
        raise Http404
    with snapshot():
        programme = Programme.objects.filter(pk=number).first()
        last = Checkpoint.objects.filter(programme_id=number).order_by("-day").first()
        if programme is None or last is None:
            raise Http404
        tree = LogTree(programme, last.size)
        if width > tree.width(level, place):
            raise Http404
        if width < TILE_HASHES:
            # As wide as it is asked for: it never has to be wider than the tree was then.
            tree = LogTree(programme, (place * TILE_HASHES + width) << TILE_BITS * level)
        body = tree.tile(level, place)
    return served(body[: width * HASH_BYTES], BINARY, FOR_EVER)


def place_and_width(path: str) -> tuple[int, int]:
    """Which tile a path names, and how many hashes of it.

    Raises:
        Http404: It is none, or not in its only form.
    """
    found = TILE_PATH.fullmatch(path)
    groups = found[1].replace("x", "").split("/") if found else []
    if found is None or len(groups) > PATH_GROUPS_MAX or (len(groups) > 1 and groups[0] == "000"):
        raise Http404
    width = int(found[2] or TILE_HASHES)
    if width > TILE_HASHES or (found[2] and width == TILE_HASHES):
        raise Http404
    return int("".join(groups)), width


def served(body: bytes, kind: str, kept: str) -> HttpResponse:
    """A file that anybody may have and keep."""
    response = HttpResponse(body, content_type=kind)
    response.headers["Cache-Control"] = kept
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
