"""The client's page: its example runs and prints what it says, and it names every call."""

import os
import subprocess
import sys
from collections.abc import Callable

from shareback.client.calls.orders import LINES_MAX
from shareback.client.malls import TIMEOUT_S, TRIES, Call, Calls, Listing
from shareback.client.request import PAGE_SIZE
from shareback.client.session import (
    PASSING,
    PAUSE_MAX_S,
    PAUSE_S,
    RETRY_AFTER_MAX_S,
    TOKEN_MARGIN_S,
)
from tests.backends.servers import Mall as Served
from tests.docs.pages import ROOT, blocks, code_spans, page

PAGE = page("reference/client.md")


def test_the_example_prints_what_the_page_says(new_mall: Callable[..., Served]) -> None:
    served = new_mall()
    (example,), (printed,) = blocks(PAGE, "python"), blocks(PAGE, "text")
    environment = {
        "PYTHONPATH": str(ROOT / "src"),
        "MALL_URL": served.server.url,
        "MALL_CLIENT_ID": served.client_id,
        "MALL_CLIENT_SECRET": served.secret,
        "MALL_PROGRAMME": str(served.programme),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == printed


def test_the_page_names_every_call() -> None:
    calls = {name for name, call in vars(Calls).items() if isinstance(call, Call | Listing)}
    assert calls <= set(code_spans(PAGE))


def test_the_page_tells_the_limits_that_hold() -> None:
    told = [
        f"(`page_size`, {PAGE_SIZE:,})",
        f"batches of {LINES_MAX:,}",
        f"at most `tries` ({TRIES})",
        f"| {TIMEOUT_S:.0f} s for each step",
        f"renewed {TOKEN_MARGIN_S:.0f} seconds before",
        f"up to {PAUSE_S} s, doubled each time up to {PAUSE_MAX_S:.0f} s",
        f"above {RETRY_AFTER_MAX_S:.0f} s",
        *(f"{status}" for status in PASSING),
    ]
    assert [words for words in told if words not in PAGE] == []


def test_the_client_loads_nothing_else_of_ours() -> None:
    listed = "import shareback.client, sys; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", listed],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.split()
    ours = {name.split(".")[1] for name in loaded if name.startswith("shareback.")}
    assert ours == {"client"}
    assert "django" not in loaded
