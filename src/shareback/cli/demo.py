"""``shareback demo``: a year of shopping, then the whole mall on this machine."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer

from shareback.cli.console import Bars, Fault, err, folder_for, progress_bars, show_json
from shareback.cli.database import use_database
from shareback.cli.programmes import read_programme
from shareback.cli.replay import replayed, show_summary
from shareback.cli.serve import ALL_ADDRESSES, HOST, HOUSE, PORT, refuse_busy_port, run_server
from shareback.rules.programme import Programme

if TYPE_CHECKING:
    from shareback.engine.demo_data import DemoReport

DEMO_NAME = "Complete Journey"
BY = "cli:demo"
"""Who has let the demo's people into the console, in its trail."""

DAYS_TO_SPARE = 3
"""So many days before today, the last order's maturity and the close after it are over."""

LAN_HELP = "For phones in this network too; whoever is in it can log in as anybody."
ELSEWHERE = ("192.0.2.1", 9)
"""An address for examples: asking for the way there sends nothing."""


class Places(NamedTuple):
    """Where a demo is kept.

    Attributes:
        folder: All of it.
        orders: The orders file.
        database: The database's file.
        media: Pictures.
    """

    folder: Path
    orders: Path
    database: Path
    media: Path

    @property
    def url(self) -> str:
        """The database as ``--database`` names it."""
        return self.database.as_uri().replace("file:", "sqlite:", 1)


def demo(
    folder: Path = typer.Option(Path("var/demo"), "--folder", help="Where it is kept."),
    port: int = typer.Option(PORT, "--port", min=1, max=65_535, help="Port on 127.0.0.1."),
    *,
    lan: bool = typer.Option(False, "--lan", help=LAN_HELP),
    no_serve: bool = typer.Option(False, "--no-serve", help="Make it, and end."),
    as_json: bool = typer.Option(False, "--json", help="The summary as JSON on stdout."),
) -> None:
    """Replay a year of shopping into a fresh programme, open a mall on it, and serve both."""
    host = ALL_ADDRESSES if lan else HOST
    if not no_serve:
        refuse_busy_port(port, host)
    folder = folder.resolve()
    places = Places(folder, folder / "orders.csv", folder / "demo.sqlite3", folder / "demo-media")
    programme = read_programme(None).model_copy(update={"name": DEMO_NAME})
    with folder_for("--folder", folder, (places.orders.name, places.database.name)):
        report = write_demo(places.orders, programme)
    clear(places)
    summary = make(places, programme)
    err.print(
        f"{report.orders:,} baskets of {report.households:,} households in {report.stores} stores;"
        f" {report.empty_baskets} that came to nothing are left out;"
        f" {report.invited} invitations are invented"
    )
    if as_json:
        show_json(summary)
    else:
        show_summary(summary, folder / "out")
    if no_serve:
        err.print(f"serve it: {variables(places)} shareback serve --database {places.url}")
        err.print(f"beside it: {variables(places)} shareback jobs --database {places.url}")
        return
    refuse_busy_port(port, host)
    address = f"http://{own_address() if lan else HOST}:{port}"
    show_house(address, with_code=lan)
    if lan:
        os.environ["SHAREBACK_ALLOWED_HOSTS"] = f"localhost,127.0.0.1,[::1],{own_address()}"
    run_jobs()
    run_server(port, host=host)


def write_demo(orders: Path, programme: Programme) -> "DemoReport":
    """Write the demo's orders file: the year, moved so that all of it has matured by today.

    Raises:
        Fault: Its data set is not installed; an older file stays.
    """
    # It loads Arrow, which no other command of this module needs.
    from shareback.engine.demo_data import DemoDataMissing, write_demo_orders  # noqa: PLC0415

    today = datetime.now(ZoneInfo(programme.timezone)).date()
    ends_by = today - timedelta(days=programme.maturity_days + DAYS_TO_SPARE)
    with progress_bars() as bars:
        try:
            return write_demo_orders(orders, lambda done, of: bars("baskets", done, of), ends_by)
        except DemoDataMissing as fault:
            raise Fault(str(fault)) from None


def clear(places: Places) -> None:
    """Remove what an earlier run has left, now that this one will come to something."""
    database = places.database
    for old in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    shutil.rmtree(places.media, ignore_errors=True)


def make(places: Places, programme: Programme) -> dict[str, Any]:
    """Replay the year, and open the mall on it; pictures are drawn beside the replay.

    Returns:
        The replay's summary.
    """
    set_house(places)
    use_database(places.url, create=True)
    from shareback.mall.demo.studio import drawing  # noqa: PLC0415 - needs Django set up
    from shareback.mall.tables import make_tables  # noqa: PLC0415 - as above

    with progress_bars() as bars, drawing() as drawn:

        def make_ready() -> None:
            bars("tables", 0, 1)
            make_tables()
            bars("tables", 1, 1)

        results = places.folder / "out"
        done = replayed(places.orders, programme, {}, None, "--folder", results, bars, make_ready)
        pictures: dict[str, str] = {}
        for count, one in enumerate(drawn, 1):
            pictures |= one.result()
            bars("pictures", count, len(drawn))
        open_mall(pictures, bars)
    return done.summary


def set_house(places: Places) -> None:
    """Let this process, and those that it starts, be of the whole house."""
    from shareback.mall.demo.people import CODE  # noqa: PLC0415 - the mall is slow to load

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": HOUSE,
        "SHAREBACK_MEDIA": str(places.media),
        "SHAREBACK_DEMO_CODE": CODE,
    }


def variables(places: Places) -> str:
    """What a server of the demo has to be told by its environment."""
    from shareback.mall.demo.people import CODE  # noqa: PLC0415 - the mall is slow to load

    return f"SHAREBACK_MEDIA={shlex.quote(str(places.media))} SHAREBACK_DEMO_CODE={CODE}"


def open_mall(pictures: dict[str, str], bars: Bars) -> None:
    """Open the mall on the programme, and let its people into the console."""
    from shareback.journal.models import Programme as Journaled  # noqa: PLC0415 - needs Django
    from shareback.mall.demo.making import make_mall  # noqa: PLC0415 - as above
    from shareback.mall.demo.statement import import_statement  # noqa: PLC0415 - as above

    number = Journaled.objects.values_list("pk", flat=True).get(name=DEMO_NAME)
    make_mall(number, pictures, lambda done, of: bars("mall", done, of))
    import_statement(number)
    let_operators_in(number)


def let_operators_in(programme: int) -> None:
    """The operator's people, one for each role; each enrols a telephone at the first log-in."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from shareback.console.people import grant  # noqa: PLC0415 - as above
    from shareback.mall.accounts.models import User  # noqa: PLC0415 - as above
    from shareback.mall.demo.making import hashed_password  # noqa: PLC0415 - as above
    from shareback.mall.demo.people import OPERATORS  # noqa: PLC0415 - as above

    hashed = hashed_password()
    with transaction.atomic():
        for role in OPERATORS:
            somebody = User.objects.create(username=role, name=role, password=hashed)
            grant(somebody, programme, role, BY)


def own_address() -> str:
    """The address under which others in this network find this machine.

    Raises:
        Fault: It is in none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError as fault:
            raise Fault(f"--lan: this machine is in no network: {fault.strerror}") from None
        return str(probe.getsockname()[0])


def show_house(address: str, *, with_code: bool) -> None:
    """Where everything is, and who can log in."""
    from rich.table import Table  # noqa: PLC0415 - slow to load

    from shareback.mall.demo.making import SLUG  # noqa: PLC0415 - as above
    from shareback.mall.demo.people import (  # noqa: PLC0415 - as above
        CLERKS,
        CODE,
        INVITED,
        MEMBERS,
        OPERATORS,
        PASSWORD,
    )

    phone = f"{address}/m/{SLUG}/"
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    table.add_row("public page", f"{address}/")
    table.add_row("phone mall", f"{phone}   (a narrow window, or a phone)")
    table.add_row("console", f"{address}/console/")
    table.add_row("", "")
    for place, person in enumerate((*MEMBERS, INVITED)):
        table.add_row("members" if place == 0 else "", f"{person.phone}  {person.name}")
    for place, clerk in enumerate(CLERKS):
        serves = ("owns " if clerk.owns else "serves ") + "、".join(clerk.merchants)
        told = f"{clerk.phone}  {clerk.name}  {serves}"
        table.add_row("merchants" if place == 0 else "", told)
    table.add_row("on the phone", f"code {CODE}, or password: {PASSWORD}")
    table.add_row("", "")
    table.add_row("at the console", f"{'  '.join(OPERATORS)}   password: {PASSWORD}")
    table.add_row("", "Each enrols an authenticator app at the first log-in, by the")
    table.add_row("", "QR code shown there; `shareback people` lets them enrol anew.")
    err.print(table)
    if with_code:
        show_code(phone)


def show_code(address: str) -> None:
    """A QR code on the terminal, where it fits."""
    import segno  # noqa: PLC0415 - needed here alone

    code = segno.make(address, error="l")
    width, height = code.symbol_size(border=2)
    if err.is_terminal and err.width >= width and err.height >= height // 2:
        code.terminal(out=sys.stderr, border=2, compact=True)


def run_jobs() -> None:
    """Start the mall's jobs beside the server; they end when this process does, however it does."""
    jobs = subprocess.Popen(
        [sys.executable, "-m", "shareback.cli.main", "jobs", "--until-eof"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    if jobs.stdin is None:
        raise Fault("the mall's jobs cannot be started")
    # The server that this process becomes holds it open, and writes nothing to it.
    os.set_inheritable(jobs.stdin.fileno(), True)
    KEPT_OPEN.append(jobs)


KEPT_OPEN: "list[subprocess.Popen[bytes]]" = []
"""Processes whose input must not be closed by their collection."""
