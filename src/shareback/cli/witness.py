"""``shareback witness``: a program that watches logs, and cosigns what extends what it saw."""

import os
import socket
import sys
from pathlib import Path

import typer

from shareback.audit.witness.identity import (
    Identity,
    IdentityUnreadable,
    make_identity,
    read_identity,
)
from shareback.audit.witness.ledger import LedgerUnreadable, make_ledger
from shareback.audit.witness.site import KEY, KEYS, STATE
from shareback.audit.witness.trust import KeysUnreadable, read_logs
from shareback.cli.console import Fault, err, out, shortened, show_json
from shareback.cli.serve import HOST, refuse_busy_port

PORT = 8099
STATE_FILE, KEY_FILE = Path("var/witness/seen.sqlite3"), Path("var/witness/key")

KEYS_HELP = "The keys of the logs that are trusted, one a line."
STATE_HELP = "The SQLite file of what was seen; made at the first start."
KEY_HELP = "The witness' own key; made at the first start."
NAME_HELP = "How a new key is called, such as witness.example.com/w1; else after this machine."


def witness(
    keys: Path = typer.Option(..., "--keys", metavar="FILE", help=KEYS_HELP),
    state: Path = typer.Option(STATE_FILE, "--state", metavar="FILE", help=STATE_HELP),
    key: Path = typer.Option(KEY_FILE, "--key", metavar="FILE", help=KEY_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    port: int = typer.Option(PORT, "--port", min=1, max=65_535, help="Port on 127.0.0.1."),
    *,
    as_json: bool = typer.Option(False, "--json", help="Key and address as a JSON object."),
) -> None:
    """Keep the last checkpoint of each log, and cosign only what extends it, on 127.0.0.1."""
    refuse_busy_port(port)
    try:
        read_logs(keys)
        identity = prepared(state, key, name)
    except (KeysUnreadable, IdentityUnreadable, LedgerUnreadable) as fault:
        raise Fault(str(fault)) from None
    verifier, url = identity.verifier.to_text(), f"http://{HOST}:{port}/"
    if as_json:
        show_json({"vkey": verifier, "url": url})
    else:
        out.print(verifier, soft_wrap=True)
    err.print(f"witnessing at {url} — stop with Ctrl-C")
    run_witness(keys, state, key, port)


def prepared(state: Path, key: Path, name: str | None) -> Identity:
    """Make ledger and key where they are not there yet.

    Raises:
        Fault: The key is there without what it has seen, or is called otherwise.
        IdentityUnreadable: The key's file holds none, or others may read it.
        LedgerUnreadable: The ledger's file is none.
    """
    if key.exists() and not state.exists():
        told = f"--state {shortened(state)}: is not there, but its key {shortened(key)} is"
        mend = "put back what this key has seen, or name another --key: it would forget all forks"
        raise Fault(f"{told}; {mend}")
    for folder in (state.parent, key.parent):
        folder.mkdir(parents=True, exist_ok=True)
    make_ledger(state)
    # The ledger comes first, so that no key is ever without one.
    if not key.exists():
        return make_identity(key, name or f"{socket.gethostname()}/witness")
    identity = read_identity(key)
    if name not in {None, identity.name}:
        raise Fault(f"--name {name}: the key {shortened(key)} is called {identity.name}")
    return identity


def run_witness(keys: Path, state: Path, key: Path, port: int) -> None:
    """Become the witness, until it is stopped.

    Args:
        keys: The logs' keys.
        state: The ledger.
        key: The witness' own key.
        port: Where it listens on 127.0.0.1.
    """
    for variable, path in ((KEYS, keys), (STATE, state), (KEY, key)):
        os.environ[variable] = str(path.absolute())
    program = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "64"),
        *("--log-level", "error", "--no-access-log", "--no-ws"),
        "shareback.audit.witness.site:site",
    ]
    # The server takes this process over, so that whoever stops it stops all of it.
    os.execv(sys.executable, program)  # noqa: S606 - our own program, without a shell
