"""Webhooks out: what the journal tells is sent to every endpoint, at least once, in order."""

import logging
import ssl
import threading
from collections.abc import Callable
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from shareback.gateways.addresses import AddressRefused, Resolve, resolve, target_of
from shareback.gateways.deliveries import Jitter, claim, is_full, jittered, settle, take
from shareback.gateways.endpoints import now_us
from shareback.gateways.feed import Feed
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import webhook_id
from shareback.gateways.sending import BATCH, Letter, Outcome, post_all

LOG = logging.getLogger(__name__)

STEPS_A_ROUND = 50
"""Of one endpoint before it is the next one's turn."""

PAUSE_S = 1.0
"""Between two rounds where there was nothing to do."""


class Tally(NamedTuple):
    """What a round did: pages taken from the journal, messages delivered, attempts that failed."""

    taken: int = 0
    delivered: int = 0
    failed: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(one + two for one, two in zip(self, other, strict=True)))


class Deliverer:
    """Takes messages from the journal and sends them; any number may work at the same time."""

    def __init__(
        self,
        alias: str = DEFAULT_DB_ALIAS,
        *,
        now: Callable[[], int] = now_us,
        jitter: Jitter = jittered,
        to_private: bool | None = None,
        look_up: Resolve = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Keep what it works with.

        Args:
            alias: Which of Django's databases holds the programmes.
            now: The clock, µs UTC.
            jitter: Spreads the delays between attempts.
            to_private: As `addresses.target_of` takes it.
            look_up: As above.
            context: As `sending.post_all` takes it.
        """
        self.alias = alias
        self.now = now
        self.jitter = jitter
        self.to_private = to_private
        self.look_up = look_up
        self.context = context
        self.feeds: dict[int, Feed] = {}
        self.silent: set[tuple[int, int]] = set()

    def round(self, programme: int | None = None) -> Tally:
        """Serve each endpoint once; those that answered nothing last time come last.

        Args:
            programme: Of one programme alone; of all where none is named.
        """
        rows = Endpoint.objects.using(self.alias).filter(active=True)
        if programme is not None:
            rows = rows.filter(programme_id=programme)
        endpoints = sorted(rows, key=lambda one: (name_of(one) in self.silent, *name_of(one)))
        done = Tally()
        for endpoint in endpoints:
            try:
                done = done.plus(self.serve(endpoint))
            except OperationalError:
                raise
            except Exception:
                # A bug at one endpoint or programme is no reason to leave the others waiting.
                LOG.exception("endpoint %s of programme %s", *reversed(name_of(endpoint)))
        return done

    def serve(self, endpoint: Endpoint) -> Tally:
        """Send what is due to an endpoint, and take more from the journal where that is little."""
        done = Tally()
        for _step in range(STEPS_A_ROUND):
            # One that answered nothing last time is only asked whether it is there again.
            count = 1 if name_of(endpoint) in self.silent else BATCH
            claimed = claim(endpoint, count, self.now(), self.alias)
            # Where few members wait, more of the journal brings others to send to meanwhile.
            taken = len(claimed) < count and self.take(endpoint)
            done = done.plus(Tally(taken=int(taken)))
            if not claimed:
                if taken:
                    continue
                break
            delivered = self.send(endpoint, claimed)
            done = done.plus(Tally(0, delivered, len(claimed) - delivered))
            if delivered == 0:
                self.silent.add(name_of(endpoint))
                break
            self.silent.discard(name_of(endpoint))
        return done

    def take(self, endpoint: Endpoint) -> bool:
        """Take a page from the journal; returns whether there was one."""
        programme = endpoint.programme_id
        feed = self.feeds.setdefault(programme, Feed(programme, self.alias))
        page = feed.read(endpoint.position, endpoint.line)
        if (page.position, page.line) == (endpoint.position, endpoint.line):
            return False
        if is_full(endpoint, self.alias):
            return False
        return take(endpoint, page, self.now(), self.alias)

    def send(self, endpoint: Endpoint, claimed: list[Delivery]) -> int:
        """Send claimed messages and write down what came of it; returns how many were taken."""
        outcomes = self.post(endpoint, claimed)
        settle(endpoint, claimed, outcomes, self.now(), self.alias, self.jitter)
        return sum(outcome.delivered for outcome in outcomes)

    def post(self, endpoint: Endpoint, claimed: list[Delivery]) -> list[Outcome]:
        """Send claimed messages to where the endpoint's name leads now."""
        try:
            target = target_of(endpoint.url, to_private=self.to_private, look_up=self.look_up)
        except AddressRefused as fault:
            return [Outcome(delivered=False, status=0, error=str(fault))] * len(claimed)
        letters = [
            Letter(webhook_id(one.programme_id, one.sequence, one.line), one.body)
            for one in claimed
        ]
        return post_all(target, endpoint.secret, letters, self.now(), self.context)


def name_of(endpoint: Endpoint) -> tuple[int, int]:
    """An endpoint's programme and number."""
    return endpoint.programme_id, endpoint.number


def run(
    programme: int | None = None,
    *,
    once: bool = False,
    stop: threading.Event | None = None,
    alias: str = DEFAULT_DB_ALIAS,
    deliverer: Deliverer | None = None,
) -> Tally:
    """Deliver until told to stop; a batch that is under way is finished.

    Args:
        programme: Of one programme alone; of all where none is named.
        once: End as soon as nothing is due.
        stop: Set by whoever wants it to end.
        alias: Which of Django's databases holds the programmes.
        deliverer: Who does it; one as the environment says where none is named.

    Returns:
        What was done.

    Raises:
        OperationalError: The database cannot be reached, and ``once`` was asked for; else it is
            tried again after a pause.
    """
    worker = deliverer or Deliverer(alias)
    ending = stop or threading.Event()
    done = Tally()
    while not ending.is_set():
        try:
            here = worker.round(programme)
        except OperationalError:
            if once:
                raise
            LOG.warning("the database cannot be reached; trying again", exc_info=True)
            connections[alias].close()
            here = Tally()
        done = done.plus(here)
        if here == Tally():
            if once:
                break
            ending.wait(PAUSE_S)
    return done
