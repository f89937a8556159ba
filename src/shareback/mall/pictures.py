"""Pictures that people upload: read within bounds, drawn anew, and only then kept.

What is kept was written by us, so nothing that somebody hid in a file reaches a browser; where a
picture was taken, and with what, is not kept either.
"""

import secrets
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
LARGE_ENDS, SMALL_ENDS = "-l.webp", "-s.webp"


def read_picture(content: bytes) -> Image.Image:
    """A picture, turned as it was taken, without anything else that was in its file.

    Raises:
        CannotBe: It is too large, broken, or no picture of a kind that is taken.
    """
    if len(content) > BYTES_MAX:
        raise CannotBe("picture_unreadable")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > PIXELS_MAX:
                raise CannotBe("picture_unreadable")
            # A JPEG is decoded no larger than it is wanted.
            opened.draft("RGB", (LARGE, LARGE))
            turned = ImageOps.exif_transpose(opened)
            return flattened(turned)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CannotBe("picture_unreadable") from None


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
