"""The rules in a plain loop: one event after another in CPython, in lists, as they are written."""

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from shareback.audit.columns import COLUMNS
from shareback.rules.apply import apply_command
from shareback.rules.codes import Code
from shareback.rules.decide import blank_state, make_room
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ABSENT,
    COMMAND_WIDTH,
    EFFECT_WIDTH,
    RESULT_WIDTH,
    Command,
    Cursor,
    Head,
    Order,
    Row,
    State,
)
from shareback.rules.programme import Programme

ROWS_AT_A_TIME = 65_536
ORDER_BYTES = 8


class NotReplayed(Exception):
    """The rules refuse an event of a log."""


class PlainRules:
    """A programme in lists, and the log that it is replayed from.

    Attributes:
        seconds: How long the rules alone have taken.
    """

    def __init__(self) -> None:
        """Start before the first event."""
        self.seconds = 0.0
        self.due: dict[int, list[int]] = defaultdict(list)

    def replay(self, journal: Path) -> list[int]:
        """Replay an exported journal, nothing of it hashed or compared; returns the head."""
        events = rows_of(journal)
        first, blob = next(events)
        programme = Programme.model_validate_json(blob)
        terms = programme.terms_row()
        state = blank_state(terms, programme.tier_rows(), first[Command.DAY])
        for row, blob in events:
            order = list(self.due.pop(row[Command.DAY], [])) if is_close(row) else []
            stated = [blob[at : at + ORDER_BYTES] for at in range(0, len(blob), ORDER_BYTES)]
            order = [int.from_bytes(one, "big") for one in stated] or order
            start = time.perf_counter()
            apply(state, row, order)
            self.seconds += time.perf_counter() - start
            if row[Command.KIND] == Kind.PAY_ORDER:
                number = row[Command.ORDER]
                self.due[state.orders[number][Order.DUE_DAY]].append(number)
        return list(state.head)


def is_close(row: Row) -> bool:
    """Whether a command closes a day."""
    return row[Command.KIND] == Kind.CLOSE_DAY


def apply(state: State, row: Row, due: list[int]) -> None:
    """Apply one command.

    Raises:
        NotReplayed: The rules refuse it.
    """
    make_room(state)
    if is_close(row):
        state.due[:] = [*due, 0]
        state.cursor[Cursor.DUE] = len(due)
    result = [0] * RESULT_WIDTH
    code = apply_command(state, row, result)
    while code == Code.NEEDS_ROOM:
        state.effects.extend([0] * EFFECT_WIDTH for _ in range(len(state.effects)))
        code = apply_command(state, row, result)
    if code != Code.ACCEPTED:
        raise NotReplayed(Code(code).name, state.head[Head.SEQUENCE])


def rows_of(journal: Path) -> Iterator[tuple[list[int], bytes]]:
    """The events as commands, each with its blob."""
    with pq.ParquetFile(journal) as file:
        for batch in file.iter_batches(ROWS_AT_A_TIME):
            columns = [batch.column(f"i{place}").to_pylist() for place in range(7)]
            blobs = batch.column("blob").to_pylist()
            kinds, days = (batch.column(name).to_pylist() for name in ("kind", "day"))
            for place, number in enumerate(kinds):
                row = [0] * COMMAND_WIDTH
                row[Command.KIND], row[Command.DAY] = number, days[place]
                for column, field in zip(columns, COLUMNS.get(Kind(number), ()), strict=False):
                    value = column[place]
                    row[field.column] = ABSENT if value is None else value
                yield row, blobs[place] or b""
