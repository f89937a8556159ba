"""Drawings of fruit."""

from shareback.mall.demo.canvas import (
    GREEN,
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
    turned,
)


def apple(canvas: Canvas, cx: float, cy: float, size: float, skin: str = "#c43a34") -> None:
    """An apple."""
    canvas.ground(cx, cy + size * 0.92, size * 0.72)
    shape = smooth(
        [
            (cx, cy - size * 0.74),
            (cx + size * 0.5, cy - size * 0.92),
            (cx + size * 0.96, cy - size * 0.4),
            (cx + size * 0.82, cy + size * 0.42),
            (cx + size * 0.34, cy + size * 0.96),
            (cx, cy + size * 0.86),
            (cx - size * 0.34, cy + size * 0.96),
            (cx - size * 0.82, cy + size * 0.42),
            (cx - size * 0.96, cy - size * 0.4),
            (cx - size * 0.5, cy - size * 0.92),
        ]
    )
    canvas.fill(shape, ball(skin, 0.5))
    canvas.fill(oval(cx, cy - size * 0.72, size * 0.3, size * 0.1), flat(darker(skin, 0.5)), 0.5)
    stalk = smooth(
        [(cx, cy - size * 0.7), (cx + size * 0.06, cy - size), (cx + size * 0.16, cy - size * 1.2)],
        closed=False,
    )
    canvas.fill(stroke(stalk, size * 0.08), flat("#5f3b22"))
    leaf = smooth(
        [
            (cx + size * 0.1, cy - size * 0.98),
            (cx + size * 0.34, cy - size * 1.3),
            (cx + size * 0.74, cy - size * 1.24),
            (cx + size * 0.46, cy - size * 0.96),
        ]
    )
    canvas.fill(leaf, leaning("#8fbd62", GREEN))


def apples(canvas: Canvas, skin: str = "#c43a34") -> None:
    """Three apples."""
    apple(canvas, 300, 500, 128, skin)
    apple(canvas, 520, 510, 122, lighter(skin, 0.1))
    apple(canvas, 400, 570, 132, skin)


def orange(canvas: Canvas, cx: float, cy: float, size: float, skin: str = "#ee8a2b") -> None:
    """An orange, with its leaf."""
    canvas.ground(cx, cy + size * 0.97, size * 0.7)
    canvas.fill(oval(cx, cy, size, size * 0.97), ball(skin, 0.35))
    for step in range(70):
        x, y = (
            cx + size * 0.86 * ((step * 0.618) % 1 * 2 - 1),
            cy + size * 0.86 * ((step * 0.7548) % 1 * 2 - 1),
        )
        if (x - cx) ** 2 + (y - cy) ** 2 < (size * 0.82) ** 2:
            canvas.fill(oval(x, y, 2.4, 2), flat(darker(skin, 0.3)), 0.3)
    canvas.fill(oval(cx + 4, cy - size * 0.84, size * 0.11, size * 0.06), flat("#54682e"))
    leaf = smooth(
        [
            (cx + 8, cy - size * 0.84),
            (cx + size * 0.3, cy - size * 1.2),
            (cx + size * 0.86, cy - size * 1.14),
            (cx + size * 0.5, cy - size * 0.8),
        ]
    )
    canvas.fill(leaf, leaning("#8fbd62", GREEN))


def oranges(canvas: Canvas, skin: str = "#ee8a2b") -> None:
    """Oranges, one of them cut."""
    orange(canvas, 300, 470, 132, skin)
    orange(canvas, 505, 500, 138, skin)
    canvas.ground(360, 690, 128)
    canvas.fill(oval(360, 590, 132, 116), ball(skin, 0.2))
    canvas.fill(oval(356, 582, 118, 102), flat("#fdf0d2"))
    canvas.fill(oval(356, 582, 106, 91), leaning(lighter(skin, 0.25), skin))
    for turn in range(0, 180, 30):
        rib = stroke([(356 - 108, 582), (356 + 108, 582)], 6)
        canvas.fill(turned(rib, 356, 582, turn), flat("#fdf0d2"), 0.9)
    canvas.fill(oval(356, 582, 13, 12), flat("#fdf0d2"))


def grapes(canvas: Canvas, skin: str = "#5b3a78") -> None:
    """A bunch of grapes."""
    canvas.ground(400, 690, 200)
    stalk = smooth([(400, 250), (392, 180), (430, 120)], closed=False)
    canvas.fill(stroke(stalk, 16), leaning("#8a6a3f", "#5f4527"))
    canvas.fill(
        smooth([(400, 220), (330, 120), (220, 150), (190, 230), (240, 290), (320, 270)]),
        leaning("#93bd64", "#4c7d3a"),
    )
    rows = ((290, 5), (350, 6), (410, 5), (470, 4), (530, 3), (585, 2), (632, 1))
    for row, (y, many) in enumerate(rows):
        for place in range(many):
            x = 400 + (place - (many - 1) / 2) * 76 + (row % 2) * 6
            canvas.shadow(oval(x + 4, y + 8, 44, 44), 6, 0.25)
            canvas.fill(oval(x, y, 47, 49), ball(lighter(skin, 0.06 * ((row + place) % 3)), 0.5))


def melon(canvas: Canvas) -> None:
    """Watermelon, whole and a slice."""
    canvas.ground(470, 670, 200)
    canvas.fill(oval(470, 470, 232, 206), ball("#3f7d42", 0.3))
    for place in range(-2, 3):
        line = smooth(
            [
                (470 + place * 20, 268),
                (470 + place * 74, 400),
                (470 + place * 74, 540),
                (470 + place * 20, 672),
            ],
            closed=False,
        )
        canvas.fill(stroke(line, 20, taper=True), flat("#1f5030"), 0.55)
    canvas.shadow(smooth([(120, 520), (480, 520), (310, 740)]), 16, 0.3)
    canvas.fill(oval(290, 520, 220, 196, 0, 180), leaning("#5a9a4c", "#2f6a38"))
    canvas.fill(oval(290, 520, 200, 176, 0, 180), flat("#f1f0d6"))
    canvas.fill(oval(290, 520, 184, 158, 0, 180), leaning("#ee5a5f", "#d13544"))
    for step in range(13):
        x, y = 170 + (step * 71) % 240, 548 + (step * 43) % 90
        canvas.fill(turned(oval(x, y, 5, 9), x, y, (step * 40) % 60 - 30), flat("#2b1a17"))


def berries(canvas: Canvas, skin: str = "#39508c") -> None:
    """A basket of berries."""
    canvas.ground(400, 690, 220)
    for row, (y, many) in enumerate(((360, 5), (410, 7), (455, 8))):
        for place in range(many):
            x = 400 + (place - (many - 1) / 2) * 62
            tone = lighter(skin, 0.1 * ((row * 3 + place) % 3))
            canvas.fill(oval(x, y - (place * 7) % 12, 42, 41), ball(tone, 0.45))
            canvas.fill(oval(x - 6, y - 16 - (place * 7) % 12, 9, 6), flat(darker(skin, 0.5)), 0.6)
    weave = "#c99b5f"
    canvas.lathe(400, [(272, 450), (252, 560), (222, 690)], rounded(weave, 0.15))
    for y in range(478, 690, 42):
        half = 272 - (y - 450) * 0.2
        canvas.lathe(
            400, [(half, y), (half - 3, y + 20)], rounded(darker(weave, 0.22), 0.1), soft=False
        )
    for step in range(-5, 6):
        canvas.fill(
            stroke([(400 + step * 48, 455), (400 + step * 40, 690)], 8),
            falling(lighter(weave, 0.25), darker(weave, 0.2)),
            0.8,
        )
    canvas.lathe(400, [(280, 438), (283, 452), (276, 470)], rounded(lighter(weave, 0.15), 0.2))


def mixed_fruit(canvas: Canvas) -> None:
    """A box of fruit of the season."""
    orange(canvas, 540, 430, 104)
    apple(canvas, 270, 420, 106)
    apple(canvas, 400, 400, 112, "#9bb546")
    orange(canvas, 460, 505, 92, "#f2a53a")
    canvas.fill(oval(330, 505, 96, 92), ball("#d9536a", 0.4))
    wood = "#cfa164"
    canvas.ground(400, 692, 290)
    canvas.fill(box(130, 520, 540, 170, 8), leaning(lighter(wood, 0.2), darker(wood, 0.2)))
    for y in (520, 580, 640):
        canvas.fill(box(122, y, 556, 50, 6), leaning(lighter(wood, 0.25), wood))
        canvas.fill(box(122, y + 44, 556, 6, 3), flat(darker(wood, 0.4)), 0.5)
    for x in (160, 622):
        canvas.fill(oval(x, 545, 7, 7), flat(darker(wood, 0.5)))
        canvas.fill(oval(x, 665, 7, 7), flat(darker(wood, 0.5)))
