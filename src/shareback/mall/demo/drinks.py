"""Drawings of what is drunk: bottles, glasses, jars."""

from shareback.mall.demo.canvas import (
    CREAM,
    GOLD,
    INK,
    PAPER,
    Canvas,
    Points,
    ball,
    box,
    darker,
    flat,
    leaning,
    lighter,
    mixed,
    oval,
    rounded,
    smooth,
    stroke,
    turned,
)


def bottle(
    canvas: Canvas,
    glass: str = "#1d3327",
    label: str = PAPER,
    sign: str = "#96405c",
    cap: str = "#5b1f33",
    cx: float = 400,
    foot: float = 690,
) -> None:
    """A wine bottle with a label."""
    top = foot - 580
    canvas.ground(cx, foot, 96)
    canvas.lathe(
        cx,
        [
            (30, top),
            (30, top + 150),
            (36, top + 190),
            (84, top + 265),
            (96, top + 320),
            (96, foot - 40),
            (96, foot - 12),
            (86, foot),
        ],
        rounded(glass, 0.5),
    )
    canvas.lathe(cx, [(33, top - 4), (33, top + 118)], rounded(cap, 0.55), soft=False)
    canvas.lathe(cx, [(35, top + 26), (35, top + 36)], rounded(lighter(cap, 0.25)), soft=False)
    canvas.lathe(cx, [(96.5, foot - 235), (96.5, foot - 70)], rounded(label, 0.12), soft=False)
    emblem(canvas, cx - 6, foot - 178, 30, sign)
    for row, half in ((0, 52), (1, 36), (2, 44)):
        y = foot - 128 + row * 16
        canvas.fill(box(cx - 6 - half, y, 2 * half, 5, 2), flat(mixed(label, INK, 0.55)), 0.6)
    canvas.lathe(cx, [(96.5, foot - 232), (96.5, foot - 226)], rounded(GOLD), 0.9, soft=False)
    canvas.lathe(cx, [(96.5, foot - 79), (96.5, foot - 73)], rounded(GOLD), 0.9, soft=False)


def emblem(canvas: Canvas, cx: float, cy: float, size: float, sign: str) -> None:
    """A small vine leaf of a label."""
    for turn in (-62, 0, 62):
        leaf = [
            (cx, cy + size),
            (cx - size * 0.42, cy),
            (cx, cy - size * 0.95),
            (cx + size * 0.42, cy),
        ]
        canvas.fill(turned(smooth(leaf), cx, cy + size * 0.5, turn), flat(sign), 0.92)


def bottles(canvas: Canvas) -> None:
    """Two bottles, red and white."""
    bottle(canvas, "#31431f", "#f3ead2", "#2c6a4c", "#8a5a0c", cx=505, foot=655)
    bottle(canvas, "#2a1620", PAPER, "#96405c", "#5b1f33", cx=315, foot=710)


def sparkling(canvas: Canvas, glass: str = "#e8a7a1", foil: str = "#d9b25f") -> None:
    """A bottle of sparkling wine, with foil round its neck."""
    canvas.ground(400, 700, 108)
    canvas.lathe(
        400,
        [(28, 110), (30, 250), (44, 320), (92, 420), (108, 500), (108, 660), (100, 700)],
        rounded(glass, 0.55),
    )
    canvas.lathe(400, [(32, 92), (38, 110), (33, 140), (34, 240), (50, 318)], rounded(foil, 0.7))
    canvas.lathe(400, [(46, 304), (52, 322), (54, 332)], rounded(darker(foil, 0.25), 0.5))
    canvas.lathe(400, [(108, 488), (108, 625)], rounded("#fff7f2", 0.15), soft=False)
    canvas.fill(oval(392, 548, 40, 40), flat(foil), 0.95)
    canvas.fill(oval(392, 548, 33, 33), flat("#fff7f2"))
    emblem(canvas, 392, 540, 19, "#b5555a")
    for x, y, size in (
        (235, 250, 15),
        (560, 190, 21),
        (598, 330, 11),
        (208, 420, 9),
        (545, 440, 8),
    ):
        canvas.fill(oval(x, y, size, size), ball("#ffffff", 0.9), 0.55)


def wineglass(canvas: Canvas, wine: str = "#7a1f3d") -> None:
    """A glass of wine beside a carafe's shadow."""
    canvas.ground(400, 690, 104)
    canvas.fill(oval(400, 688, 104, 17), rounded("#dfe7ea", 0.6), 0.85)
    canvas.lathe(
        400, [(9, 470), (7, 560), (9, 640), (40, 676), (70, 688)], rounded("#e6eef1", 0.9), 0.9
    )
    bowl = [(104, 150), (132, 240), (142, 320), (112, 420), (48, 466), (8, 478)]
    canvas.lathe(400, bowl, rounded("#eef3f4", 0.5), 0.62)
    canvas.lathe(400, [(139, 296), (139, 328), (108, 420), (46, 463), (6, 474)], rounded(wine, 0.4))
    canvas.fill(oval(400, 297, 139, 24), leaning(lighter(wine, 0.22), wine))
    canvas.fill(oval(400, 150, 104, 15), flat("#ffffff"), 0.5)
    canvas.fill(oval(400, 151, 99, 12), flat("#e9eef0"), 0.7)
    canvas.fill(
        stroke(smooth([(306, 210), (286, 290), (300, 370)], closed=False), 15, taper=True),
        flat("#ffffff"),
        0.65,
    )


def giftbox(canvas: Canvas, paper: str = "#7c2f49", ribbon: str = GOLD) -> None:
    """A gift box with a ribbon."""
    canvas.ground(400, 690, 220)
    canvas.fill(box(190, 380, 420, 310, 10), leaning(lighter(paper, 0.1), darker(paper, 0.2)))
    canvas.fill(box(368, 380, 64, 310), rounded(ribbon, 0.4))
    canvas.shadow(box(190, 384, 420, 22), 10, 0.35)
    canvas.fill(box(170, 310, 460, 84, 12), leaning(lighter(paper, 0.2), paper))
    canvas.fill(box(366, 310, 68, 84), rounded(ribbon, 0.5))
    for side in (-1, 1):
        loop = [
            (400, 305),
            (400 + side * 50, 215),
            (400 + side * 140, 180),
            (400 + side * 168, 238),
            (400 + side * 105, 290),
        ]
        canvas.shadow(loop, 10, 0.16)
        canvas.fill(smooth(loop), leaning(lighter(ribbon, 0.3), ribbon))
        inner = [
            (400 + side * 42, 285),
            (400 + side * 80, 240),
            (400 + side * 130, 214),
            (400 + side * 140, 240),
            (400 + side * 98, 272),
        ]
        canvas.fill(smooth(inner), flat(darker(ribbon, 0.3)), 0.75)
    canvas.fill(box(368, 264, 64, 56, 18), rounded(lighter(ribbon, 0.15), 0.5))


def jar(
    canvas: Canvas,
    inside: str = "#a8321f",
    lid: str = "#2b2f33",
    label: str = CREAM,
    specks: str = "#e0a53c",
) -> None:
    """A glass jar with a screw lid."""
    canvas.ground(400, 690, 165)
    canvas.lathe(
        400,
        [(120, 262), (150, 290), (168, 340), (168, 650), (156, 690)],
        rounded(lighter(inside, 0.1), 0.5),
    )
    canvas.lathe(400, [(150, 312), (162, 345), (162, 645), (148, 680)], rounded(inside, 0.25))
    for step in range(60):
        x = 400 + 138 * ((step * 0.618) % 1 * 2 - 1)
        y = 330 + 330 * ((step * 0.7548) % 1)
        canvas.fill(oval(x, y, 5 + step % 4, 3 + step % 3), flat(specks), 0.6)
    canvas.lathe(400, [(168.5, 405), (168.5, 600)], rounded(label, 0.12), soft=False)
    canvas.fill(oval(392, 480, 46, 46), flat(inside), 0.9)
    pepper = smooth([(372, 462), (400, 452), (418, 480), (400, 510), (388, 500), (394, 480)])
    canvas.fill(pepper, flat(label))
    for row, half in ((0, 70), (1, 48)):
        canvas.fill(box(392 - half, 548 + row * 19, 2 * half, 7, 3), flat(darker(label, 0.6)), 0.6)
    canvas.lathe(400, [(132, 205), (134, 212), (134, 272)], rounded(lid, 0.5), soft=False)
    canvas.fill(oval(400, 206, 132, 24), leaning(lighter(lid, 0.35), lid))
    gleam(canvas, 262, 330, 300)


def gleam(canvas: Canvas, x: float, y: float, high: float) -> None:
    """Light on glass."""
    line: Points = [(x + 6, y), (x, y + high / 2), (x + 4, y + high)]
    canvas.fill(stroke(smooth(line, closed=False), 14, taper=True), flat("#ffffff"), 0.5)


def cartons(canvas: Canvas, paint: str = "#e9a03b", fruit: str = "#e57a2d") -> None:
    """A bottle of pressed juice with a fruit."""
    canvas.ground(360, 690, 118)
    canvas.lathe(
        360,
        [(46, 170), (46, 230), (96, 320), (118, 380), (118, 660), (108, 690)],
        rounded(paint, 0.45),
    )
    canvas.lathe(360, [(52, 130), (52, 186)], rounded("#f7f4ec", 0.3), soft=False)
    canvas.lathe(360, [(118.5, 420), (118.5, 590)], rounded(PAPER, 0.1), soft=False)
    canvas.fill(oval(352, 490, 44, 44), ball(fruit))
    canvas.fill(box(300, 552, 104, 9, 4), flat(darker(paint, 0.3)), 0.6)
    canvas.ground(570, 692, 92)
    canvas.fill(oval(570, 610, 94, 90), ball(fruit, 0.45))
    canvas.fill(oval(572, 530, 12, 7), flat("#5a6b2e"))
