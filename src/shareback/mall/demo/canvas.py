"""A square canvas for pictures of goods: smooth outlines, soft light from the upper left.

Outlines are drawn three times as large as they are wanted and then reduced, so edges are smooth;
everything else is arithmetic on whole arrays. The same drawing always comes to the same pixels.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIZE = 800
"""Pixels on each side."""

FINER = 3
"""Outlines are drawn so many times larger."""

COARSER = 4
"""Shadows are blurred so many times smaller."""

CREAM = "#f6efe0"
PAPER = "#fbf8f1"
GOLD = "#bb852c"
INK = "#14212b"
CRUST = "#c8843c"
CRUMB = "#f3dfb5"
GREEN = "#4d7f3c"
STEEL = "#c3ccd1"
LEAF_GOLD = "#e6c98a"
PALE = "#f6ead0"

Points: TypeAlias = Sequence[tuple[float, float]]
Grid: TypeAlias = NDArray[np.floating[Any]]
Paint: TypeAlias = Callable[[Grid, Grid], Grid]
"""Colours (0 to 1) for places: how far across and how far down an outline they are, 0 to 1."""


def colour(text: str) -> Grid:
    """A colour as pages write it, such as "#17527f"."""
    return np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)], np.float32)


def mixed(one: str, other: str, part: float) -> str:
    """A colour between two: `part` of the other, 0 to 1."""
    found = colour(one) * (1 - part) + colour(other) * part
    return "#" + "".join(f"{round(float(channel) * 255):02x}" for channel in found)


def lighter(text: str, part: float) -> str:
    """A colour with some white in it."""
    return mixed(text, "#ffffff", part)


def darker(text: str, part: float) -> str:
    """A colour with some of the deepest ink in it."""
    return mixed(text, "#0c1319", part)


def flat(text: str) -> Paint:
    """One colour everywhere."""
    return lambda across, _down: np.broadcast_to(colour(text), (*across.shape, 3))


def falling(top: str, bottom: str) -> Paint:
    """From one colour above to another below."""
    return lambda _across, down: blended(top, bottom, down)


def leaning(first: str, last: str) -> Paint:
    """From one colour at the upper left to another at the lower right."""
    return lambda across, down: blended(first, last, np.clip((across + down) / 2, 0, 1))


def blended(one: str, other: str, part: Grid) -> Grid:
    """Colours between two, place by place."""
    found: Grid = colour(one) * (1 - part[..., None]) + colour(other) * part[..., None]
    return found


def lit(text: str, shade: Grid, gloss: Grid) -> Grid:
    """A colour that lies in some shade, with some gloss upon it."""
    found: Grid = np.clip(colour(text) * shade[..., None], 0, 1)
    return found + (1 - found) * np.clip(gloss, 0, 1)[..., None]


def rounded(text: str, gloss: float = 0.35) -> Paint:
    """As something round that stands upright: a bottle, a cup."""

    def paint(across: Grid, down: Grid) -> Grid:
        shade = 1.04 - 0.42 * across**2.2 - 0.2 * (1 - across) ** 5 - 0.06 * down
        shine = gloss * np.exp(-(((across - 0.24) / 0.085) ** 2))
        back = 0.3 * gloss * np.exp(-(((across - 0.9) / 0.05) ** 2))
        return lit(text, shade, shine + back)

    return paint


def ball(text: str, gloss: float = 0.4) -> Paint:
    """As something round on all sides: a fruit."""

    def paint(across: Grid, down: Grid) -> Grid:
        far = np.sqrt((across - 0.36) ** 2 + (down - 0.32) ** 2)
        shade = 1.1 - 0.62 * np.clip(far, 0, 1) ** 1.6
        shine = gloss * np.exp(-((far / 0.16) ** 2))
        return lit(text, shade, shine)

    return paint


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> Points:
    """A rectangle with round corners."""
    radius = min(radius, width / 2, height / 2)
    if radius <= 0:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    corners = (
        (x + width - radius, y + radius, -90),
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 90),
        (x + radius, y + radius, 180),
    )
    return [
        (
            cx + radius * math.cos(math.radians(begin + turn)),
            cy + radius * math.sin(math.radians(begin + turn)),
        )
        for cx, cy, begin in corners
        for turn in range(0, 91, 6)
    ]


def oval(cx: float, cy: float, rx: float, ry: float, begin: float = 0, end: float = 360) -> Points:
    """An ellipse, or a part of it, by degrees clockwise from the right."""
    turns = np.radians(np.linspace(begin, end, 90))
    return [(cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns]


def smooth(points: Points, *, closed: bool = True, steps: int = 12) -> Points:
    """A curve through some points (Catmull and Rom's)."""
    around = list(points)
    ends = (around[-1], around[0], around[1]) if closed else (around[0], around[-1], around[-1])
    padded = [ends[0], *around, ends[1], ends[2]] if closed else [ends[0], *around, ends[1]]
    found: list[tuple[float, float]] = []
    for first, begin, end, last in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        found += [between(first, begin, end, last, step / steps) for step in range(steps)]
    return found if closed else [*found, around[-1]]


def between(
    first: tuple[float, float],
    begin: tuple[float, float],
    end: tuple[float, float],
    last: tuple[float, float],
    part: float,
) -> tuple[float, float]:
    """A place on the curve from `begin` to `end`, which goes on as from `first` and to `last`."""
    x, y = (
        0.5
        * (
            2 * b
            + (c - a) * part
            + (2 * a - 5 * b + 4 * c - d) * part**2
            + (3 * b - a - 3 * c + d) * part**3
        )
        for a, b, c, d in zip(first, begin, end, last, strict=True)
    )
    return x, y


def turned(points: Points, cx: float, cy: float, degrees: float) -> Points:
    """An outline turned about a place, clockwise."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return [
        (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
        for x, y in points
    ]


def stroke(points: Points, width: float, *, taper: bool = False) -> Points:
    """A line of some width along some points, round at neither end; thin at both if tapered."""
    line = list(points)
    left, right = [], []
    for place, (x, y) in enumerate(line):
        (x0, y0), (x1, y1) = line[max(place - 1, 0)], line[min(place + 1, len(line) - 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1
        part = math.sin(math.pi * place / (len(line) - 1)) if taper else 1
        dx, dy = (y0 - y1) / length * width / 2 * part, (x1 - x0) / length * width / 2 * part
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    return [*left, *reversed(right)]


def within(points: Points, frame: Points) -> Points:
    """An outline, kept inside a frame."""
    xs, ys = [x for x, _y in frame], [y for _x, y in frame]
    return [
        (min(max(x, min(xs) + 8), max(xs) - 8), min(max(y, min(ys) + 8), max(ys) - 8))
        for x, y in points
    ]


@lru_cache(maxsize=2)
def wall_of(wall: str) -> Grid:
    """A wall with light on its upper left; pictures of one merchant share theirs."""
    down, across = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    far = np.sqrt((across - 0.3) ** 2 + (down - 0.25) ** 2)
    return blended(lighter(wall, 0.55), wall, np.clip(far * 1.25, 0, 1))


class Canvas:
    """A picture that is being made."""

    def __init__(self, wall: str, table: str, horizon: float = 560) -> None:
        """A wall with a table before it; no table where the horizon is below the picture."""
        self.pixels: Grid = wall_of(wall).copy()
        if horizon < SIZE:
            self.fill(box(0, horizon, SIZE, SIZE - horizon), falling(table, lighter(table, 0.35)))
            self.fill(box(0, horizon, SIZE, 26), falling(darker(table, 0.12), table), 0.5)

    def fill(self, outline: Points, paint: Paint, opacity: float = 1) -> None:
        """Paint an outline."""
        xs, ys = [x for x, _y in outline], [y for _x, y in outline]
        left, top = max(math.floor(min(xs)), 0), max(math.floor(min(ys)), 0)
        right, bottom = min(math.ceil(max(xs)) + 1, SIZE), min(math.ceil(max(ys)) + 1, SIZE)
        if left >= right or top >= bottom:
            return
        mask = self.mask(outline, left, top, right, bottom) * opacity
        down, across = np.mgrid[top:bottom, left:right].astype(np.float32)
        across = (across - min(xs)) / max(max(xs) - min(xs), 1)
        down = (down - min(ys)) / max(max(ys) - min(ys), 1)
        self.blend(left, top, mask, paint(np.clip(across, 0, 1), np.clip(down, 0, 1)))

    def lathe(
        self, cx: float, profile: Points, paint: Paint, opacity: float = 1, *, soft: bool = True
    ) -> Points:
        """Paint something turned on a lathe, by its half width at each height from top to bottom.

        Returns:
            Its outline, for whatever goes upon it or falls from it.
        """
        line = smooth(profile, closed=False) if soft else list(profile)
        outline = [
            *((cx + half, y) for half, y in line),
            *((cx - half, y) for half, y in reversed(line)),
        ]
        heights = np.array([y for _half, y in line], np.float32)
        halves = np.array([max(half, 0.5) for half, _y in line], np.float32)
        top, bottom = max(math.floor(heights[0]), 0), min(math.ceil(heights[-1]) + 1, SIZE)
        widest = float(halves.max())
        left, right = max(math.floor(cx - widest), 0), min(math.ceil(cx + widest) + 1, SIZE)
        down, across = np.mgrid[top:bottom, left:right].astype(np.float32)
        half = np.interp(down[:, 0], heights, halves)[:, None].astype(np.float32)
        across = np.clip((across - cx) / (2 * half) + 0.5, 0, 1)
        down = np.clip((down - heights[0]) / max(float(heights[-1] - heights[0]), 1), 0, 1)
        mask = self.mask(outline, left, top, right, bottom) * opacity
        self.blend(left, top, mask, paint(across, down))
        return outline

    def shadow(self, outline: Points, blur: float = 18, dark: float = 0.3, dx: float = 0) -> None:
        """Darken what lies under an outline, with a soft edge, a little to the right."""
        # Soft edges reach some two and a half times as far as their blur; whole cells alone.
        reach = 2.5 * blur + COARSER
        xs, ys = [x + dx for x, _y in outline], [y for _x, y in outline]
        left, top = (max(int(min(one) - reach), 0) // COARSER * COARSER for one in (xs, ys))
        right, bottom = (
            min(-int(-max(one) - reach) // COARSER * COARSER, SIZE) for one in (xs, ys)
        )
        small = Image.new("L", ((right - left) // COARSER, (bottom - top) // COARSER))
        ImageDraw.Draw(small).polygon(
            [((x - left) / COARSER, (y - top) / COARSER) for x, y in zip(xs, ys, strict=True)],
            fill=255,
        )
        soft = small.filter(ImageFilter.GaussianBlur(blur / COARSER)).resize(
            (right - left, bottom - top), Image.Resampling.BILINEAR
        )
        mask = np.asarray(soft, np.float32) / 255 * dark
        self.blend(left, top, mask, np.broadcast_to(colour("#1b1a24"), (*mask.shape, 3)))

    def ground(self, cx: float, y: float, half: float, dark: float = 0.34) -> None:
        """The shadow of something that stands there: dark where it touches, long to the right."""
        self.shadow(oval(cx + half * 0.35, y + 4, half * 1.25, half * 0.2 + 8), 30, dark * 0.7)
        self.shadow(oval(cx + half * 0.05, y, half * 1.02, half * 0.09 + 5), 8, dark)

    @staticmethod
    def mask(outline: Points, left: int, top: int, right: int, bottom: int) -> Grid:
        """How much of each pixel an outline covers, 0 to 1."""
        large = Image.new("L", ((right - left) * FINER, (bottom - top) * FINER))
        ImageDraw.Draw(large).polygon(
            [((x - left) * FINER, (y - top) * FINER) for x, y in outline], fill=255
        )
        return np.asarray(large.reduce(FINER), np.float32) / 255

    def blend(self, left: int, top: int, mask: Grid, colours: Grid) -> None:
        """Lay colours over a part of the picture."""
        height, width = mask.shape
        under = self.pixels[top : top + height, left : left + width]
        under += (colours - under) * mask[..., None]

    def picture(self) -> Image.Image:
        """What was made."""
        return Image.fromarray((np.clip(self.pixels, 0, 1) * 255 + 0.5).astype(np.uint8), "RGB")
