"""The export of a log: whole, exact, and verified where there is no database."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from shareback.audit.export_form import HASHED, HEAD_COLUMNS, MANIFEST, TABLES
from shareback.audit.export_reading import Export
from shareback.audit.verifying import verify_export
from shareback.engine import exporting_log
from shareback.engine.engine import Engine, ProgrammeUnknown
from shareback.engine.exporting_log import export_log
from shareback.engine.opening import open_programme
from shareback.journal import heads
from shareback.journal.models import Event, Programme
from shareback.kernels.hashing import bytes_of
from shareback.proofs.commitment import leaf_salt
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.rules.layout import Head
from tests.attacks.exports import DAYS, export_of, lived
from tests.backends.once import Once
from tests.engine.busy import OPENED, SALTS, parameters

pytestmark = pytest.mark.usefixtures("alias")
FILES = sorted((MANIFEST, *HASHED))


@pytest.fixture(scope="module")
def engine(alias: str, once: Once) -> Engine:
    """A programme that has lived; no test changes it."""
    return once(("lived", alias), lambda: lived("lived", alias))


@pytest.fixture(scope="module")
def folder(engine: Engine, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export; no test changes it."""
    name = ("export", engine.alias)
    return once(name, lambda: export_of(engine, tmp_path_factory.mktemp("export")))


def test_the_export_has_the_files_and_columns_that_are_specified(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == FILES
    for name, schema in TABLES.items():
        assert pq.read_schema(folder / name).equals(schema)
    assert HEAD_COLUMNS == heads.HEAD_COLUMNS


def test_every_event_is_rebuilt_byte_for_byte_with_its_salt(engine: Engine, folder: Path) -> None:
    rows = Event.objects.using(engine.alias).filter(programme_id=engine.id).order_by("sequence")
    bodies = [bytes(body) for body in rows.values_list("body", flat=True)]
    found, salts = [], []
    for run, words in Export(folder).runs():
        text, offsets = run.bodies.buffer.tobytes(), run.bodies.offsets.tolist()
        found += [text[start:end] for start, end in pairwise(offsets)]
        salts += [salt.tobytes() for salt in bytes_of(words)]
    assert found == bodies
    assert salts == [leaf_salt(engine.key, place) for place in range(len(bodies))]


def test_an_export_verifies_and_leads_to_the_root_in_the_database(
    engine: Engine, folder: Path
) -> None:
    found = verify_export(folder)
    assert found.findings == ()
    assert found.passed
    row = Programme.objects.using(engine.alias).get(pk=engine.id)
    assert found.root == root(frontier_from_bytes(bytes(row.frontier)))
    assert (found.programme, found.events) == ("lived", row.sequence)
    assert (found.days, found.checkpoints) == (DAYS + 1, DAYS + 1)
    assert len(found.vouched) == 1


def test_the_tree_of_accounts_has_grown_in_between(folder: Path) -> None:
    heights = pq.read_table(folder / "places.parquet").column("height").to_numpy()
    assert np.unique(heights).tolist() == [5, 6]


def test_what_has_not_been_signed_yet_is_verified_as_far_as_it_goes(
    busy: Engine, alias: str, tmp_path: Path
) -> None:
    written = export_log("busy", tmp_path, alias)
    found = verify_export(tmp_path)
    assert found.findings == ()
    assert (written.events, written.days) == (busy.head()[Head.SEQUENCE], found.days)


def test_a_programme_that_has_only_been_opened_is_exported(alias: str, tmp_path: Path) -> None:
    open_programme(parameters("only opened"), OPENED, alias, SALTS)
    assert export_log("only opened", tmp_path, alias) == (1, 0, 0)
    found = verify_export(tmp_path)
    assert (found.findings, found.events, found.days) == ((), 1, 0)


def test_a_programme_whose_life_is_over_is_exported(
    ended: Engine, alias: str, tmp_path: Path
) -> None:
    export_of(ended, tmp_path)
    assert verify_export(tmp_path).findings == ()


def test_no_file_is_there_before_all_are_whole(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {}
    for name in ("days.parquet", MANIFEST):
        before[name] = tmp_path / name
        before[name].write_text("as it was", encoding="ascii")

    def fail(_path: Path) -> str:
        raise OSError("no room")

    monkeypatch.setattr(exporting_log, "sha256_of", fail)
    with pytest.raises(OSError, match="no room"):
        export_log("lived", tmp_path, engine.alias)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(before)
    assert {path.read_text(encoding="ascii") for path in before.values()} == {"as it was"}


def test_a_second_export_takes_the_place_of_the_first(engine: Engine, tmp_path: Path) -> None:
    for _turn in range(2):
        export_of(engine, tmp_path)
        assert verify_export(tmp_path).passed


def test_an_unknown_programme_leaves_no_folder(alias: str, tmp_path: Path) -> None:
    with pytest.raises(ProgrammeUnknown):
        export_log("nobody's", tmp_path / "export", alias)
    assert not (tmp_path / "export").exists()


def test_verifying_an_export_sets_up_no_django(folder: Path, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from shareback.cli.main import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    from django.apps import apps\n"
        "    from django.conf import settings\n"
        "    assert not (apps.ready or settings.configured), 'Django is set up'\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, "verify", "--export", folder, "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(sys.path), "DJANGO_SETTINGS_MODULE": "none.there"},
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["ok"] is True
