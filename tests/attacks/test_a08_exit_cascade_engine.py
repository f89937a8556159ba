"""A8: whoever pumps the price forces exits in one order alone, however the commands are cut."""

import pytest

from shareback.engine import commands as cmd
from shareback.engine import slice as slice_module
from shareback.engine.engine import Engine
from shareback.rules.layout import EffectKind, Head
from tests.backends.journals import Opens
from tests.engine.rows import log_root, rows_of, stored
from tests.engine.small import AT, AT_ONCE, do, order

RIVALS = 60


def attacked(engine: Opens, size: int, *, forgets: bool) -> Engine:
    """Rivals hold points; then orders of one insider lift the price until they are out."""
    one = engine("pumped", **{**AT_ONCE, "quota_multiple": "0.35"})
    rivals = range(RIVALS)
    story: list[cmd.Command] = [cmd.JoinMember(AT, f"m{n}") for n in rivals]
    story += [order(f"o{n}", f"m{n}", 100 + 37 * n % 50) for n in rivals]
    story += [cmd.JoinMember(AT, "insider")]
    story += [order(f"pump {n}", "insider", 20_000) for n in range(12)]
    for first in range(0, len(story), size):
        do(one, *story[first : first + size])
        if forgets:
            one.forget()
    return one


def exits(engine: Engine) -> list[int]:
    """Who exited, in order."""
    from shareback.journal.models import Movement  # noqa: PLC0415 - Django's models need its apps

    rows = sorted(row for row in stored(engine, Movement) if row[2] == EffectKind.MEMBER_EXITED)
    return [row[4] for row in rows]


@pytest.mark.parametrize(("size", "forgets"), [(1, True), (7, True), (7, False), (1_000, False)])
def test_the_cascade_is_the_same_for_any_cut(
    engine: Opens, monkeypatch: pytest.MonkeyPatch, size: int, *, forgets: bool
) -> None:
    whole = attacked(engine, 10_000, forgets=False)
    assert whole.head()[Head.EXITS] > RIVALS // 2
    monkeypatch.setattr(slice_module, "EXITS_READ_FIRST", 3)

    cut = attacked(engine, size, forgets=forgets)

    assert exits(cut) == exits(whole)
    assert log_root(cut) == log_root(whole)
    assert rows_of(cut) == rows_of(whole)
