"""Files of the page of proofs: public figures alone, read some rows at a time."""

import csv
import hashlib
import json
from collections.abc import Iterator
from io import StringIO
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from shareback.engine.calendar import day_text
from shareback.engine.proving.checkpoints import liabilities_from_bytes
from shareback.engine.proving.keys import verifier_of
from shareback.engine.reporting import DAY_COLUMNS, day_line
from shareback.journal.models import Checkpoint, Cosignature, Day, LogKey, Programme, Witness
from shareback.proofs.notes import Purpose, Verifier
from shareback.rules.layout import HEAD_WIDTH, Row
from shareback.web.log_files import NOT_LONG
from shareback.web.programme_file import programme_file
from shareback.web.programmes import parameters_of, programme_named

ROWS_AT_ONCE = 250
"""No cursor of the database waits for a slow reader: each piece is a query of its own."""

DAYS_MAX = 36_525
"""A hundred years; of a longer life a file has the last of them."""

NAME_MAX = 80
UNFIT = '/\\:*?"<>|'
"""What some systems do not take in a file's name."""

CSV, JSON, TOML = "text/csv; charset=utf-8", "application/json", "application/toml; charset=utf-8"


@require_safe
def days_file(request: HttpRequest, name: str) -> HttpResponseBase:  # noqa: ARG001
    """The figures of every closed day, as a replay's ``days.csv`` has them."""
    programme = programme_named(name)
    last = Day.objects.filter(programme_id=programme.pk).order_by("day").last()
    made_of = f"{DAY_COLUMNS} {'' if last is None else f'{last.day} {bytes(last.root).hex()}'}"
    body = (text.encode() for text in day_lines(programme, 0 if last is None else last.day))
    return file_of(programme, "days.csv", CSV, made_of, StreamingHttpResponse(body))


def day_lines(programme: Programme, last: int) -> Iterator[str]:
    """The lines of the file, up to the last day; no text that somebody chose is in it (A61)."""
    yield csv_line(DAY_COLUMNS)
    rows = Day.objects.filter(programme_id=programme.pk, day__lte=last).order_by("day")
    done = last - DAYS_MAX
    # The day before the first that is told, to tell that one's flows.
    earlier = rows.filter(day=done).first()
    before: Row = [0] * HEAD_WIDTH if earlier is None else earlier.figures()
    while piece := list(rows.filter(day__gt=done)[:ROWS_AT_ONCE]):
        for row in piece:
            head = row.figures()
            yield csv_line(day_line(head, before, bytes(row.root)))
            before = head
        done = piece[-1].day


def csv_line(cells: object) -> str:
    """A line of a CSV file."""
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)  # type: ignore[arg-type]
    return line.getvalue()


@require_safe
def checkpoints_file(request: HttpRequest, name: str) -> HttpResponseBase:  # noqa: ARG001
    """Every checkpoint with all who vouch for it, and their keys, in one file."""
    programme = programme_named(name)
    last = Checkpoint.objects.filter(programme_id=programme.pk).order_by("day").last()
    cosigned = Cosignature.objects.filter(programme_id=programme.pk).count()
    head = json.dumps(vouching(programme), ensure_ascii=False)
    made_of = f"{head} {cosigned} {'' if last is None else last.note}"
    body = checkpoint_lines(programme, head, 0 if last is None else last.day)
    answer = StreamingHttpResponse(text.encode() for text in body)
    return file_of(programme, "checkpoints.json", JSON, made_of, answer)


def vouching(programme: Programme) -> dict[str, object]:
    """Whose signatures to look for."""
    keys = LogKey.objects.filter(programme_id=programme.pk).order_by("number")
    witnesses = Witness.objects.filter(programme_id=programme.pk).order_by("name")
    return {
        "programme": programme.name,
        "keys": [verifier_of(key).to_text() for key in keys],
        "witnesses": [
            Verifier(one.name, Purpose.COSIGNATURE, bytes(one.public)).to_text()
            for one in witnesses
        ],
    }


def checkpoint_lines(programme: Programme, head: str, last: int) -> Iterator[str]:
    """The file, a checkpoint a line, the first one first."""
    yield f'{head[:-1]}, "checkpoints": ['
    rows = Checkpoint.objects.filter(programme_id=programme.pk, day__lte=last).order_by("day")
    done, comma = last - DAYS_MAX, ""
    while piece := list(rows.filter(day__gt=done)[:ROWS_AT_ONCE]):
        lines = cosignatures(programme, piece[0].day, piece[-1].day)
        for row in piece:
            told = checkpoint_of(row, "".join(lines.get(row.day, [])))
            yield f"{comma}\n{json.dumps(told, ensure_ascii=False)}"
            comma = ","
        done = piece[-1].day
    yield "\n]}\n"


def cosignatures(programme: Programme, first: int, last: int) -> dict[int, list[str]]:
    """The lines of witnesses under some checkpoints, by day."""
    rows = Cosignature.objects.filter(
        programme_id=programme.pk, day__gte=first, day__lte=last
    ).order_by("day", "witness")
    found: dict[int, list[str]] = {}
    for day, line in rows.values_list("day", "line"):
        found.setdefault(day, []).append(line)
    return found


def checkpoint_of(row: Checkpoint, cosigned: str) -> dict[str, object]:
    """A checkpoint as the file has it."""
    owed = bytes(row.liabilities)
    return {
        "day": day_text(row.day),
        "size": row.size,
        "root": bytes(row.root).hex(),
        "owed": liabilities_from_bytes(owed).digest().hex(),
        "liabilities": owed.hex(),
        "note": f"{row.note}{cosigned}",
    }


@require_safe
def terms_file(request: HttpRequest, name: str) -> HttpResponseBase:  # noqa: ARG001
    """The parameters in force, as a programme file."""
    programme = programme_named(name)
    text = programme_file(parameters_of(programme)[programme.terms])
    return file_of(programme, "programme.toml", TOML, text, HttpResponse(text.encode()))


def file_of(
    programme: Programme, ending: str, kind: str, made_of: str, answer: HttpResponseBase
) -> HttpResponseBase:
    """An answer that a browser keeps as a file.

    Args:
        programme: Whose it is.
        ending: How its name ends.
        kind: Its type.
        made_of: Where this is the same, so is the file.
        answer: Its body.
    """
    called = "".join(
        " " if each in UNFIT or not each.isprintable() else each for each in programme.name
    )
    whole = f"{' '.join(called.split())[:NAME_MAX]} {ending}".lstrip(" .")
    plain = f"shareback-{programme.pk}-{ending}"
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(whole, safe='')}"
    )
    digest = hashlib.sha256(f"{ending} {programme.pk} {made_of}".encode()).hexdigest()
    answer.headers["ETag"] = f'"{digest[:32]}"'
    answer.headers["Cache-Control"] = NOT_LONG
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
