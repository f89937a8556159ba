"""``serve`` and ``demo``: what must hold is looked at before anything is shown or removed."""

import os
import socket
from pathlib import Path

import pytest
from django.conf import settings

from shareback.cli.console import Fault
from shareback.cli.serve import demo, refuse_busy_port, run_server
from shareback.engine import demo_data
from tests.cli.conftest import Shareback
from tests.cli.orders import write


def test_a_busy_port_is_told_before_an_address(shareback: Shareback, kept: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = shareback("serve", "--port", port, "--database", kept, "--json")
    assert f"--port {port}: cannot listen on 127.0.0.1:{port}: Address already in use" in run.fault


def test_a_busy_port_is_told_before_a_demo(shareback: Shareback, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"--port {port}" in shareback("demo", "--folder", "demo", "--port", port).fault
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_free_again_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), taken.accept()[0]:
            pass
    refuse_busy_port(port)


@pytest.mark.parametrize("workers", [1, 3])
def test_all_processes_of_a_server_sign_with_one_key(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    become: list[list[str]] = []
    monkeypatch.setenv("SHAREBACK_SECRET_KEY", "")
    monkeypatch.setattr(os, "execv", lambda _program, arguments: become.append(arguments))
    run_server(8000, workers)
    (program,) = become
    assert program[program.index("--workers") + 1] == str(workers)
    assert os.environ["SHAREBACK_SECRET_KEY"] == settings.SECRET_KEY


def test_a_demo_without_its_data_set_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_data, "_PACKAGE", "no_such_package")
    before = write(tmp_path, "an earlier programme", "demo.sqlite3")
    with pytest.raises(Fault, match="make setup"):
        demo(folder=tmp_path, port=8000, no_serve=True, as_json=False)
    assert before.read_text() == "an earlier programme"
    assert list(tmp_path.iterdir()) == [before]
    with pytest.raises(Fault, match="make setup"):
        demo(folder=tmp_path / "new", port=8000, no_serve=True, as_json=False)
    assert not (tmp_path / "new").exists()
