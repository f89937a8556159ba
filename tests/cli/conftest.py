"""The command line, run as people run it: its exit code, its output, its faults."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.backends.once import Once
from tests.cli.orders import write

ROOT = Path(__file__).resolve().parents[2]


class Run(NamedTuple):
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        assert self.code == 0, self.err
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def fault(self) -> str:
        """The one line on stderr of bad input; nothing else was said."""
        assert self.code == 2, self.err
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("shareback: ")
        return line


Shareback = Callable[..., Run]


HOUSE = "shareback.web.mall_settings"
SETTINGS = {"people": HOUSE, "shop": HOUSE, "jobs": HOUSE, "bank": HOUSE, "statement": HOUSE}
"""With which settings a command sets Django up; all others with the light ones."""


NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@contextmanager
def warm_cli(settings: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that forks a child for each run."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SHAREBACK_DATABASE", "DJANGO_SETTINGS_MODULE")
    }
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.cli.warm", settings],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": path, "COLUMNS": "100"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="session")
def run_in(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Runs ``shareback`` in a folder."""
    said = tmp_path_factory.mktemp("said")

    def runs(
        folder: Path,
        *arguments: object,
        database: str | None = None,
        variables: Mapping[str, str] = NO_VARIABLES,
    ) -> Run:
        out, err = said / "out", said / "err"
        for file in (out, err):
            file.unlink(missing_ok=True)
        request = {
            "arguments": [str(argument) for argument in arguments],
            "folder": str(folder),
            "environment": {
                **({"SHAREBACK_DATABASE": database} if database else {}),
                **variables,
            },
            "stdout": str(out),
            "stderr": str(err),
        }
        settings = SETTINGS.get(str(next(iter(arguments), "")), "shareback.web.settings")
        warm = once.entered(("warm", settings), lambda: warm_cli(settings))
        assert warm.stdin is not None
        assert warm.stdout is not None
        warm.stdin.write(json.dumps(request) + "\n")
        warm.stdin.flush()
        code = int(warm.stdout.readline())
        return Run(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    return runs


@pytest.fixture
def shareback(run_in: Callable[..., Run], tmp_path: Path) -> Shareback:
    """Runs ``shareback`` with some arguments in the test's folder."""
    return partial(run_in, tmp_path)


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def kept(
    request: pytest.FixtureRequest,
    run_in: Callable[..., Run],
    once: Once,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """A database with one programme that no test changes; its results lie in its folder."""

    def fills() -> str:
        folder = tmp_path_factory.mktemp("kept")
        url = f"sqlite://{folder}/kept.db"
        if request.param == "postgresql":
            url = request.getfixturevalue("new_postgresql_database")()
        assert run_in(folder, "replay", write(folder), "--database", url).code == 0
        return url

    return once(("kept", request.param), fills)
