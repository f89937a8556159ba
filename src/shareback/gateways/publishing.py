"""After a close: what is owed is drawn up, its checkpoint signed, and witnesses are asked."""

import logging
import time

from django.db import DEFAULT_DB_ALIAS, Error, connections

from shareback.engine.proving.checkpoints import Progress, draw_up, no_progress
from shareback.engine.proving.log_tree import LogTree
from shareback.gateways.witnesses import Asking
from shareback.journal.models import Checkpoint, Programme, Witness

LOG = logging.getLogger(__name__)

AGAIN_S = 600.0
"""A witness that did not cosign is asked again after so long."""


class Publisher:
    """Publishes checkpoints, in one process that lives on."""

    def __init__(self, alias: str = DEFAULT_DB_ALIAS, *, to_private: bool | None = None) -> None:
        """Has asked nobody.

        Args:
            alias: Which of Django's databases holds the programmes.
            to_private: Whether witnesses may be on private addresses, as `Asking` takes it.
        """
        self.alias = alias
        self.asking = Asking(alias, to_private=to_private)
        self.asked: dict[int, tuple[int, float]] = {}

    def publish(self, programme: int, progress: Progress = no_progress) -> int:
        """Sign the checkpoints that are missing, and ask the witnesses who have not cosigned.

        Args:
            programme: The programme's number.
            progress: Told after each day that is drawn up.

        Returns:
            How many checkpoints were signed.
        """
        count = draw_up(programme, self.alias, progress)
        rows = Checkpoint.objects.using(self.alias).filter(programme_id=programme)
        last = rows.order_by("-day").first()
        if last is not None and self.has_to_ask(programme, last.size):
            head = Programme.objects.using(self.alias).get(pk=programme)
            self.asking.ask(programme, last.note, LogTree(head, last.size, self.alias).node)
        return count

    def round_of(self, programme: int | None = None, *, lasting: bool) -> int:
        """The same for one programme or for all; returns how many were signed.

        Args:
            programme: Which one; all where none is named.
            lasting: Whether to go on where the database cannot be reached.

        Raises:
            Error: The database cannot be reached, and nobody comes back to try again.
        """
        rows = Programme.objects.using(self.alias).order_by("pk")
        try:
            numbers = rows.values_list("pk", flat=True) if programme is None else [programme]
            return sum(self.publish(number) for number in numbers)
        except Error:
            if not lasting:
                raise
            LOG.exception("checkpoints wait for the database; trying again")
            connections[self.alias].close()
            return 0

    def has_to_ask(self, programme: int, size: int) -> bool:
        """Whether a witness has not cosigned a checkpoint, and was not asked for it just now."""
        rows = Witness.objects.using(self.alias).filter(programme_id=programme)
        if not rows.exclude(seen=size, fault="").exists():
            return False
        before, then = self.asked.get(programme, (0, 0.0))
        now = time.monotonic()
        if before == size and now - then < AGAIN_S:
            return False
        self.asked[programme] = (size, now)
        return True
