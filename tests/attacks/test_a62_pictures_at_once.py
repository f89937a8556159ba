"""A62: many pictures at once, and small files that hold large pictures."""

import subprocess
import sys
import threading
import time
from io import BytesIO

import pytest
from PIL import Image

from shareback.mall import pictures
from shareback.mall.faults import CannotBe
from tests.attacks.at_once import together

MEGABYTE = 1024 * 1024
KILOBYTE = 1024
SIDES = (8_000, 5_000)
"""As many pixels as are taken."""

TURNED = Image.Exif()
TURNED[0x0112] = 6
LOOK = """
import resource, sys
from pathlib import Path
from shareback.mall.pictures import read_picture
content = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(read_picture(content).size, file=sys.stderr)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def written(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """A picture's file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def test_two_of_thirty_pictures_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(Image.new("RGB", (600, 400), "red"))
    lock, open_ones, most = threading.Lock(), 0, 0
    makes_small = pictures.made_small

    def counted(opened: Image.Image) -> Image.Image:
        nonlocal open_ones, most
        with lock:
            open_ones += 1
            most = max(most, open_ones)
        try:
            return makes_small(opened)
        finally:
            with lock:
                open_ones -= 1

    monkeypatch.setattr(pictures, "made_small", counted)
    read = together([lambda: read_or_refused(content)] * 30)
    assert {one.size for one in read if one is not None} == {(600, 400)}
    assert most <= pictures.AT_ONCE


def read_or_refused(content: bytes) -> Image.Image | None:
    """A picture; none where it is refused since others wait already."""
    try:
        return pictures.read_picture(content)
    except CannotBe as fault:
        if fault.code != "too_often":
            raise
        return None


def test_few_wait_for_a_place_and_the_rest_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever waits holds one of the server's threads."""
    monkeypatch.setattr(pictures, "WAIT_S", 3_600.0)
    content = written(Image.new("RGB", (60, 40), "red"))
    waiting = [threading.Thread(target=read_or_refused, args=(content,)) for _ in range(4)]
    with pictures.desk(), pictures.desk():
        for thread in waiting:
            thread.start()
        ends = time.monotonic() + 60
        while another_may_wait() and time.monotonic() < ends:
            time.sleep(0.01)
        with pytest.raises(CannotBe, match="too_often"):
            pictures.read_picture(content)
    for thread in waiting:
        thread.join()
    assert pictures.read_picture(content).size == (60, 40)


def another_may_wait() -> bool:
    """Whether one more could wait for a place; it does not."""
    is_free = pictures.LINE.acquire(blocking=False)
    if is_free:
        pictures.LINE.release()
    return is_free


def test_who_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WAIT_S", 0.01)
    content = written(Image.new("RGB", (60, 40), "red"))
    with pictures.desk(), pictures.desk(), pytest.raises(CannotBe, match="too_often"):
        pictures.read_picture(content)
    assert pictures.read_picture(content).size == (60, 40)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "P"])
def test_the_largest_picture_takes_little_more_than_itself(
    tmp_path_factory: pytest.TempPathFactory, mode: str
) -> None:
    file = tmp_path_factory.mktemp("large") / "large.png"
    picture = Image.new(mode, SIDES)
    if mode == "P":
        picture.putpalette([0, 0, 0] * 256)
        picture.info["transparency"] = 0
    file.write_bytes(written(picture))
    assert file.stat().st_size < MEGABYTE
    itself = SIDES[0] * SIDES[1] * (1 if mode == "P" else 4)
    ran = subprocess.run(
        [sys.executable, "-c", LOOK, str(file)], capture_output=True, text=True, check=True
    )
    assert "(1200, 750)" in ran.stderr
    assert int(ran.stdout) * KILOBYTE < itself + 90 * MEGABYTE


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"quality": 50}, {"quality": 50, "exif": TURNED}]
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_of_too_many_pixels_is_not_opened(
    monkeypatch: pytest.MonkeyPatch, mode: str, options: dict[str, object]
) -> None:
    content = written(Image.new(mode, (61, 47)), "WEBP", **options)
    assert pictures.webp_pixels(content) == 61 * 47
    assert sorted(pictures.read_picture(content).size) == [47, 61]
    monkeypatch.setattr(pictures, "PIXELS_MAX", 61 * 47 - 1)
    monkeypatch.setattr(Image, "open", pytest.fail)
    with pytest.raises(CannotBe, match="picture_unreadable"):
        pictures.read_picture(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_other_kinds_claim_nothing(kind: str) -> None:
    assert pictures.webp_pixels(written(Image.new("RGB", (61, 47)), kind)) == 0


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF1234WEBPVP8X", b"RIFF1234WEBPVP8L"])
def test_half_a_head_is_no_picture(content: bytes) -> None:
    with pytest.raises(CannotBe, match="picture_unreadable"):
        pictures.read_picture(content)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16", "RGBA", "P"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    read = pictures.read_picture(written(Image.new(mode, (3_000, 1_500))))
    assert (read.mode, read.size) == ("RGB", (1_200, 600))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_goes_with_a_picture_may_not_break_off(kind: str) -> None:
    cut = written(Image.new("RGB", (60, 40)), kind, exif=b"Exif\0\0MM\0*")
    with pytest.raises(CannotBe, match="picture_unreadable"):
        pictures.read_picture(cut)


def test_a_picture_is_turned_as_it_was_taken() -> None:
    taken = Image.new("RGB", (300, 200), "red")
    for kind in ("JPEG", "PNG", "WEBP"):
        assert pictures.read_picture(written(taken, kind, exif=TURNED)).size == (200, 300), kind
