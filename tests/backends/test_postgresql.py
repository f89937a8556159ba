"""The test server is as durable as production, and its absence fails instead of skipping."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bench import postgresql_server

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.postgresql


def setting(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes"])
def test_server_is_durable(postgresql_url: str, name: str) -> None:
    assert setting(postgresql_url, name) == "on"


def test_server_is_at_least_fifteen(postgresql_url: str) -> None:
    assert int(setting(postgresql_url, "server_version_num")) >= 150_000


def test_server_listens_to_this_machine_only(postgresql_url: str) -> None:
    assert setting(postgresql_url, "listen_addresses") == "127.0.0.1"


def test_server_asks_for_its_password(postgresql_server: str) -> None:
    before, _, after = postgresql_server.partition("@")
    user = before.rpartition(":")[0]

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"{user}:wrong@{after}")


def test_each_database_is_new(new_postgresql_database: Callable[..., str]) -> None:
    first, second = new_postgresql_database(), new_postgresql_database()

    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE here (n int)")

    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT to_regclass('here')").fetchone() == (None,)


def test_refuses_by_name_when_no_programs_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_server, "installed_programs", list)

    with (
        pytest.raises(postgresql_server.ServerUnavailable, match=r"make setup.*apt-get"),
        postgresql_server.start_server(),
    ):
        pytest.fail("it started without programs")


def test_refuses_with_the_reason_when_the_programs_do_not_work(tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n", encoding="ascii")
        program.chmod(0o755)
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(0o755)

    with (
        pytest.raises(postgresql_server.ServerUnavailable, match="out of order"),
        postgresql_server.start_server(tmp_path),
    ):
        pytest.fail("it started with programs that do not work")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_without_a_server_fails_and_does_not_skip(tmp_path: Path, workers: str) -> None:
    (tmp_path / "conftest.py").write_text(
        "from bench import postgresql_server\n"
        "postgresql_server.installed_programs = list\n"
        'pytest_plugins = ["tests.backends.postgresql"]\n',
        encoding="ascii",
    )
    (tmp_path / "test_planted.py").write_text(
        "def test_needs_it(postgresql_url):\n    pass\n", encoding="ascii"
    )

    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider"),
            *("-n", workers, "--rootdir", str(tmp_path), str(tmp_path)),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "1 error" in run.stdout
    assert "make setup" in run.stdout


def test_stops_what_it_started() -> None:
    with postgresql_server.start_server() as url:
        psycopg.connect(url).close()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)
