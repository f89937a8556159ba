"""The second verifier as people run it, and exports of programmes that have lived."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shareback.audit.export_reading import Export
from shareback.audit.log_roots import LogRoots
from shareback.engine.engine import Engine
from shareback.engine.proving.checkpoints import draw_up
from shareback.rules.kinds import Kind
from shareback.rules.programme import Programme
from tests.attacks.exports import edited, export_of
from tests.backends.once import Once
from tests.engine import busy

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "clients" / "verifier"
PROGRAM = FOLDER / "verify.py"
Rows = list[dict[str, Any]]


class Run(NamedTuple):
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def wrong(self) -> str:
        """The one line on stderr of something wrong; nothing else was said."""
        assert (self.code, self.out) == (1, ""), self
        (line,) = self.err.splitlines()
        assert line.startswith("verify: ")
        return line.removeprefix("verify: ")

    @property
    def unreadable(self) -> str:
        """The one line on stderr of what cannot be read."""
        assert (self.code, self.out) == (2, ""), self
        (line,) = self.err.splitlines()
        return line


def verify(*arguments: object, program: Path = PROGRAM) -> Run:
    """Run the verifier."""
    run = subprocess.run(
        [sys.executable, "-W", "error", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )
    return Run(run.returncode, run.stdout, run.stderr)


class Poor(busy.World):
    """A world whose operator has hardly any money for late refunds."""

    def money(self, most_yuan: int) -> int:
        """Small receipts and large payments for the treasury; some refunds that can be borne."""
        if most_yuan == 50:
            return super().money(50) // 300 + 1
        if most_yuan == 60 and self.random.random() < 0.5:
            return super().money(20) // 8 + 1
        return super().money({20: 300, 5: 20}.get(most_yuan, most_yuan))


WORLDS: dict[str, dict[str, object]] = {
    "plain": {},
    "at once": {"quota_multiple": "1.5", "maturity_days": 0},
    "goods only": {"profile": "goods-only", "goods_redemption_fee": "0.05"},
    "for each spend": {"award_mode": "per_spend", "award_points": "1", "award_spend": "2"},
    "many exits": {"supply_cap": "700", "quota_multiple": "0.5"},
    "poor": {"supply_cap": "700", "quota_multiple": "0.5"},
}
"""Worlds of other parameters; all see tiers, an amendment and, but for one, their end."""


def lived(name: str, alias: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A world from its first order to its end; a poor one is not brought to it."""
    usual = busy.parameters

    def parameters(called: str, **changes: object) -> Programme:
        amended = {"margin_rate": "0.6", "redemption_fee": "0.05"} if changes else {}
        return usual(called, **{**WORLDS[name], **amended})

    monkeypatch.setattr(busy, "parameters", parameters)
    if name == "poor":
        monkeypatch.setattr(busy, "World", Poor)
    engine = busy.busy_programme(f"{name}, verified again", alias, seed=21, days=14)
    if name != "poor":
        busy.end(engine)
    draw_up(engine.id, alias)
    return engine


@pytest.fixture(scope="module")
def plain(alias: str, once: Once) -> Engine:
    """A plain world; no test changes it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return once(("verified again", alias), lambda: lived("plain", alias, monkeypatch))


@pytest.fixture(scope="module")
def folder(plain: Engine, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export; no test changes it."""
    name = ("export that is verified again", plain.alias)
    return once(name, lambda: export_of(plain, tmp_path_factory.mktemp("export")))


def rehashed(
    folder: Path, copy: Path, change: Callable[[Rows], object], follow: Callable[[Rows], object]
) -> Path:
    """A copy with a changed journal, whose days have the roots that follow from it."""
    edited(folder, copy, "journal.parquet", change)
    roots, kinds = LogRoots([]), list[int]()
    for salted in Export(copy).runs():
        roots.take(salted)
        kinds += salted.run.events.kinds.tolist()
    closes = [place + 1 for place, kind in enumerate(kinds) if kind == Kind.CLOSE_DAY]

    def days(rows: Rows) -> None:
        follow(rows)
        for row, size in zip(rows, closes, strict=True):
            row["root"] = roots.roots[size]

    return edited(copy, copy, "days.parquet", days)
