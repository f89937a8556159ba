"""Drawings of tea, and of what it is drunk from."""

from shareback.mall.demo.canvas import (
    GOLD,
    Canvas,
    ball,
    box,
    darker,
    falling,
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


def tin(
    canvas: Canvas,
    paint: str = "#2c6a4c",
    sign: str = "#f3e7c8",
    cx: float = 400,
    foot: float = 690,
) -> None:
    """A tea tin with a lid."""
    canvas.ground(cx, foot, 142)
    canvas.lathe(
        cx, [(142, foot - 400), (142, foot - 10), (137, foot)], rounded(paint, 0.3), soft=False
    )
    canvas.lathe(
        cx, [(147, foot - 440), (147, foot - 345)], rounded(lighter(paint, 0.1), 0.4), soft=False
    )
    canvas.fill(oval(cx, foot - 440, 147, 27), leaning(lighter(paint, 0.4), lighter(paint, 0.12)))
    canvas.fill(oval(cx, foot - 440, 120, 20), flat(darker(paint, 0.12)), 0.5)
    canvas.lathe(cx, [(147.5, foot - 352), (147.5, foot - 345)], rounded(GOLD, 0.5), soft=False)
    canvas.fill(oval(cx - 6, foot - 190, 88, 92), flat(sign))
    canvas.fill(oval(cx - 6, foot - 190, 78, 82), flat(lighter(sign, 0.45)))
    sprig(canvas, cx - 6, foot - 152, 72, mixed(paint, "#2c6a4c", 0.5))


def sprig(canvas: Canvas, cx: float, cy: float, size: float, paint: str) -> None:
    """Two leaves and a bud."""
    for turn, long in ((-48, 0.95), (46, 0.95), (0, 1.2)):
        tip = cy - size * long
        leaf = smooth(
            [
                (cx, cy),
                (cx - size * 0.23, cy - size * 0.5),
                (cx, tip),
                (cx + size * 0.23, cy - size * 0.5),
            ]
        )
        canvas.fill(turned(leaf, cx, cy, turn), leaning(lighter(paint, 0.25), paint))
        vein = stroke([(cx, cy), (cx, tip + size * 0.12)], 3)
        canvas.fill(turned(vein, cx, cy, turn), flat(darker(paint, 0.3)), 0.5)
    canvas.fill(
        stroke(
            smooth(
                [(cx, cy - 6), (cx + 3, cy + size * 0.25), (cx - 4, cy + size * 0.5)], closed=False
            ),
            6,
        ),
        flat(darker(paint, 0.2)),
    )


def cup(
    canvas: Canvas,
    clay: str = "#f4f1ea",
    drink: str = "#a9742c",
    *,
    handle: bool = False,
    cx: float = 400,
    foot: float = 660,
) -> None:
    """A cup on a saucer, steaming."""
    canvas.ground(cx, foot + 22, 230)
    canvas.fill(oval(cx, foot + 8, 235, 42), leaning(lighter(clay, 0.5), darker(clay, 0.18)))
    canvas.fill(oval(cx, foot + 3, 205, 32), leaning(darker(clay, 0.08), lighter(clay, 0.4)))
    canvas.shadow(oval(cx + 20, foot + 4, 110, 16), 10, 0.3)
    if handle:
        ring = oval(cx + 168, foot - 150, 74, 70)
        canvas.fill(ring, leaning(lighter(clay, 0.3), darker(clay, 0.25)))
        canvas.fill(oval(cx + 166, foot - 150, 46, 43), flat("#d9cfc0"), 0.9)
    canvas.lathe(
        cx,
        [
            (176, foot - 260),
            (172, foot - 190),
            (150, foot - 90),
            (104, foot - 22),
            (84, foot),
            (82, foot + 6),
        ],
        rounded(clay, 0.35),
    )
    canvas.fill(oval(cx, foot - 260, 176, 42), leaning(lighter(clay, 0.6), darker(clay, 0.06)))
    canvas.fill(oval(cx, foot - 256, 162, 36), flat(darker(clay, 0.22)))
    canvas.fill(oval(cx, foot - 250, 156, 32), leaning(lighter(drink, 0.25), darker(drink, 0.1)))
    canvas.fill(oval(cx - 50, foot - 256, 60, 9), flat("#ffffff"), 0.28)
    steam(canvas, cx, foot - 300)


def steam(canvas: Canvas, cx: float, y: float) -> None:
    """Steam that rises."""
    for dx, high in ((-60, 120), (0, 165), (62, 130)):
        line = [
            (cx + dx, y),
            (cx + dx + 22, y - high * 0.35),
            (cx + dx - 16, y - high * 0.7),
            (cx + dx + 14, y - high),
        ]
        canvas.fill(stroke(smooth(line, closed=False), 17, taper=True), flat("#ffffff"), 0.5)


def gaiwan(canvas: Canvas, clay: str = "#eef3f0", band: str = "#2f6f8f") -> None:
    """A lidded bowl for tea, with a painted band."""
    canvas.ground(400, 690, 220)
    canvas.fill(oval(400, 672, 228, 42), leaning(lighter(clay, 0.5), darker(clay, 0.2)))
    canvas.fill(oval(400, 666, 190, 30), leaning(darker(clay, 0.1), lighter(clay, 0.3)))
    canvas.lathe(
        400, [(196, 418), (182, 480), (140, 590), (90, 648), (84, 668)], rounded(clay, 0.4)
    )
    canvas.lathe(400, [(190, 448), (186, 466)], rounded(band, 0.3), soft=False)
    for step in range(-3, 4):
        petal(canvas, 392 + step * 46, 530 - abs(step) * 6, 26, band)
    canvas.shadow(oval(404, 420, 190, 24), 10, 0.22)
    canvas.lathe(
        400, [(44, 300), (110, 330), (168, 380), (186, 410), (178, 420)], rounded(clay, 0.45)
    )
    canvas.lathe(400, [(184, 402), (187, 410)], rounded(band, 0.3), soft=False)
    canvas.lathe(
        400, [(40, 262), (34, 280), (28, 300), (36, 314)], rounded(lighter(band, 0.1), 0.5)
    )


def petal(canvas: Canvas, cx: float, cy: float, size: float, paint: str) -> None:
    """A flower of a painted band."""
    for turn in range(0, 360, 72):
        leaf = oval(cx, cy - size * 0.5, size * 0.26, size * 0.46)
        canvas.fill(turned(leaf, cx, cy, turn), flat(paint), 0.75)
    canvas.fill(oval(cx, cy, size * 0.2, size * 0.2), flat(GOLD))


def teapot(canvas: Canvas, clay: str = "#8d4a34") -> None:
    """A teapot of Yixing clay."""
    canvas.ground(400, 690, 215)
    handle = stroke(smooth([(560, 410), (690, 400), (700, 540), (575, 600)], closed=False), 34)
    canvas.fill(handle, leaning(lighter(clay, 0.15), darker(clay, 0.35)))
    spout = smooth([(250, 590), (150, 500), (96, 392), (138, 384), (200, 450), (300, 490)])
    canvas.fill(spout, leaning(lighter(clay, 0.2), darker(clay, 0.2)))
    canvas.lathe(
        400,
        [(112, 392), (186, 440), (212, 530), (186, 620), (120, 680), (112, 692)],
        rounded(clay, 0.28),
    )
    canvas.lathe(
        400, [(30, 330), (84, 350), (118, 384), (114, 398)], rounded(lighter(clay, 0.06), 0.3)
    )
    canvas.lathe(400, [(22, 288), (30, 306), (20, 326), (26, 338)], rounded(clay, 0.4))
    canvas.lathe(400, [(117, 392), (114, 399)], rounded(darker(clay, 0.4), 0.1), soft=False)
    sprig(canvas, 385, 575, 66, mixed(clay, "#f0d9b5", 0.4))


def teacake(canvas: Canvas, leaf: str = "#4b3526", wrap: str = "#efe6d2") -> None:
    """A pressed cake of tea on its wrapping paper."""
    canvas.shadow(oval(412, 440, 300, 290), 34, 0.4)
    canvas.fill(
        smooth(
            [
                (400, 90),
                (640, 160),
                (730, 400),
                (640, 650),
                (400, 726),
                (160, 650),
                (78, 400),
                (165, 150),
            ]
        ),
        leaning(lighter(wrap, 0.5), darker(wrap, 0.12)),
    )
    canvas.shadow(oval(412, 420, 220, 216), 16, 0.42)
    canvas.fill(oval(400, 405, 220, 220), ball(leaf, 0.12))
    for step in range(150):
        turn, far = step * 137.5, 208 * (step / 150) ** 0.5
        mark = stroke(
            [(400 + far - 15, 405), (400 + far + 15, 405 + (step % 5 - 2) * 3)], 6, taper=False
        )
        tone = (lighter(leaf, 0.22), darker(leaf, 0.3), "#8a6a45")[step % 3]
        canvas.fill(
            turned(turned(mark, 400 + far, 405, step * 53), 400, 405, turn), flat(tone), 0.6
        )
    canvas.fill(oval(400, 405, 52, 50), ball(darker(leaf, 0.3), 0.05), 0.75)
    canvas.fill(box(520, 540, 150, 90, 6), falling("#b2423f", "#9a3434"))
    canvas.fill(box(532, 552, 126, 66, 3), flat("#f4e6c6"))
    sprig(canvas, 595, 600, 36, "#2c6a4c")


def mug(canvas: Canvas, clay: str = "#2c6a4c") -> None:
    """A mug with a handle."""
    cup(canvas, clay, "#5b3420", handle=True, foot=655)
