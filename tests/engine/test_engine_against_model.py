"""The engine against the independent model, in random worlds, on both databases.

The model scans everybody; the engine loads what a batch names and finds exits through the index.
At random it forgets its slice, so that what it needs must be found in the journal again.
"""

from random import Random

import pytest

from shareback.engine import commands as cmd
from shareback.engine import slice as slice_module
from shareback.engine.engine import Engine  # noqa: TC001 - annotates an attribute
from shareback.engine.verifying import verify_full
from shareback.rules.codes import Code
from shareback.rules.kinds import Kind
from tests.backends.journals import OPENED, Opens
from tests.engine.commanded import Speaker, Unspeakable, head_words, programme_of, words
from tests.model.model import Model
from tests.model.world_steps import random_parameters, random_step

HOUR = 3_600_000_000
WORLDS, STEPS = 12, 70


class World:
    """A programme in the engine and in the model, commanded alike."""

    def __init__(self, seed: int, opens: Opens) -> None:
        self.rng = Random(seed)
        self.parameters = random_parameters(self.rng)
        fields = programme_of(self.parameters, "-").model_dump(by_alias=True, exclude={"name"})
        self.engine: Engine = opens(f"world {seed}", **fields)
        self.model = Model(self.parameters, self.engine.calendar.day_of(OPENED))
        self.speaker = Speaker(self.engine.programme.name)
        self.waiting: list[tuple[cmd.Command, int, int]] = []

    def at(self) -> int:
        """A moment of the model's day."""
        return self.engine.calendar.start_of(self.model.state.day) + 9 * HOUR

    def step(self) -> None:
        """One step of the model; its command waits for the next batch."""
        kind, day, fields = random_step(self.rng, self.model, self.parameters)
        if day != self.model.state.day:
            return
        if kind == Kind.CLOSE_DAY:
            self.close()
            return
        try:
            command = self.speaker.command(kind, fields, self.at(), self.model)
        except Unspeakable:
            return
        code, number = self.model.apply(kind, day, **fields)
        if code == Code.ACCEPTED:
            self.speaker.accepted(kind, fields)
        self.waiting.append((command, code, number))

    def close(self) -> None:
        """A close: at times by the day's own command, at times by the next day's first."""
        closed = self.model.state.day
        code, _ = self.model.apply(Kind.CLOSE_DAY, closed)
        if code == Code.ACCEPTED and self.rng.random() < 0.5:
            self.apply()
            self.engine.close(closed)

    def apply(self) -> None:
        """Apply what waits in one batch, and compare the answers."""
        if not self.waiting:
            return
        commands, codes, numbers = zip(*self.waiting, strict=True)
        self.waiting = []
        answers = self.engine.apply(commands)
        told = [(Code(answer.code).name, answer.number) for answer in answers]
        expected = [(Code(code).name, number) for code, number in zip(codes, numbers, strict=True)]
        assert told == expected, commands
        if self.rng.random() < 0.25:
            self.engine.forget()

    def run(self, steps: int) -> None:
        """Some steps in batches of random size, compared after each."""
        size = 1
        for _ in range(steps):
            self.step()
            size -= 1
            if size == 0:
                self.apply()
                size = self.rng.choice([1, 1, 2, 3, 8])
                self.compare(whole=False)
        self.apply()
        self.engine.close(self.model.state.day - 1)
        self.compare(whole=True)

    def compare(self, *, whole: bool) -> None:
        """Compare journal and model, unless the model has closed a day on its own."""
        head, expected = head_words(self.engine), self.model.snapshot()
        if head["day"] != self.model.state.day:
            return
        assert head == {name: expected[name] for name in head}
        if whole or self.rng.random() < 0.15:
            assert words(self.engine) == expected


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """So little is read and noted at a time that the rules must ask for more, again and again."""
    monkeypatch.setattr(slice_module, "EXITS_READ_FIRST", 1)
    monkeypatch.setattr(slice_module, "EFFECTS_ROOM", 1)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_engine_and_model_agree(seed: int, engine: Opens) -> None:
    run(seed, engine)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(WORLDS, 2 * WORLDS))
def test_engine_and_model_agree_where_little_is_read_at_a_time(seed: int, engine: Opens) -> None:
    run(seed, engine)


def run(seed: int, opens: Opens) -> None:
    """A world, and at its end a replay of its log."""
    world = World(seed, opens)
    world.run(STEPS)
    name = world.engine.programme.name
    assert verify_full(name, world.engine.alias).findings == ()


@pytest.mark.soak
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(1_000, 1_500))
def test_engine_and_model_agree_in_long_worlds(seed: int, engine: Opens) -> None:
    World(seed, engine).run(400)
