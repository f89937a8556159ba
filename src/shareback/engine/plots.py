"""The two pictures of a replay: the price over time, and what members hold."""

from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from shareback.engine.reporting import MemberFigures
from shareback.rules.layout import Head
from shareback.units.scales import UNITS_PER_POINT, UYUAN_PER_YUAN

INK, RED, GOLD, GREY = "#1c2330", "#c8372d", "#b98a2f", "#8a93a3"
SIZE_INCHES = (9.6, 5.4)
DPI = 150
YUAN_PER_UNIT = UNITS_PER_POINT / UYUAN_PER_YUAN


def blank(title: str) -> tuple[Figure, Any]:
    """A figure with one pair of axes in the house's style."""
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 11, "text.color": INK}):
        figure = Figure(figsize=SIZE_INCHES, dpi=DPI, layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(title, loc="left", fontsize=14, color=INK, pad=14)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(colors=INK)
    axes.grid(axis="y", color="#e6e9ee", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def plot_price(days: list[list[int]], path: Path) -> None:
    """``price.png``: price at each close, and the reserve behind it."""
    figure, axes = blank("Price of a point: reserve ÷ supply, at each close")
    shown = [head for head in days if head[Head.SUPPLY] > 0]
    dates = [date.fromordinal(head[Head.DAY]) for head in shown]
    prices = [head[Head.RESERVE] / head[Head.SUPPLY] * YUAN_PER_UNIT for head in shown]
    axes.plot(dates, prices, color=RED, linewidth=2.2)
    axes.set_ylabel("yuan a point", color=RED)
    beside = axes.twinx()
    beside.fill_between(
        dates, [head[Head.RESERVE] / UYUAN_PER_YUAN for head in shown], color=GOLD, alpha=0.18
    )
    beside.set_ylabel("reserve, yuan", color=GOLD)
    beside.spines[["top"]].set_visible(False)
    beside.set_ylim(bottom=0)
    beside.yaxis.set_major_formatter("{x:,.0f}")
    if prices:
        axes.annotate(
            f"{prices[-1]:.4f}",
            (dates[-1], prices[-1]),
            (-6, 8),
            textcoords="offset points",
            ha="right",
            color=RED,
            fontweight="bold",
        )
    figure.savefig(path)


def plot_members(members: list[MemberFigures], path: Path) -> None:
    """``members.png``: by decile of joining, what came back for each 100 yuan of quota."""
    figure, axes = blank("What members have, of 100 yuan of quota, by decile of joining")
    groups = [group for group in np.array_split(np.arange(len(members)), 10) if len(group)]
    bottom = np.zeros(len(groups))
    places = np.arange(1, len(groups) + 1)
    for label, colour, value in (
        ("received (dividends, sales, coins)", GOLD, lambda one: one.used),
        ("points at today's price", RED, lambda one: one.worth),
    ):
        heights = np.array([share(members, group, value) for group in groups])
        axes.bar(places, heights, bottom=bottom, color=colour, label=label, width=0.7)
        bottom += heights
    axes.set_xticks(places)
    axes.set_xlabel("first to last tenth of members, by joining")
    axes.set_ylabel("yuan")
    axes.legend(frameon=False, loc="upper right")
    figure.savefig(path)


def share(members: list[MemberFigures], group: Any, value: Any) -> float:  # noqa: ANN401
    """A group's sum of a figure for each 100 of its quota."""
    quota = sum(members[place].quota for place in group)
    return 100 * sum(value(members[place]) for place in group) / quota if quota else 0.0
