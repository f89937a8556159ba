"""`shareback jobs`: what a mall has to do by itself."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

from shareback.mall.models import Purchase
from tests.backends.house import House
from tests.cli.conftest import Shareback

NOTHING = {
    "expired": 0,
    "received": 0,
    "refunded": 0,
    "returned": 0,
    "lapsed": 0,
    "waiting": 0,
    "checkpoints": 0,
}


def overdue(house: House) -> Purchase:
    """A purchase that nobody paid in time."""
    purchase = house.buy(house.member(), house.good("100.00", stock=1))
    late = purchase.expires_at - timedelta(hours=1)
    Purchase.objects.filter(pk=purchase.pk).update(expires_at=late)
    return purchase


def test_what_is_due_is_done_once(shareback: Shareback, house: House, journal_url: str) -> None:
    purchase = overdue(house)
    here = ("--once", "--name", house.name, "--database", journal_url, "--json")
    assert shareback("jobs", *here).json == NOTHING | {"expired": 1}
    assert shareback("jobs", *here).json == NOTHING
    assert house.order(purchase).status == "closed"
    unknown = ("--once", "--name", "none", "--database", journal_url)
    assert "none" in shareback("jobs", *unknown).fault


def test_it_goes_on_until_it_is_stopped(house: House, journal_url: str) -> None:
    purchase = overdue(house)
    command = [sys.executable, "-m", "shareback.cli.main", "jobs", "--every", "1", "--json"]
    options = ["--name", house.name, "--database", journal_url]
    environment = {key: value for key, value in os.environ.items() if key[:9] != "SHAREBACK"}
    with subprocess.Popen(
        [*command, *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            ends = time.monotonic() + 60
            while house.order(purchase).status != "closed" and time.monotonic() < ends:
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            out, _err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert '"expired": 1' in out or '"expired":1' in out


def test_it_ends_with_its_standard_input(house: House, journal_url: str) -> None:
    purchase = overdue(house)
    command = [sys.executable, "-m", "shareback.cli.main", "jobs", "--until-eof", "--every", "3600"]
    options = ["--name", house.name, "--database", journal_url, "--json"]
    environment = {key: value for key, value in os.environ.items() if key[:9] != "SHAREBACK"}
    done = subprocess.run(
        [*command, *options], input="", env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["waiting"] == 0
    assert done.stderr == ""
    assert house.order(purchase).status in {"awaiting_payment", "closed"}
