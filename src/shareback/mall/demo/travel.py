"""Drawings of what travellers want: rooms, fuel, a clean car."""

from shareback.mall.demo.canvas import (
    GOLD,
    PAPER,
    SIZE,
    STEEL,
    Canvas,
    ball,
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
    within,
)
from shareback.mall.demo.food import croissant
from shareback.mall.demo.signs import drop
from shareback.mall.demo.tea import cup


def room(canvas: Canvas, cloth: str = "#5c7f92", *, night: bool = False) -> None:
    """A hotel's room: a bed, a lamp, a window."""
    canvas.fill(box(0, 620, SIZE, 180), falling("#c9ac88", "#b08f69"))
    window(canvas, night=night)
    canvas.fill(box(60, 330, 520, 210, 20), leaning("#8a6242", "#5e3f29"))
    canvas.shadow(box(60, 690, 560, 40, 20), 20, 0.35)
    canvas.fill(box(50, 520, 560, 180, 26), falling("#fbf9f4", "#ded7ca"))
    for x in (90, 320):
        canvas.shadow(box(x + 6, 446, 210, 100, 40), 12, 0.2)
        canvas.fill(box(x, 436, 210, 104, 44), ball("#fffdf8", 0.1))
    cover = [(40, 570), (330, 548), (620, 570), (632, 690), (600, 714), (60, 714), (28, 690)]
    canvas.fill(smooth(cover), leaning(lighter(cloth, 0.25), darker(cloth, 0.12)))
    canvas.fill(box(36, 566, 590, 30, 15), leaning("#ffffff", lighter(cloth, 0.7)))
    canvas.lathe(700, [(8, 500), (10, 600)], rounded(GOLD, 0.4), soft=False)
    canvas.fill(oval(700, 450, 120, 110), flat("#fff0c4"), 0.35)
    canvas.lathe(700, [(44, 420), (70, 510)], rounded("#fbe9bd", 0.1), soft=False)
    canvas.fill(box(646, 600, 110, 120, 8), leaning("#9a7350", "#6d4c33"))


def window(canvas: Canvas, *, night: bool) -> None:
    """A window with curtains, by day or by night."""
    sky = ("#1f3a5a", "#49688b") if night else ("#bfe0ee", "#f3efe0")
    canvas.fill(box(470, 90, 250, 270, 8), flat("#fbfaf6"))
    canvas.fill(box(484, 104, 222, 242), falling(*sky))
    hills = [(484, 300), (560, 250), (620, 285), (706, 236), (706, 346), (484, 346)]
    canvas.fill(
        within(smooth(hills), box(476, 96, 238, 258)), flat("#132a3f" if night else "#3f6b62"), 0.9
    )
    canvas.fill(oval(640, 160, 26, 26), flat("#fff6d8"))
    canvas.fill(box(592, 104, 7, 242), flat("#fbfaf6"))
    for x in (446, 700):
        canvas.fill(box(x, 74, 46, 330, 10), rounded("#e7dcc8", 0.1))


def breakfast(canvas: Canvas) -> None:
    """Breakfast: a cup and a croissant."""
    cup(canvas, "#f4f1ea", "#5b3420", cx=300, foot=600)
    croissant(canvas, 560, 600, 6, 0.72)


def pool(canvas: Canvas) -> None:
    """A hot spring among hills."""
    canvas.fill(box(0, 0, SIZE, 470), falling("#cfe4ec", "#f6ead8"))
    canvas.fill(oval(560, 190, 62, 62), flat("#fff3d6"))
    canvas.fill(
        smooth(
            [(-60, 500), (130, 230), (300, 400), (430, 260), (640, 420), (860, 280), (880, 520)]
        ),
        falling("#7fa59a", "#a9c4b6"),
    )
    canvas.fill(
        smooth(
            [(-60, 520), (200, 380), (420, 470), (640, 390), (880, 500), (880, 560), (-60, 560)]
        ),
        falling("#4d7f70", "#6b9a86"),
    )
    canvas.fill(box(0, 500, SIZE, 300), falling("#7cc0c4", "#2f7f8c"))
    for row in range(6):
        y = 540 + row * 42
        line = [(60 + row * 30 + step * 80, y + (8 if step % 2 else -8)) for step in range(8)]
        canvas.fill(stroke(smooth(line, closed=False), 6, taper=True), flat("#e3f6f4"), 0.5)
    for x, y, rx, ry in (
        (90, 520, 130, 58),
        (250, 505, 90, 38),
        (690, 520, 150, 66),
        (560, 506, 76, 32),
    ):
        canvas.fill(oval(x, y, rx, ry), ball("#7d7f80", 0.12))
    for dx in (300, 400, 500):
        canvas.fill(
            stroke(
                smooth([(dx, 560), (dx + 26, 500), (dx - 20, 440), (dx + 16, 370)], closed=False),
                24,
                taper=True,
            ),
            flat("#ffffff"),
            0.5,
        )


def pump(canvas: Canvas, paint: str = "#c23b3b") -> None:
    """A fuel pump."""
    canvas.ground(380, 700, 170)
    hose = smooth(
        [(540, 470), (640, 470), (650, 620), (590, 640), (600, 380), (600, 300)], closed=False
    )
    canvas.fill(stroke(hose, 20), leaning("#3a434a", "#1b2126"))
    canvas.fill(box(225, 150, 320, 540, 26), leaning(lighter(paint, 0.18), darker(paint, 0.18)))
    canvas.fill(box(225, 150, 60, 540, 26), rounded(paint, 0.25), 0.7)
    canvas.fill(box(268, 196, 234, 170, 14), leaning("#22303a", "#111a21"))
    for row, wide in ((0, 150), (1, 110), (2, 130)):
        canvas.fill(box(296, 224 + row * 44, wide, 20, 6), flat("#8fe0c0"), 0.9)
    canvas.fill(box(268, 396, 234, 210, 14), leaning(PAPER, "#e4ded0"))
    drop(canvas, 385, 506, 66, paint)
    canvas.fill(box(195, 680, 380, 34, 12), leaning("#5a656d", "#353e45"))
    canvas.fill(box(572, 236, 60, 92, 14), leaning("#4a555d", "#262e34"))
    canvas.fill(
        stroke(smooth([(604, 240), (640, 190), (690, 200)], closed=False), 16),
        leaning(STEEL, "#8b979f"),
    )


def canister(canvas: Canvas, paint: str = "#2b4f73") -> None:
    """A can of oil."""
    canvas.ground(400, 690, 190)
    body = smooth(
        [
            (300, 232),
            (520, 232),
            (572, 330),
            (580, 660),
            (556, 690),
            (244, 690),
            (220, 660),
            (222, 330),
        ]
    )
    canvas.fill(body, leaning(lighter(paint, 0.25), darker(paint, 0.25)))
    canvas.fill(box(252, 150, 96, 80, 12), rounded("#c23b3b", 0.4))
    canvas.fill(
        stroke(smooth([(372, 236), (400, 160), (500, 150), (540, 250)], closed=False), 34),
        leaning(lighter(paint, 0.3), darker(paint, 0.1)),
    )
    canvas.fill(box(256, 370, 288, 260, 16), leaning(PAPER, "#e6dfcf"))
    drop(canvas, 400, 478, 64, GOLD)
    for row, half in ((0, 86), (1, 56)):
        canvas.fill(box(400 - half, 560 + row * 26, 2 * half, 11, 5), flat(paint), 0.7)


def car(canvas: Canvas, paint: str = "#2f7f8c") -> None:
    """A clean car, with bubbles."""
    canvas.ground(400, 640, 310)
    canvas.fill(
        smooth(
            [
                (96, 600),
                (92, 500),
                (190, 460),
                (262, 366),
                (350, 340),
                (480, 344),
                (580, 420),
                (640, 464),
                (708, 500),
                (716, 600),
                (690, 622),
                (120, 622),
            ]
        ),
        leaning(lighter(paint, 0.3), darker(paint, 0.2)),
    )
    canvas.fill(
        smooth([(246, 462), (296, 386), (372, 370), (388, 370), (388, 462)]),
        leaning("#e3f1f5", "#8fb2c0"),
    )
    canvas.fill(
        smooth([(412, 370), (470, 372), (548, 440), (560, 462), (412, 462)]),
        leaning("#d5e8ee", "#7fa5b5"),
    )
    canvas.fill(box(110, 508, 596, 10, 5), flat("#ffffff"), 0.3)
    canvas.fill(oval(690, 530, 24, 18), ball("#fff3c4", 0.6))
    for x in (230, 570):
        canvas.fill(oval(x, 612, 76, 76), ball("#20272c", 0.15))
        canvas.fill(oval(x, 612, 42, 42), ball(STEEL, 0.5))
        canvas.fill(oval(x, 612, 14, 14), flat("#6d7a82"))
    for x, y, size in (
        (150, 320, 36),
        (230, 240, 22),
        (610, 300, 42),
        (680, 220, 24),
        (520, 210, 30),
        (330, 200, 16),
        (700, 390, 18),
    ):
        canvas.fill(oval(x, y, size, size), ball("#eaf7fa", 0.9), 0.6)
