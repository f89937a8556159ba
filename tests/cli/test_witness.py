"""``witness``: what must hold is looked at before it starts; then it is a program of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from shareback.audit.witness.identity import make_identity
from shareback.proofs.notes import verifier_from_text
from tests.audit.logs import NAME, Log, Running, trusting, wait_for
from tests.backends.servers import free_port
from tests.cli.conftest import ROOT, Shareback

LOG = Log("example.com/vintage")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """The file of the one log that is trusted."""
    return trusting(tmp_path, [LOG])


def test_a_witness_starts_tells_its_key_and_cosigns(logs: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "witness.log"
    program = [
        *(sys.executable, "-m", "shareback.cli.main", "witness", "--keys", logs.name),
        *("--name", NAME, "--port", str(port), "--json"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with log.open("wb") as err:
        process = subprocess.Popen(
            program,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=err,
            start_new_session=True,
        )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    key = verifier_from_text(told["vkey"])
    assert key.name == NAME
    assert told == {"vkey": key.to_text(), "url": f"http://127.0.0.1:{port}/"}
    witness = Running(told["url"].rstrip("/"), key, process)
    try:
        wait_for(witness, log)
        assert witness.cosigns(LOG, 0, 9)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        with pytest.raises(httpx.TransportError):
            witness.get("/")
    finally:
        witness.kill()
        process.stdout.close()
    assert (tmp_path / "var/witness/key").stat().st_mode & 0o777 == 0o600


def test_a_file_that_names_no_logs_is_told_with_its_line(
    shareback: Shareback, tmp_path: Path
) -> None:
    (tmp_path / "logs.txt").write_text("# ours\nexample.com/vintage\n", encoding="utf-8")
    told = shareback("witness", "--keys", "logs.txt", "--port", free_port()).fault
    assert told == "shareback: logs.txt, line 2: no verifier's key: name+id+key"
    missing = shareback("witness", "--keys", "none.txt", "--port", free_port())
    assert missing.fault == "shareback: none.txt: No such file or directory"
    assert not (tmp_path / "var").exists()


def test_a_key_without_what_it_has_seen_does_not_start(
    shareback: Shareback, logs: Path, tmp_path: Path
) -> None:
    make_identity(tmp_path / "key", NAME)
    run = shareback("witness", "--keys", logs, "--key", "key", "--port", free_port())
    assert "its key key is; put back what this key has seen" in run.fault
    assert not (tmp_path / "var").exists()


def test_a_key_keeps_its_name(shareback: Shareback, logs: Path, tmp_path: Path) -> None:
    seen = ("--key", "key", "--state", "seen", "--port", free_port())
    bad = shareback("witness", "--keys", logs, *seen, "--name", "two words")
    assert "1 to 200 characters" in bad.fault
    make_identity(tmp_path / "key", NAME)
    other = shareback("witness", "--keys", logs, *seen, "--name", "another")
    assert other.fault == f"shareback: --name another: the key key is called {NAME}"


def test_a_port_that_is_taken_is_told(shareback: Shareback, logs: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = shareback("witness", "--keys", logs, "--port", port)
    assert f"--port {port}: cannot listen" in run.fault
    assert not (tmp_path / "var").exists()
