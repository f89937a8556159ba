"""Pictures that people upload: read within bounds, drawn anew, and only then kept.

What is kept was written by us, so nothing that somebody hid in a file reaches a browser; where a
picture was taken, and with what, is not kept either.

Few are opened at the same moment, and each is made small before anything else is done with it: a
picture of some kilobytes may take hundreds of megabytes while it is looked at (A62).
"""

import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from shareback.mall.faults import CannotBe

BYTES_MAX = 8 * 1024 * 1024
PIXELS_MAX = 40_000_000
"""As many as the best phones take; a small file may claim to hold far more."""

FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = 1_200, 400
"""The longer side of the two sizes that are kept, in pixels."""

QUALITY = 82
AT_ONCE = 2
DESKS = threading.BoundedSemaphore(AT_ONCE)
"""Pictures that may be open at the same moment in this process."""

LINE = threading.BoundedSemaphore(AT_ONCE + 4)
"""Those, and who may wait for them."""

WAIT_S = 10.0
SIDE_BITS = 0x3FFF
BROKEN = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error),
    Image.DecompressionBombError,
)
"""What Pillow says of files that are none, or break off: in the picture or in what goes with it."""

PLAIN = ("RGB", "L")
"""What is scaled as it is."""

LARGE_ENDS, SMALL_ENDS = "-l.webp", "-s.webp"


def read_picture(content: bytes) -> Image.Image:
    """A picture, turned as it was taken, without anything else that was in its file.

    Returns:
        It on white, its longer side at most `LARGE`.

    Raises:
        CannotBe: It is too large, broken, or no picture of a kind that is taken; or many others
            are looked at already.
    """
    if len(content) > BYTES_MAX or webp_pixels(content) > PIXELS_MAX:
        raise CannotBe("picture_unreadable")
    try:
        with desk(), Image.open(BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > PIXELS_MAX:
                raise CannotBe("picture_unreadable")
            return made_small(opened)
    except BROKEN:
        raise CannotBe("picture_unreadable") from None


@contextmanager
def desk() -> Iterator[None]:
    """A place at which a picture can be opened.

    Raises:
        CannotBe: None becomes free, or enough wait already: waiting takes one of the server's
            threads.
    """
    if not LINE.acquire(blocking=False):
        raise CannotBe("too_often")
    try:
        if not DESKS.acquire(timeout=WAIT_S):
            raise CannotBe("too_often")
        try:
            yield
        finally:
            DESKS.release()
    finally:
        LINE.release()


def webp_pixels(content: bytes) -> int:
    """How many pixels a WebP claims to hold; 0 where it is none.

    Its decoder takes the memory for all of them when the file is opened; the other kinds' do so
    only when the picture is read.

    Source:
        RFC 9649, sections 2.5 to 2.7.
    """
    if content[:4] != b"RIFF":
        return 0
    if content[12:16] == b"VP8X":
        sides = (content[24:27], content[27:30])
        width, height = (int.from_bytes(side, "little") + 1 for side in sides)
    elif content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = (bits & SIDE_BITS) + 1, (bits >> 14 & SIDE_BITS) + 1
    else:
        sides = (content[26:28], content[28:30])
        width, height = (int.from_bytes(side, "little") & SIDE_BITS for side in sides)
    return width * height


def made_small(opened: Image.Image) -> Image.Image:
    """A picture no larger than it is kept, turned and on white."""
    if opened.mode in PLAIN:
        # A JPEG is decoded no larger than it is wanted.
        opened.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    else:
        # Anything finer would first make a copy of the whole.
        opened.thumbnail((2 * LARGE, 2 * LARGE), Image.Resampling.NEAREST)
    small = flattened(ImageOps.exif_transpose(opened))
    small.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    return small


def flattened(picture: Image.Image) -> Image.Image:
    """A picture on white, where it was transparent."""
    if "transparency" not in picture.info and picture.mode not in ("RGBA", "LA", "PA"):
        return picture.convert("RGB")
    solid = Image.new("RGB", picture.size, "white")
    clear = picture.convert("RGBA")
    solid.paste(clear, mask=clear)
    return solid


def keep_picture(folder: str, picture: Image.Image) -> str:
    """Keep a picture in two sizes; returns the name of the larger one.

    Args:
        folder: Under which of the uploads, such as ``goods``.
        picture: As `read_picture` gives it, or drawn by us.
    """
    stem = f"{folder}/{secrets.token_hex(10)}"
    for longest, ending in ((LARGE, LARGE_ENDS), (SMALL, SMALL_ENDS)):
        scaled = picture.copy()
        scaled.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        written = BytesIO()
        scaled.save(written, "WEBP", quality=QUALITY, method=4)
        default_storage.save(stem + ending, ContentFile(written.getvalue()))
    return stem + LARGE_ENDS


def small_of(name: str) -> str:
    """The name of the smaller size; the same one where only one was kept."""
    if name.endswith(LARGE_ENDS):
        return name.removesuffix(LARGE_ENDS) + SMALL_ENDS
    return name


def forget_picture(name: str) -> None:
    """Remove both sizes."""
    for one in {name, small_of(name)}:
        default_storage.delete(one)
