"""Signs of one colour: of cards, telephones and merchants."""

from collections.abc import Callable

from shareback.mall.demo.canvas import Canvas, Points, ball, box, flat, oval, smooth, stroke, turned


def drop(canvas: Canvas, cx: float, cy: float, size: float, paint: str) -> None:
    """A drop."""
    canvas.fill(drop_outline(cx, cy, size), ball(paint, 0.5))


def drop_outline(cx: float, cy: float, size: float) -> Points:
    """The outline of a drop."""
    half = [(0, -1.15), (0.62, -0.05), (0.6, 0.55), (0, 0.9), (-0.6, 0.55), (-0.62, -0.05)]
    return smooth([(cx + x * size, cy + y * size) for x, y in half])


def signed(
    canvas: Canvas, sign: str, cx: float, cy: float, size: float, paint: str = "#ffffff"
) -> None:
    """A sign of one colour: of cards, telephones and merchants.

    Args:
        canvas: Where.
        sign: One of `SIGNS`.
        cx: Its middle, across.
        cy: Its middle, down.
        size: Half of its height, more or less.
        paint: Its colour.
    """
    for outline in SIGNS[sign](size):
        canvas.fill([(cx + x, cy + y) for x, y in outline], flat(paint))


def drop_sign(size: float) -> list[Points]:
    """A drop."""
    return [drop_outline(0, size * 0.05, size * 0.85)]


def play_sign(size: float) -> list[Points]:
    """What starts a film."""
    return [[(-size * 0.5, -size * 0.7), (size * 0.75, 0), (-size * 0.5, size * 0.7)]]


def note_sign(size: float) -> list[Points]:
    """Two notes."""
    beam = [(-0.13, -0.6), (0.845, -0.82), (0.845, -0.5), (-0.13, -0.28)]
    return [
        oval(-size * 0.35, size * 0.5, size * 0.34, size * 0.26),
        oval(size * 0.5, size * 0.3, size * 0.34, size * 0.26),
        box(-size * 0.135, -size * 0.6, size * 0.13, size * 1.1),
        box(size * 0.715, -size * 0.8, size * 0.13, size * 1.1),
        [(x * size, y * size) for x, y in beam],
    ]


def signal_sign(size: float) -> list[Points]:
    """How well a telephone hears."""
    highs = [size * (0.4 + place * 0.4) for place in range(4)]
    return [
        box(size * (place * 0.44 - 0.8), size * 0.75 - high, size * 0.3, high, 6)
        for place, high in enumerate(highs)
    ]


def bolt_sign(size: float) -> list[Points]:
    """Electricity."""
    corners = [(0.2, -1), (-0.6, 0.15), (-0.05, 0.15), (-0.2, 1), (0.6, -0.2), (0.05, -0.2)]
    return [[(x * size, y * size) for x, y in corners]]


def cloud_sign(size: float) -> list[Points]:
    """A cloud."""
    balls = ((-0.5, 0.15, 0.42), (0, -0.15, 0.55), (0.52, 0.12, 0.45))
    return [
        *(oval(x * size, y * size, r * size, r * size) for x, y, r in balls),
        box(-size * 0.9, size * 0.1, size * 1.85, size * 0.47, size * 0.22),
    ]


def leaf_sign(size: float) -> list[Points]:
    """Two leaves and a bud."""
    foot = size * 0.5
    leaves = []
    for turn, long in ((-48, 1.05), (46, 1.05), (0, 1.35)):
        leaf = [(0, foot), (-0.26 * size, foot - 0.55 * size), (0, foot - long * size)]
        leaf.append((0.26 * size, foot - 0.55 * size))
        leaves.append(turned(smooth(leaf), 0, foot, turn))
    stalk = smooth([(0, foot), (size * 0.03, size * 0.75), (-size * 0.04, size)], closed=False)
    return [*leaves, stroke(stalk, size * 0.09)]


def bed_sign(size: float) -> list[Points]:
    """A bed."""
    return [
        box(-size, -size * 0.5, size * 0.2, size * 1.2, 6),
        box(-size, size * 0.05, size * 2, size * 0.4, 10),
        box(size * 0.8, size * 0.05, size * 0.2, size * 0.65, 6),
        oval(-size * 0.45, -size * 0.18, size * 0.28, size * 0.2),
    ]


def bowl_sign(size: float) -> list[Points]:
    """A bowl of something hot."""
    rising = [
        smooth(
            [
                (dx * size, -size * 0.15),
                ((dx + 0.12) * size, -size * 0.45),
                ((dx - 0.08) * size, -size * 0.85),
            ],
            closed=False,
        )
        for dx in (-0.4, 0, 0.4)
    ]
    return [
        oval(0, 0, size, size * 0.85, 0, 180),
        box(-size * 0.4, size * 0.72, size * 0.8, size * 0.2, 6),
        *(stroke(line, size * 0.16, taper=True) for line in rising),
    ]


def glass_sign(size: float) -> list[Points]:
    """A glass."""
    bowl = [(-0.6, -1), (0.6, -1), (0.55, -0.3), (0, 0.15), (-0.55, -0.3)]
    return [
        smooth([(x * size, y * size) for x, y in bowl]),
        box(-size * 0.08, 0, size * 0.16, size * 0.85),
        box(-size * 0.45, size * 0.8, size * 0.9, size * 0.16, 6),
    ]


def bread_sign(size: float) -> list[Points]:
    """A slice of bread."""
    return [
        box(-size * 0.72, -size * 0.4, size * 1.44, size * 1.2, size * 0.14),
        oval(-size * 0.48, -size * 0.36, size * 0.48, size * 0.42),
        oval(size * 0.48, -size * 0.36, size * 0.48, size * 0.42),
        box(-size * 0.5, -size * 0.78, size, size * 0.6),
    ]


def book_sign(size: float) -> list[Points]:
    """A book that lies open."""
    page = [(0.06, -0.55), (1, -0.75), (1, 0.55), (0.06, 0.75)]
    return [[(side * x * size, y * size) for x, y in page] for side in (-1, 1)]


def lamp_sign(size: float) -> list[Points]:
    """A lamp."""
    shade = [(-0.4, -1), (0.4, -1), (0.8, 0.1), (-0.8, 0.1)]
    return [
        [(x * size, y * size) for x, y in shade],
        box(-size * 0.08, size * 0.1, size * 0.16, size * 0.7),
        box(-size * 0.5, size * 0.75, size, size * 0.2, 6),
    ]


def fruit_sign(size: float) -> list[Points]:
    """A fruit with its leaf."""
    leaf = oval(size * 0.34, -size * 0.92, size * 0.2, size * 0.42)
    return [oval(0, size * 0.1, size * 0.85, size * 0.85), turned(leaf, 0, -size * 0.6, 30)]


SIGNS: dict[str, Callable[[float], list[Points]]] = {
    "drop": drop_sign,
    "play": play_sign,
    "note": note_sign,
    "signal": signal_sign,
    "bolt": bolt_sign,
    "cloud": cloud_sign,
    "leaf": leaf_sign,
    "bed": bed_sign,
    "bowl": bowl_sign,
    "glass": glass_sign,
    "bread": bread_sign,
    "book": book_sign,
    "lamp": lamp_sign,
    "fruit": fruit_sign,
}
