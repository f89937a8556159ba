"""Drawings of cards and telephones, and merchants' signs."""

from shareback.mall.demo.canvas import (
    CREAM,
    GOLD,
    SIZE,
    Canvas,
    box,
    darker,
    flat,
    leaning,
    lighter,
    oval,
    smooth,
    turned,
    within,
)
from shareback.mall.demo.signs import signed


def card(canvas: Canvas, paint: str = "#17527f", sign: str = "drop", accent: str = GOLD) -> None:
    """A card that leans, with another behind it."""
    for dx, dy, turn, tone, strength in (
        (46, -64, 9, darker(paint, 0.25), 0.25),
        (0, 20, -7, paint, 0.35),
    ):
        face = box(130 + dx, 250 + dy, 540, 340, 34)
        centre = (400 + dx, 420 + dy)
        canvas.shadow(turned([(x + 12, y + 26) for x, y in face], *centre, turn), 26, strength)
        canvas.fill(turned(face, *centre, turn), leaning(lighter(tone, 0.24), darker(tone, 0.16)))
    arc = [(150, 560), (330, 470), (520, 440), (664, 330), (664, 596), (150, 606)]
    inside = box(130, 270, 540, 340, 34)
    canvas.fill(
        turned(within(smooth(arc), inside), 400, 440, -7),
        leaning(lighter(paint, 0.35), paint),
        0.35,
    )
    canvas.fill(
        turned(box(176, 330, 84, 62, 12), 400, 440, -7), leaning(lighter(accent, 0.5), accent)
    )
    for row in (346, 360, 374):
        canvas.fill(turned(box(176, row, 84, 3), 400, 440, -7), flat(darker(accent, 0.4)), 0.5)
    for group in range(4):
        canvas.fill(
            turned(box(176 + group * 92, 470, 72, 16, 7), 400, 440, -7), flat("#ffffff"), 0.8
        )
    canvas.fill(turned(box(176, 520, 150, 12, 6), 400, 440, -7), flat("#ffffff"), 0.5)
    cx, cy = turned([(580, 366)], 400, 440, -7)[0]
    signed(canvas, sign, cx, cy, 50)


def telephone(
    canvas: Canvas, paint: str = "#17527f", sign: str = "signal", accent: str = "#7fc7a2"
) -> None:
    """A telephone that shows a sign."""
    canvas.ground(400, 700, 150)
    canvas.fill(box(250, 100, 300, 600, 46), leaning("#46535d", "#1b2329"))
    canvas.fill(box(264, 116, 272, 568, 34), leaning(lighter(paint, 0.35), darker(paint, 0.1)))
    canvas.fill(oval(400, 330, 96, 96), flat("#ffffff"), 0.16)
    signed(canvas, sign, 400, 330, 56)
    canvas.fill(box(300, 480, 200, 26, 13), flat("#ffffff"), 0.85)
    canvas.fill(box(330, 524, 140, 14, 7), flat("#ffffff"), 0.5)
    canvas.fill(box(310, 584, 180, 52, 26), leaning(lighter(accent, 0.2), accent))
    canvas.fill(box(360, 126, 80, 18, 9), flat("#14202a"), 0.9)
    canvas.fill([(264, 150), (400, 116), (264, 420)], flat("#ffffff"), 0.07)


def logo(canvas: Canvas, paint: str, sign: str) -> None:
    """A merchant's sign on a ground of its colour."""
    canvas.fill(box(0, 0, SIZE, SIZE), leaning(lighter(paint, 0.22), darker(paint, 0.12)))
    canvas.fill(oval(400, 400, 290, 290), flat("#ffffff"), 0.1)
    canvas.fill(oval(400, 400, 250, 250), flat("#ffffff"), 0.08)
    signed(canvas, sign, 400, 395, 150, CREAM)
