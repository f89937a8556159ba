"""A process that has loaded and compiled everything once, and forks those that are killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Runs(Protocol):
    """Runs an action of ``tests.faults.warm`` and gives its result."""

    def __call__(self, action: str, **arguments: object) -> dict[str, Any]:
        """Run it; a fault there is a failure here."""


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The warm process; it ends with the session."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    nowhere = tmp_path_factory.mktemp("warm") / "unused.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.warm"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "DJANGO_SETTINGS_MODULE": "shareback.web.settings",
            "SHAREBACK_DATABASE": f"sqlite://{nowhere}",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def runs(action: str, **arguments: object) -> dict[str, Any]:
            stdin.write(json.dumps({"action": action, "arguments": arguments}) + "\n")
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline())
            if "fault" in answer:
                pytest.fail(answer["fault"], pytrace=False)
            return answer

        yield runs
        stdin.close()
