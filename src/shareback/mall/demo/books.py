"""Drawings of books, and of what stands in their place."""

from shareback.mall.demo.canvas import (
    CREAM,
    GOLD,
    LEAF_GOLD,
    PALE,
    Canvas,
    box,
    darker,
    falling,
    flat,
    leaning,
    lighter,
    oval,
    rounded,
    smooth,
    stroke,
    turned,
)


def book(
    canvas: Canvas, cover: str = "#17527f", sign: str = "moon", cx: float = 400, foot: float = 690
) -> None:
    """A book that stands, seen a little from its side."""
    canvas.ground(cx + 10, foot, 190)
    left, right, top = cx - 190, cx + 170, foot - 520
    canvas.fill(
        [(right, top + 8), (right + 46, top + 30), (right + 46, foot - 22), (right, foot)],
        falling("#fbf6ea", "#dccfb4"),
    )
    for step in range(7):
        x = right + 6 + step * 6
        canvas.fill(
            stroke([(x, top + 14 + step * 3), (x, foot - 6 - step * 3)], 1.6), flat("#b9aa8b"), 0.6
        )
    canvas.fill(
        box(left, top, right - left, foot - top, 10),
        leaning(lighter(cover, 0.18), darker(cover, 0.18)),
    )
    canvas.fill(box(left, top, 34, foot - top, 8), rounded(darker(cover, 0.12), 0.25))
    canvas.fill(box(left + 34, top, 5, foot - top), flat(darker(cover, 0.45)), 0.5)
    frame = box(left + 62, top + 34, right - left - 90, foot - top - 68, 4)
    canvas.fill(stroke([*frame, frame[0]], 4), flat("#e6c98a"), 0.9)
    scene(canvas, sign, left + 62 + (right - left - 90) / 2, top + 190, cover)
    for row, half in ((0, 92), (1, 60)):
        canvas.fill(
            box((left + right) / 2 + 17 - half, foot - 150 + row * 28, 2 * half, 11, 5),
            flat("#f3e2b8"),
            0.85,
        )


def scene(canvas: Canvas, sign: str, cx: float, cy: float, cover: str) -> None:
    """What a book's cover shows."""
    {"moon": moon, "hills": hills, "flower": flower, "waves": waves}[sign](canvas, cx, cy, cover)


def moon(canvas: Canvas, cx: float, cy: float, cover: str) -> None:
    """The moon among stars."""
    canvas.fill(oval(cx, cy, 74, 74), flat(LEAF_GOLD))
    canvas.fill(oval(cx + 26, cy - 16, 62, 62), flat(cover))
    for dx, dy in ((-90, -70), (84, -92), (100, 40), (-70, 96)):
        canvas.fill(oval(cx + dx, cy + dy, 5, 5), flat(PALE))


def hills(canvas: Canvas, cx: float, cy: float, cover: str) -> None:
    """Hills, and the sun above them."""
    canvas.fill(oval(cx + 34, cy - 56, 40, 40), flat("#e08a5a"))
    far = [(-116, 90), (-60, -20), (0, 40), (56, -40), (116, 90)]
    near = [(-116, 96), (-20, 30), (60, 60), (116, 96)]
    for part, line in ((0.35, far), (0.55, near)):
        outline = smooth([(cx + x, cy + y) for x, y in line])
        canvas.fill(outline, flat(lighter(cover, part)))


def flower(canvas: Canvas, cx: float, cy: float, cover: str) -> None:
    """A flower."""
    for turn in range(0, 360, 45):
        leaf = turned(oval(cx, cy - 52, 22, 48), cx, cy, turn)
        canvas.fill(leaf, flat((PALE, LEAF_GOLD)[turn // 45 % 2]), 0.92)
    canvas.fill(oval(cx, cy, 26, 26), flat(darker(cover, 0.2)))


def waves(canvas: Canvas, cx: float, cy: float, _cover: str) -> None:
    """The sea."""
    for row in range(5):
        line = [
            (cx - 110 + step * 22, cy - 50 + row * 34 + (10 if step % 2 else -10))
            for step in range(11)
        ]
        canvas.fill(stroke(smooth(line, closed=False), 9), flat((LEAF_GOLD, PALE)[row % 2]), 0.9)


def books(canvas: Canvas) -> None:
    """A pile of books."""
    pile = (
        (210, 620, 390, "#17527f"),
        (240, 548, 360, "#96405c"),
        (190, 476, 380, "#bb852c"),
        (230, 404, 330, "#2c6a4c"),
    )
    canvas.ground(405, 690, 215)
    for x, y, wide, cover in pile:
        canvas.fill(box(x + 10, y + 8, wide - 14, 54, 4), falling("#f8f1de", "#d8c9a6"))
        for row in range(5):
            canvas.fill(box(x + 20, y + 16 + row * 9, wide - 26, 1.6), flat("#b7a683"), 0.6)
        canvas.fill(box(x, y, wide, 13, 6), leaning(lighter(cover, 0.2), cover))
        canvas.fill(box(x, y + 57, wide, 13, 6), leaning(cover, darker(cover, 0.25)))
        canvas.fill(box(x, y, 58, 70, 22), rounded(cover, 0.3))
        canvas.fill(box(x + 12, y + 16, 34, 5), flat("#f0d596"), 0.9)
        canvas.fill(box(x + 12, y + 48, 34, 5), flat("#f0d596"), 0.9)
    canvas.shadow(oval(400, 400, 110, 10), 8, 0.25)
    canvas.lathe(395, [(54, 290), (56, 350), (44, 398)], rounded(CREAM, 0.3))
    canvas.fill(oval(395, 290, 54, 11), flat("#7a4a2b"))
    for dx, lean in ((-34, -16), (4, 2), (36, 18)):
        canvas.fill(
            stroke(
                smooth([(395, 292), (395 + dx * 0.6, 230), (395 + dx * 1.6, 180)], closed=False), 5
            ),
            flat("#4d7f3c"),
        )
        leaf = oval(395 + dx * 1.7, 160, 17, 36)
        canvas.fill(turned(leaf, 395 + dx * 1.7, 160, lean), leaning("#9cc673", "#4d7f3c"))


def reader(canvas: Canvas, screen: str = "#f3efe4") -> None:
    """A reading device with a page on it."""
    canvas.ground(400, 690, 190)
    canvas.fill(box(216, 150, 368, 540, 34), leaning("#4a5661", "#20282f"))
    canvas.fill(box(240, 178, 320, 440, 8), leaning(lighter(screen, 0.5), screen))
    canvas.fill(box(276, 214, 170, 18, 6), flat("#384650"))
    for row in range(12):
        canvas.fill(
            box(276, 262 + row * 27, (248, 236, 248, 150)[row % 4], 9, 4), flat("#9aa4a8"), 0.85
        )
    canvas.fill(box(372, 646, 56, 10, 5), flat("#8793a0"))
    canvas.fill(box(500, 170, 30, 84), flat("#c23b3b"), 0.95)
    canvas.fill([(500, 254), (515, 236), (530, 254), (530, 262), (500, 262)], flat("#c23b3b"))


def headphones(canvas: Canvas, paint: str = "#96405c") -> None:
    """Headphones round a record."""
    canvas.ground(400, 690, 215)
    band = oval(400, 430, 206, 240, 180, 360)
    canvas.fill(stroke(band, 44), leaning(lighter(paint, 0.3), darker(paint, 0.2)))
    canvas.fill(stroke(oval(400, 434, 186, 220, 184, 356), 16), flat(darker(paint, 0.4)), 0.8)
    for side in (-1, 1):
        x = 400 + side * 200
        canvas.fill(box(x - 62, 420, 124, 262, 58), rounded(darker(paint, 0.3), 0.3))
        canvas.fill(box(x - 42 - side * 34, 432, 92, 238, 44), rounded(lighter(paint, 0.08), 0.4))
    for place, high in enumerate((60, 120, 84, 150, 96, 52)):
        canvas.fill(
            box(305 + place * 34, 560 - high / 2, 16, high, 8), leaning(lighter(GOLD, 0.3), GOLD)
        )
