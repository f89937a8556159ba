"""``serve`` and ``demo``: what must hold is looked at before anything is shown or removed."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from shareback.cli.console import Fault
from shareback.cli.demo import demo, own_address, show_house
from shareback.cli.serve import refuse_busy_port, run_server
from shareback.engine import demo_data
from tests.cli.conftest import Shareback
from tests.cli.orders import write
from tests.cli.test_people import MALL


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
        demo(folder=tmp_path, port=8000, lan=False, no_serve=True, as_json=False)
    assert before.read_text() == "an earlier programme"
    assert list(tmp_path.iterdir()) == [before]
    with pytest.raises(Fault, match="make setup"):
        demo(folder=tmp_path / "new", port=8000, lan=False, no_serve=True, as_json=False)
    assert not (tmp_path / "new").exists()


# --------------------------------------------------------------------------- the whole house

SETTINGS = """
import os, sys
from shareback.cli import serve
serve.refuse_busy_port = lambda port: None
serve.run_server = lambda port, workers: print(os.environ["DJANGO_SETTINGS_MODULE"])
serve.serve(database=sys.argv[1], port=8000, workers=1, as_json=False)
"""
"""What ``serve`` would become, told by its settings."""


def settings_for(url: str) -> str:
    """The settings of the server of a database."""
    environment = {name: value for name, value in os.environ.items() if name[:6] != "DJANGO"}
    command = [sys.executable, "-c", SETTINGS, url]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_a_database_with_a_mall_is_served_as_the_whole_house(
    shareback: Shareback, kept: str, fresh_url: str, tmp_path: Path
) -> None:
    assert settings_for(kept) == "shareback.web.settings"
    (tmp_path / "mall.toml").write_text(MALL, encoding="utf-8")
    assert shareback("open", "mall.toml", "--database", fresh_url, "--json").json
    assert shareback("people", "--database", fresh_url, "--json").json == {"people": []}
    assert settings_for(fresh_url) == "shareback.web.mall_settings"


PARENT = """
import os, sys, time
from shareback.cli import demo
demo.run_jobs()
print(demo.KEPT_OPEN[0].pid, flush=True)
os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)"])
"""
"""Becomes another program, as the demo becomes the server."""


@pytest.mark.usefixtures("house")
def test_the_jobs_of_a_demo_end_with_its_server_even_if_that_is_killed(journal_url: str) -> None:
    environment = {**os.environ, "SHAREBACK_DATABASE": journal_url}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        jobs = int(parent.stdout.readline())
        # Long enough for it to be at work.
        ends = time.monotonic() + 60
        while parent.poll() is None and not is_at_work(jobs) and time.monotonic() < ends:
            time.sleep(0.1)
        assert is_there(jobs)
        parent.send_signal(signal.SIGKILL)
    while is_there(jobs) and time.monotonic() < ends + 30:
        time.sleep(0.1)
    assert not is_there(jobs)


def is_there(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be seen does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def is_at_work(process: int) -> bool:
    """Whether a process has become the mall's jobs."""
    return b"--until-eof" in Path(f"/proc/{process}/cmdline").read_bytes()


def test_a_demo_tells_where_everything_is_and_who_can_log_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_house("http://127.0.0.1:8000", with_code=False)
    told = capsys.readouterr().err
    for part in (
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000/m/journey/",
        "http://127.0.0.1:8000/console/",
        "246810",
        "calm and exact 7",
        "13800001001",
        "owns 青岗酒庄",
        "operator  approver  finance  auditor  support",
        "Each enrols an authenticator app",
    ):
        assert part in told


def test_the_address_for_phones_is_one_of_this_machine() -> None:
    try:
        address = own_address()
    except Fault as fault:
        assert "this machine is in no network" in str(fault)  # noqa: PT017 - either is right
    else:
        assert not ipaddress.ip_address(address).is_unspecified
