"""Exports of busy programmes, and how somebody edits them, the manifest too."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shareback.audit.export_form import HASHED, MANIFEST, TABLES
from shareback.audit.export_reading import digest_of
from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.exporting_log import export_log
from shareback.engine.proving.checkpoints import draw_up
from shareback.journal.models import Checkpoint
from tests.engine.busy import DAY, OPENED, busy_programme

NEWCOMERS = 8
DAYS = 12


def lived(name: str, alias: str, seed: int = 5) -> Engine:
    """A busy programme whose tree of accounts has grown once."""
    engine = busy_programme(name, alias, seed, DAYS)
    draw_up(engine.id, alias)
    at = OPENED + DAYS * DAY
    engine.apply([cmd.JoinMember(at, f"late {n}") for n in range(NEWCOMERS)])
    engine.close(engine.calendar.day_of(at))
    draw_up(engine.id, alias)
    return engine


def export_of(engine: Engine, folder: Path) -> Path:
    """Its export."""
    export_log(engine.programme.name, folder, engine.alias)
    return folder


def checkpoint_of(engine: Engine, place: int) -> str:
    """One of its checkpoints, as somebody has kept it."""
    rows = Checkpoint.objects.using(engine.alias).filter(programme_id=engine.id)
    return str(rows.order_by("day")[place].note)


def edited(
    source: Path, folder: Path, name: str, edit: Callable[[list[dict[str, object]]], object]
) -> Path:
    """A copy of an export in which somebody has edited the rows of a table, and the manifest too.

    Args:
        source: The export.
        folder: Where the copy goes.
        name: The table's file.
        edit: Changes its rows in place.
    """
    if folder != source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    rows = pq.read_table(folder / name).to_pylist()
    edit(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[name]), folder / name)
    return remade(folder)


def remade(folder: Path, **changes: object) -> Path:
    """Let the manifest name the files as they are now."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = {name: digest_of(folder / name) for name in HASHED}
    path.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")
    return folder
