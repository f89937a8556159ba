"""Drawings of what is eaten: noodles, bread, cakes."""

from shareback.mall.demo.canvas import (
    CRUMB,
    CRUST,
    GREEN,
    Canvas,
    Points,
    ball,
    box,
    darker,
    flat,
    leaning,
    lighter,
    oval,
    rounded,
    smooth,
    stroke,
    turned,
)
from shareback.mall.demo.tea import steam


def bowl(
    canvas: Canvas,
    clay: str = "#2f5d7c",
    broth: str = "#c9792c",
    topping: str = "beef",
    cx: float = 400,
    foot: float = 690,
) -> None:
    """A bowl of noodles, steaming, with chopsticks."""
    rim = foot - 250
    canvas.ground(cx, foot, 150)
    canvas.lathe(
        cx,
        [
            (262, rim),
            (252, rim + 60),
            (205, rim + 150),
            (120, rim + 215),
            (112, rim + 232),
            (112, foot),
        ],
        rounded(clay, 0.35),
    )
    canvas.lathe(
        cx, [(259, rim + 34), (255, rim + 46)], rounded(lighter(clay, 0.75), 0.2), soft=False
    )
    canvas.fill(oval(cx, rim, 262, 74), leaning(lighter(clay, 0.5), clay))
    canvas.fill(oval(cx, rim + 4, 244, 66), flat(darker(clay, 0.35)))
    canvas.fill(oval(cx, rim + 10, 236, 60), leaning(lighter(broth, 0.2), darker(broth, 0.15)))
    for step in range(9):
        y = rim - 8 + step * 7
        wide = 150 - abs(step - 4) * 16
        line = [(cx - wide + dx * wide / 3, y + (6 if dx % 2 else -6)) for dx in range(5)]
        canvas.fill(stroke(smooth(line, closed=False), 8), flat("#f0d79d"))
        canvas.fill(
            stroke(smooth([(x, by - 2) for x, by in line], closed=False), 3), flat("#fbeecb"), 0.8
        )
    top_with(canvas, cx, rim, topping)
    steam(canvas, cx - 40, rim - 70)
    for dy in (0, 26):
        stick = [(cx + 20, rim + 6 + dy), (cx + 330, rim - 150 + dy)]
        canvas.shadow(stroke([(x, y + 12) for x, y in stick], 8), 8, 0.14)
        canvas.fill(stroke(stick, 11), leaning("#8f4b2c", "#5c2c1a"))


def top_with(canvas: Canvas, cx: float, rim: float, topping: str) -> None:
    """What lies on the noodles."""
    if topping == "beef":
        for dx, dy, turn in ((40, -16, -12), (92, 2, 10), (64, 26, -4)):
            slab = smooth(
                [
                    (cx + dx - 52, rim + dy),
                    (cx + dx, rim + dy - 18),
                    (cx + dx + 52, rim + dy),
                    (cx + dx, rim + dy + 20),
                ]
            )
            canvas.fill(turned(slab, cx + dx, rim + dy, turn), leaning("#a5603a", "#6d3620"))
    elif topping == "egg":
        canvas.fill(oval(cx + 70, rim + 6, 58, 32), leaning("#fffdf5", "#eadfca"))
        canvas.fill(oval(cx + 74, rim + 3, 30, 17), ball("#f0a531", 0.5))
    else:
        for dx, dy in ((30, -14), (96, -6), (62, 22), (128, 20)):
            canvas.fill(
                smooth(
                    [
                        (cx + dx - 34, rim + dy + 8),
                        (cx + dx - 10, rim + dy - 18),
                        (cx + dx + 30, rim + dy - 12),
                        (cx + dx + 34, rim + dy + 12),
                        (cx + dx, rim + dy + 22),
                    ]
                ),
                leaning("#f8ead2", "#dcbf90"),
            )
    leaf = smooth(
        [(cx - 150, rim + 14), (cx - 110, rim - 28), (cx - 50, rim - 14), (cx - 78, rim + 22)]
    )
    canvas.fill(leaf, leaning("#7fb05a", GREEN))
    for step in range(16):
        x, y = cx - 60 + (step * 83) % 210, rim - 24 + (step * 31) % 58
        canvas.fill(oval(x, y, 7, 4), flat((GREEN, "#8fbd62", "#c23b28")[step % 3]))


def dumplings(canvas: Canvas) -> None:
    """Dumplings in a bamboo steamer."""
    wood = "#cfa164"
    canvas.ground(400, 660, 270)
    canvas.lathe(400, [(278, 470), (278, 650), (270, 664)], rounded(wood, 0.2), soft=False)
    for y in (500, 560, 620):
        canvas.lathe(400, [(279, y), (279, y + 8)], rounded(darker(wood, 0.25), 0.1), soft=False)
    canvas.fill(oval(400, 470, 278, 104), leaning(lighter(wood, 0.3), wood))
    canvas.fill(oval(400, 474, 254, 90), flat(darker(wood, 0.4)))
    canvas.fill(oval(400, 480, 250, 84), leaning("#ead3a3", "#d3b27a"))
    for cx, cy in (
        (300, 440),
        (400, 425),
        (500, 442),
        (245, 490),
        (350, 495),
        (455, 497),
        (555, 490),
        (400, 540),
        (300, 530),
        (500, 532),
    ):
        canvas.shadow(oval(cx + 5, cy + 14, 48, 22), 6, 0.25)
        canvas.fill(
            smooth(
                [
                    (cx - 52, cy + 12),
                    (cx - 34, cy - 26),
                    (cx, cy - 46),
                    (cx + 34, cy - 26),
                    (cx + 52, cy + 12),
                    (cx, cy + 30),
                ]
            ),
            ball("#fbf4e6", 0.2),
        )
        for turn in (-42, -14, 14, 42):
            fold = stroke([(cx, cy - 40), (cx, cy - 4)], 5, taper=True)
            canvas.fill(turned(fold, cx, cy - 40, turn), flat("#d9c8a8"), 0.75)
    steam(canvas, 400, 380)


def loaf(canvas: Canvas) -> None:
    """A loaf of bread on a board, with slices before it."""
    board(canvas)
    crumb = smooth(
        [
            (180, 640),
            (168, 500),
            (150, 430),
            (205, 352),
            (340, 330),
            (400, 350),
            (470, 330),
            (600, 352),
            (650, 430),
            (632, 500),
            (622, 640),
        ]
    )
    canvas.shadow([(x + 14, y + 12) for x, y in crumb], 22, 0.28)
    canvas.fill(crumb, ball(CRUST, 0.12))
    for dx in range(4):
        x = 250 + dx * 92
        cut = smooth([(x - 10, 470), (x + 24, 400), (x + 62, 366), (x + 40, 420), (x + 8, 476)])
        canvas.fill(cut, leaning("#f7e2b4", "#e3b572"))
    for x, y, turn in ((300, 612, -4), (420, 628, 3)):
        piece = smooth(
            [
                (x - 96, y + 62),
                (x - 100, y - 20),
                (x - 118, y - 70),
                (x - 60, y - 112),
                (x + 60, y - 112),
                (x + 118, y - 70),
                (x + 100, y - 20),
                (x + 96, y + 62),
            ]
        )
        canvas.shadow([(a + 10, b + 6) for a, b in piece], 14, 0.35)
        canvas.fill(turned(piece, x, y, turn), leaning("#d0914c", "#a9662b"))
        inner = [(x + (a - x) * 0.89, y - 24 + (b - y + 24) * 0.88) for a, b in piece]
        canvas.fill(turned(inner, x, y, turn), leaning("#fbedcd", CRUMB))
        for step in range(26):
            hx, hy = x - 78 + (step * 61) % 156, y - 88 + (step * 37) % 132
            canvas.fill(oval(hx, hy, 3 + step % 4, 2 + step % 3), flat("#dcbd83"), 0.6)


def board(canvas: Canvas, y: float = 640) -> None:
    """A wooden board."""
    canvas.ground(400, y + 62, 330)
    canvas.fill(box(80, y - 10, 640, 70, 24), leaning("#b98552", "#8f5f35"))
    canvas.fill(oval(400, y, 322, 44), leaning("#dcae78", "#c08c55"))


def croissants(canvas: Canvas) -> None:
    """Croissants on a plate."""
    plate(canvas, 620)
    for cx, cy, turn, size in ((330, 470, -8, 1.0), (480, 560, 10, 1.08)):
        croissant(canvas, cx, cy, turn, size)


def croissant(canvas: Canvas, cx: float, cy: float, turn: float, size: float) -> None:
    """One croissant."""
    parts = (
        (-180, 66, 38, 34, -56),
        (180, 66, 38, 34, 56),
        (-128, 8, 62, 56, -38),
        (128, 8, 62, 56, 38),
        (-68, -28, 74, 74, -18),
        (68, -28, 74, 74, 18),
        (0, -40, 78, 84, 0),
    )
    under = turned(oval(cx, cy + 40 * size, 190 * size, 50 * size), cx, cy, turn)
    canvas.shadow(under, 18, 0.4)
    for dx, dy, rx, ry, lean in parts:
        x, y = cx + dx * size, cy + dy * size
        piece = turned(turned(oval(x, y, rx * size, ry * size), x, y, lean), cx, cy, turn)
        canvas.shadow(piece, 7, 0.22)
        canvas.fill(piece, ball("#d6913f", 0.22))
        ridge = turned(
            oval(x - 4, y - 8 * size, rx * 0.5 * size, ry * 0.72 * size, 150, 290), x, y, lean
        )
        canvas.fill(stroke(turned(ridge, cx, cy, turn), 6, taper=True), flat("#f4cb86"), 0.7)


def plate(canvas: Canvas, cy: float, half: float = 310, clay: str = "#f7f5f0") -> None:
    """A plate, seen from before it."""
    canvas.ground(400, cy + half * 0.24, half * 0.8)
    canvas.fill(oval(400, cy + 8, half, half * 0.34), flat(darker(clay, 0.25)))
    canvas.fill(oval(400, cy, half, half * 0.34), leaning("#ffffff", darker(clay, 0.1)))
    canvas.fill(oval(400, cy + 4, half * 0.76, half * 0.24), leaning(darker(clay, 0.09), "#ffffff"))


def cake(
    canvas: Canvas, cream: str = "#fbf1e6", sponge: str = "#e9c489", berry: str = "#c8324a"
) -> None:
    """A round cake on a stand, with berries."""
    canvas.ground(400, 706, 150)
    canvas.lathe(400, [(26, 610), (24, 650), (60, 690), (150, 706)], rounded("#dfe5e4", 0.5))
    canvas.fill(oval(400, 606, 290, 46), flat("#b9c4c4"))
    canvas.fill(oval(400, 598, 290, 46), leaning("#ffffff", "#dbe2e2"))
    canvas.shadow(oval(410, 600, 235, 30), 10, 0.25)
    canvas.lathe(400, [(226, 392), (228, 570), (222, 598)], rounded(sponge, 0.05), soft=False)
    for top in (392, 462, 532):
        canvas.lathe(400, [(229, top), (230, top + 34)], rounded(cream, 0.15), soft=False)
    canvas.lathe(400, [(222, 566), (228, 580), (222, 598)], rounded(cream, 0.15))
    canvas.fill(oval(400, 392, 228, 50), leaning("#ffffff", darker(cream, 0.08)))
    for turn in range(0, 360, 30):
        at = oval(400, 388, 186, 36, turn, turn + 1)[0]
        canvas.fill(oval(at[0], at[1] - 12, 30, 24), ball(cream, 0.3))
        canvas.fill(oval(at[0], at[1] - 36, 21, 22), ball(berry, 0.55))
    for dx, dy in ((-56, 4), (0, -8), (56, 4), (-26, 18), (30, 20)):
        canvas.fill(oval(400 + dx, 372 + dy, 27, 26), ball(berry, 0.55))
    canvas.fill(smooth([(400, 352), (424, 306), (470, 300), (446, 344)]), leaning("#7fb05a", GREEN))


def slice_of(
    canvas: Canvas, cream: str = "#f6ead6", sponge: str = "#5a3421", top: str = "#3f2417"
) -> None:
    """A slice of cake on a plate."""
    plate(canvas, 610)
    side: Points = [(200, 430), (610, 470), (610, 640), (200, 590)]
    canvas.shadow([(x + 16, y + 20) for x, y in side], 16, 0.3)
    canvas.fill(side, leaning(lighter(sponge, 0.14), darker(sponge, 0.1)))
    for begin, thick in ((0.28, 0.12), (0.62, 0.12)):
        line = [
            (200, 430 + 160 * begin),
            (610, 470 + 170 * begin),
            (610, 470 + 170 * (begin + thick)),
            (200, 430 + 160 * (begin + thick)),
        ]
        canvas.fill(line, leaning(lighter(cream, 0.3), darker(cream, 0.08)))
    canvas.fill([(200, 430), (470, 352), (610, 470)], leaning(lighter(top, 0.25), top))
    canvas.fill(
        smooth(
            [
                (200, 428),
                (400, 448),
                (610, 468),
                (612, 492),
                (560, 500),
                (520, 486),
                (450, 498),
                (380, 474),
                (300, 480),
                (200, 456),
            ]
        ),
        leaning(lighter(top, 0.2), top),
    )
    canvas.fill(oval(440, 396, 50, 36), ball("#fffaf0", 0.3))
    canvas.fill(oval(440, 362, 36, 38), ball("#c8324a", 0.55))
    canvas.fill(stroke(smooth([(444, 328), (452, 300), (476, 286)], closed=False), 6), flat(GREEN))


def tarts(canvas: Canvas) -> None:
    """Egg tarts on a rack."""
    plate(canvas, 610, 330)
    for cx, cy in ((290, 500), (510, 500), (400, 590)):
        canvas.shadow(oval(cx + 8, cy + 64, 104, 26), 12, 0.35)
        canvas.lathe(cx, [(122, cy), (104, cy + 40), (84, cy + 78)], rounded("#d7a054", 0.2))
        canvas.fill(oval(cx, cy, 122, 48), leaning("#eec27e", "#c78a42"))
        canvas.fill(oval(cx, cy + 2, 98, 36), leaning("#ffd968", "#f0ac2e"))
        canvas.fill(
            smooth(
                [
                    (cx - 40, cy - 6),
                    (cx, cy - 16),
                    (cx + 34, cy - 2),
                    (cx + 6, cy + 12),
                    (cx - 30, cy + 10),
                ]
            ),
            flat("#b9701f"),
            0.55,
        )
        canvas.fill(oval(cx - 44, cy - 14, 24, 6), flat("#fffbe2"), 0.7)
