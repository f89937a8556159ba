"""The engine as the mall uses it: one for each thread and programme, inside the mall's own writes.

A checkout and what it debits are one transaction: `apply` joins the one that is open. Where that
is rolled back, the engine notices by itself that the log is not the one it wrote.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections

from shareback.engine import commands as cmd
from shareback.engine.batch import DaysUnclosed
from shareback.engine.engine import Engine
from shareback.journal.models import Programme
from shareback.mall.faults import Refused
from shareback.rules.codes import Code
from shareback.rules.layout import Head, Phase

DAYS_AT_ONCE = 40
"""What the mall writes is dated by this machine's clock: a wrong one must not close a year."""

KEPT_MAX = 8
"""So many engines a thread keeps; each has the accounts it touched in memory."""


class Kept(threading.local):
    """The engines of a thread, the one that was used last at the end."""

    def __init__(self) -> None:
        """None yet."""
        self.engines: OrderedDict[tuple[str, int], Engine] = OrderedDict()


KEPT = Kept()


def now_us() -> int:
    """This machine's clock in µs UTC."""
    return time.time_ns() // 1_000


def engine_of(programme: int) -> Engine:
    """This thread's engine on a programme."""
    # A test may put another database under the same alias.
    key = (str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]), programme)
    engine = KEPT.engines.get(key)
    if engine is None:
        name = Programme.objects.values_list("name", flat=True).get(pk=programme)
        engine = Engine(name, days_at_once=DAYS_AT_ONCE)
        KEPT.engines[key] = engine
        while len(KEPT.engines) > KEPT_MAX:
            KEPT.engines.popitem(last=False)
    KEPT.engines.move_to_end(key)
    return engine


def apply(programme: int, commands: Sequence[cmd.Command]) -> list[cmd.Answer]:
    """Apply commands to a programme, in the transaction that is open if there is one.

    Args:
        programme: The programme's number.
        commands: In their order.

    Returns:
        An answer for each, refusals too.

    Raises:
        DaysUnclosed: More days would close than a clock that is right can ask for.
    """
    return engine_of(programme).apply(commands)


def must(programme: int, commands: Sequence[cmd.Command]) -> list[cmd.Answer]:
    """As `apply`, where each command has to be accepted.

    Raises:
        Refused: One was not; the transaction around must be rolled back.
    """
    answers = apply(programme, commands)
    for answer in answers:
        if answer.code != Code.ACCEPTED:
            raise Refused(answer)
    return answers


def begin_day(programme: int) -> None:
    """Close the days that are over, as the next command would: then the figures are today's.

    This locks the programme's head: whoever moves stock in the same transaction, or in one around
    it, has locked that before.

    Raises:
        DaysUnclosed: More days would close than a clock that is right can ask for.
    """
    engine = engine_of(programme)
    today = engine.calendar.day_of(now_us())
    head = engine.head()
    if head[Head.PHASE] == Phase.ENDED or head[Head.DAY] >= today:
        return
    if today > head[Head.DAY] + DAYS_AT_ONCE:
        raise DaysUnclosed(head[Head.DAY], today)
    engine.close(today - 1)
