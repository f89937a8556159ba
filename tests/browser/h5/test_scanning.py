"""Paying by the camera: Chromium films a QR code that the test holds before it."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import launched
from tests.browser.h5.conftest import BOTH_DATABASES, Picks
from tests.browser.h5.steps import asked, button
from tests.browser.h5.world import BOSS, LI

WIDE, HIGH = 640, 480
FRAMES = 3


def held(text: str) -> Image.Image:
    """What a camera sees of a code that is held before it."""
    drawn = BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=6, border=4)
    code = Image.open(drawn).convert("RGB")
    code.thumbnail((HIGH - 40, HIGH - 40))
    seen = Image.new("RGB", (WIDE, HIGH), (120, 110, 100))
    seen.paste(code, ((WIDE - code.width) // 2, (HIGH - code.height) // 2))
    return seen


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film that the camera plays: so far of nothing."""
    path = tmp_path_factory.mktemp("camera") / "seen.mjpeg"
    show(path, Image.new("RGB", (WIDE, HIGH), (90, 90, 90)))
    return path


def show(film: Path, picture: Image.Image) -> None:
    """Let the camera see a picture from its next opening on."""
    frame = BytesIO()
    picture.save(frame, "JPEG", quality=92)
    film.write_bytes(frame.getvalue() * FRAMES)


@pytest.fixture(scope="module")
def chromium(film: Path) -> Iterator[Browser]:
    """A Chromium whose camera plays the film."""
    with launched(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ) as browser:
        yield browser


@BOTH_DATABASES
def test_a_merchants_code_is_filmed_and_paid_once(phone: Picks, film: Path) -> None:
    boss, li = phone(), phone()
    boss.log_in(BOSS)
    li.log_in(LI)
    charge = asked(boss, "POST", "/merchant/1/charges", {"coins": "8.80", "note": "一杯"})
    show(film, held(charge["url"]))
    li.go("scan")
    expect(li.page).to_have_url(re.compile("/charge/"), timeout=20_000)
    expect(li.page.get_by_role("heading", name="Pay Qinggang Winery")).to_be_visible()
    button(li.page, "Pay 8.80 coins").click()
    expect(li.page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    assert asked(boss, "GET", f"/merchant/1/charges/{charge['id']}")["state"] == "paid"
    assert li.faults == []


def test_a_code_that_is_not_ours_leads_nowhere(phone: Picks, film: Path) -> None:
    li = phone()
    li.log_in(LI)
    show(film, held("https://evil.example/m/other/charge/AAAA"))
    li.go("scan")
    expect(li.page.get_by_role("alert")).to_contain_text("no code of this shop", timeout=20_000)
    expect(li.page).to_have_url(li.site.path("scan"))
    assert {host.partition(":")[0] for host in li.hosts} == {"127.0.0.1"}


def test_a_code_is_read_from_a_picture_where_there_is_no_camera(phone: Picks, film: Path) -> None:
    li = phone()
    li.log_in(LI)
    show(film, Image.new("RGB", (WIDE, HIGH), (90, 90, 90)))
    code = asked(li, "GET", "/me/invite")
    li.go("scan")
    drawn = BytesIO()
    held(code["url"]).save(drawn, "PNG")
    upload = {"name": "code.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    li.page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    expect(li.page.get_by_text("This is your own invitation")).to_be_visible()
    assert li.faults == []
