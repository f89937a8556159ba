"""Drawings of what stands in a home."""

from shareback.mall.demo.canvas import (
    PAPER,
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
from shareback.mall.demo.tea import sprig


def lamp(canvas: Canvas, shade: str = "#f3dfb0", stand: str = "#2d4a5c") -> None:
    """A table lamp that is on."""
    glow = oval(400, 330, 330, 300)
    canvas.fill(glow, flat("#fff3cf"), 0.2)
    canvas.fill(oval(400, 330, 250, 230), flat("#fff6dc"), 0.25)
    canvas.ground(400, 690, 120)
    canvas.lathe(
        400,
        [(10, 420), (12, 470), (52, 530), (66, 590), (44, 650), (40, 664)],
        rounded(stand, 0.45),
    )
    canvas.lathe(
        400, [(96, 662), (104, 676), (104, 690)], rounded(darker(stand, 0.15), 0.4), soft=False
    )
    canvas.lathe(400, [(112, 170), (190, 430)], rounded(shade, 0.1), soft=False)
    canvas.lathe(400, [(110, 172), (186, 428)], falling("#fffaf0", "#ffdf9a"), 0.55, soft=False)
    canvas.fill(oval(400, 430, 190, 26), leaning("#fffbe8", "#ffe9ae"))
    canvas.fill(oval(400, 170, 112, 15), leaning(lighter(shade, 0.6), shade))


def vase(canvas: Canvas, clay: str = "#5f8a9c", bloom: str = "#e7a3a8") -> None:
    """A vase with a blossoming branch."""
    canvas.ground(400, 690, 112)
    for line, blooms in (
        (
            [(400, 420), (430, 320), (520, 230), (560, 130)],
            ((470, 280), (520, 228), (556, 140), (585, 205)),
        ),
        (
            [(396, 420), (360, 330), (300, 260), (250, 150)],
            ((352, 318), (300, 262), (252, 156), (236, 236)),
        ),
        ([(400, 420), (404, 300), (390, 180)], ((408, 250), (390, 176))),
    ):
        canvas.fill(stroke(smooth(line, closed=False), 9), flat("#6b4a35"))
        for x, y in blooms:
            for turn in range(0, 360, 72):
                canvas.fill(
                    turned(oval(x, y - 15, 12, 17), x, y, turn + x),
                    leaning(lighter(bloom, 0.55), bloom),
                )
            canvas.fill(oval(x, y, 7, 7), flat("#d9a53c"))
    canvas.lathe(
        400,
        [(62, 396), (44, 430), (58, 480), (112, 560), (116, 610), (84, 676), (76, 690)],
        rounded(clay, 0.45),
    )
    canvas.fill(oval(400, 396, 62, 13), leaning(lighter(clay, 0.4), darker(clay, 0.2)))
    canvas.fill(oval(400, 397, 50, 9), flat(darker(clay, 0.55)))
    canvas.lathe(400, [(104, 545), (110, 556)], rounded(lighter(clay, 0.6), 0.2), 0.8, soft=False)


def cushion(canvas: Canvas, cloth: str = "#c8743f", line: str = "#f3dfc4") -> None:
    """A cushion with a woven pattern."""
    canvas.ground(400, 690, 250)
    shape = smooth(
        [
            (170, 250),
            (400, 282),
            (630, 250),
            (648, 270),
            (612, 470),
            (646, 676),
            (628, 694),
            (400, 664),
            (172, 694),
            (154, 676),
            (188, 470),
            (152, 270),
        ]
    )
    canvas.fill(shape, ball(cloth, 0.06))
    for place in range(-3, 4):
        x = 400 + place * 58
        bend = smooth(
            [(x, 288 - abs(place) * 7), (400 + place * 50, 470), (x, 658 + abs(place) * 7)],
            closed=False,
        )
        canvas.fill(stroke(bend, 10 if place % 2 else 4), flat(line), 0.75)
    for y in (400, 470, 540):
        canvas.fill(
            stroke(
                smooth(
                    [(196, y + (y - 470) * 0.12), (400, y), (604, y + (y - 470) * 0.12)],
                    closed=False,
                ),
                5,
            ),
            flat(line),
            0.5,
        )


def candle(canvas: Canvas, wax: str = "#f2e4cf", glass: str = "#b98a5e") -> None:
    """A scented candle in a glass."""
    canvas.fill(oval(400, 330, 190, 200), flat("#fff0c4"), 0.3)
    canvas.ground(400, 690, 150)
    canvas.lathe(400, [(150, 400), (152, 660), (140, 690)], rounded(glass, 0.5), soft=False)
    canvas.fill(oval(400, 400, 150, 32), leaning(lighter(glass, 0.5), darker(glass, 0.1)))
    canvas.fill(oval(400, 408, 138, 27), ball(wax, 0.2))
    canvas.fill(stroke([(400, 408), (402, 360)], 6), flat("#3a2b22"))
    canvas.fill(
        smooth([(401, 270), (428, 330), (401, 372), (376, 330)]), falling("#fff6d2", "#f3a33a")
    )
    canvas.fill(smooth([(401, 312), (414, 340), (401, 364), (388, 340)]), flat("#fffdf0"))
    canvas.lathe(400, [(152.5, 500), (152.5, 620)], rounded(PAPER, 0.1), soft=False)
    sprig(canvas, 392, 590, 50, "#2c6a4c")


def towels(canvas: Canvas) -> None:
    """Folded towels."""
    canvas.ground(400, 690, 240)
    for y, cloth in ((600, "#dfe6e4"), (512, "#a9c3bd"), (424, "#f2ece0")):
        canvas.fill(box(170, y, 460, 88, 40), leaning(lighter(cloth, 0.35), darker(cloth, 0.15)))
        canvas.fill(box(170, y + 40, 460, 8, 4), flat(darker(cloth, 0.25)), 0.5)
        canvas.fill(box(170, y, 70, 88, 40), rounded(cloth, 0.2), 0.8)
    canvas.fill(oval(400, 398, 76, 30), ball("#8fb7a6", 0.3))
    sprig(canvas, 400, 400, 90, "#4d7f3c")
