"""The compiled rules do to arrays what the rules do to lists, in random worlds."""

from random import Random

import numpy as np
import pytest

from shareback.kernels.arrays import Arrays, blank_arrays, with_effects, with_room, zeros
from shareback.kernels.compiled import apply_batch, compiled_modules
from shareback.rules.codes import Code
from shareback.rules.decide import open_head
from shareback.rules.kinds import Kind
from shareback.rules.layout import ACCOUNTS, Cursor, Member, Result, Row, State
from shareback.units.scales import INT64_MAX
from tests.model.model import Model
from tests.model.parameters import Parameters
from tests.model.production import Production, terms_row
from tests.model.world_steps import random_parameters, random_step

STEPS = 120


class Compiled(Production):
    """Production's rules once more, on arrays and compiled, beside those on lists."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        tiers = [list(tier) for tier in parameters.tiers]
        terms = terms_row(parameters)
        self.arrays: Arrays = blank_arrays(open_head(terms, 0), [terms], tiers, 64)  # type: ignore[arg-type]

    def run(self, state: State, row: Row, result: Row) -> int:
        """Run one command both ways; the results must be bit-equal."""
        arrays = with_room(self.arrays, members=2, merchants=3, orders=2, payments=2)
        for name, rows in (("members", 0), ("merchants", 1), ("orders", 2), ("payments", 3)):
            arrays.cursor[rows] = len(getattr(state, name))
        arrays = arrays._replace(
            terms=np.array(state.terms, np.int64), due=longer(arrays.due, state.due)
        )
        arrays.cursor[Cursor.DUE] = state.cursor[Cursor.DUE]
        arrays.cursor[Cursor.EFFECTS] = 0
        arrays.horizons[:] = INT64_MAX
        code = super().run(state, row, result)
        results = zeros(1, len(Result))
        table = np.array([row], np.int64)
        while apply_batch(arrays, table, results, zeros(0, ACCOUNTS), 0) == 0:
            assert results[0, Result.CODE] == Code.NEEDS_ROOM
            arrays = with_effects(arrays, 2 * len(arrays.effects))
        self.arrays = arrays
        assert results[0, Result.CODE] == code
        if code == Code.ACCEPTED:
            assert results[0].tolist() == result
        return code

    def check_equal(self) -> None:
        """Both states are the same, number by number."""
        state, arrays = self.state, self.arrays
        assert arrays.head.tolist() == state.head
        for name in ("members", "merchants", "orders", "payments"):
            for slot, row in enumerate(getattr(state, name)):
                assert getattr(arrays, name)[slot].tolist()[: len(row)] == row, (name, slot)
        assert arrays.queue_sizes.tolist() == state.queue_sizes
        for tier, size in enumerate(state.queue_sizes):
            assert arrays.queue[tier, :size].tolist() == state.queue[tier][:size]
        count = state.cursor[Cursor.EFFECTS]
        assert arrays.effects[:count].tolist() == state.effects[:count]


def longer(due: np.ndarray, named: Row) -> np.ndarray:
    """Room for the due orders, and the orders in it."""
    out = zeros(max(len(due), len(named)))
    out[: len(named)] = named
    return out


@pytest.mark.parametrize("seed", range(24))
def test_compiled_rules_are_bit_equal_in_a_random_world(seed: int) -> None:
    rng = Random(seed)
    parameters = random_parameters(rng)
    model, both = Model(parameters), Compiled(parameters)
    for _ in range(STEPS):
        kind, day, fields = random_step(rng, model, parameters)
        model.apply(kind, day, **fields)
        both.apply(kind, day, **fields)
        if Kind(kind) != Kind.AMEND_PROGRAMME:
            both.check_equal()


def test_every_marked_module_is_compiled_and_members_are_placed_by_heap() -> None:
    names = {module.__name__.rsplit(".", 1)[1] for module in compiled_modules()}
    assert {"apply", "maturing", "refunding", "exits", "closing", "queue", "pool"} <= names
    assert Member.PLACE < Member.CHANGED
