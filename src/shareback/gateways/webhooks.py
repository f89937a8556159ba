"""Webhooks out: what the journal tells is sent to every endpoint, at least once, in order."""

import ssl
import threading
import time
from collections.abc import Callable, Container
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.gateways.addresses import AddressRefused, Resolve, resolve, target_of
from shareback.gateways.deliveries import Jitter, claim, is_full, jittered, place_of, settle, take
from shareback.gateways.endpoints import drop, now_us
from shareback.gateways.feed import Feed
from shareback.gateways.lookups import DEADLINE_S as LOOKUP_S
from shareback.gateways.lookups import LOOKUPS, Lookups, LookupsBusy
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import webhook_id
from shareback.gateways.sending import BATCH, Letter, Outcome, post_all
from shareback.gateways.sending import DEADLINE_S as BATCH_S

BUDGET_S = 20.0
"""Of one endpoint, before it is the next one's turn; a batch that has begun is finished."""

SLOW_S = 2.0
"""An endpoint whose last batch took longer is slow."""

Name = tuple[int, int]
"""An endpoint's programme and number."""


class Tally(NamedTuple):
    """What was done.

    Attributes:
        taken: Pages taken from the journal.
        delivered: Messages that were answered with a success.
        failed: Attempts that were not.
        dropped: Messages deleted: old ones, and those that a replay takes anew.
    """

    taken: int = 0
    delivered: int = 0
    failed: int = 0
    dropped: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(one + two for one, two in zip(self, other, strict=True)))


class Limits(NamedTuple):
    """How long one endpoint may take, in seconds.

    Attributes:
        turn: As long it is served before it gives way.
        batch: After this the connections of a batch are cut.
        lookup: As long is waited for its host's address.
    """

    turn: float = BUDGET_S
    batch: float = BATCH_S
    lookup: float = LOOKUP_S


class Deliverer:
    """Takes messages from the journal and sends them; any number may work at the same time.

    Its threads may share one, as long as no endpoint is served by two of them at once.
    """

    def __init__(
        self,
        alias: str = DEFAULT_DB_ALIAS,
        *,
        now: Callable[[], int] = now_us,
        jitter: Jitter = jittered,
        to_private: bool | None = None,
        look_up: Resolve = resolve,
        context: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        lookups: Lookups = LOOKUPS,
    ) -> None:
        """Keep what it works with.

        Args:
            alias: Which of Django's databases holds the programmes.
            now: The clock, µs UTC.
            jitter: Spreads the delays between attempts.
            to_private: As `addresses.target_of` takes it.
            look_up: As above, however long it takes.
            context: As `sending.post_all` takes it.
            limits: How long an endpoint may take.
            lookups: Counts the lookups that have not ended.
        """
        self.alias = alias
        self.now = now
        self.jitter = jitter
        self.to_private = to_private
        self.look_up = look_up
        self.context = context
        self.limits = limits or Limits()
        self.lookups = lookups
        self.feeds: dict[Name, Feed] = {}
        self.silent: dict[Name, int] = {}
        self.slow: set[Name] = set()
        self.ending = threading.Event()

    def serve(self, endpoint: Endpoint) -> Tally:
        """Send what is due to an endpoint, and take more from the journal where that is little.

        It gives way when its time is over, when nothing is left to do, and where it answers
        nothing, or late.
        """
        done, name = Tally(), name_of(endpoint)
        ends = time.monotonic() + self.limits.turn
        while True:
            step = self.step(endpoint)
            done = done.plus(step)
            gives_way = step == Tally() or name in self.silent or name in self.slow
            if gives_way or self.ending.is_set() or time.monotonic() >= ends:
                break
        if endpoint.line == 0:
            # What it knows of a long event is of no use any more.
            self.feeds.pop(name, None)
        return done

    def step(self, endpoint: Endpoint) -> Tally:
        """One batch to an endpoint, or one page, or a slice of what a replay takes anew."""
        if endpoint.dropping:
            dropped = drop(endpoint, self.alias)
            if dropped or endpoint.dropping:
                return Tally(dropped=dropped)
        # One that took nothing last time is only asked whether it does again.
        count = 1 if name_of(endpoint) in self.silent else BATCH
        claimed = claim(endpoint, count, self.now(), self.alias)
        # Where few members wait, more of the journal brings others to send to meanwhile.
        taken = Tally(taken=int(len(claimed) < count and self.take(endpoint)))
        return taken.plus(self.send(endpoint, claimed)) if claimed else taken

    def take(self, endpoint: Endpoint) -> bool:
        """Take a page from the journal; returns whether there was one."""
        feed = self.feeds.setdefault(name_of(endpoint), Feed(endpoint.programme_id, self.alias))
        page = feed.read(endpoint.position, endpoint.line)
        if (page.position, page.line) == place_of(endpoint):
            return False
        if is_full(endpoint, self.alias):
            return False
        return take(endpoint, page, self.now(), self.alias)

    def send(self, endpoint: Endpoint, claimed: list[Delivery]) -> Tally:
        """Send claimed messages and write down what came of it."""
        began = time.monotonic()
        outcomes = self.post(endpoint, claimed)
        self.remember(endpoint, outcomes, time.monotonic() - began)
        settle(endpoint, claimed, outcomes, self.now(), self.alias, self.jitter)
        posted = [outcome for outcome in outcomes if outcome is not None]
        delivered = sum(outcome.delivered for outcome in posted)
        return Tally(0, delivered, len(posted) - delivered)

    def post(self, endpoint: Endpoint, claimed: list[Delivery]) -> list[Outcome | None]:
        """Send claimed messages to where the endpoint's name leads now."""
        asker = (endpoint.programme_id, endpoint.client)
        look_up = self.lookups.of(asker, self.look_up, self.limits.lookup)
        try:
            target = target_of(endpoint.url, to_private=self.to_private, look_up=look_up)
        except AddressRefused as fault:
            return [Outcome(delivered=False, status=0, error=str(fault))] * len(claimed)
        except LookupsBusy:
            return [None] * len(claimed)
        letters = [
            Letter(webhook_id(one.programme_id, one.sequence, one.line), one.body)
            for one in claimed
        ]
        deadline_s = self.limits.batch
        return post_all(target, endpoint.secret, letters, self.now(), self.context, deadline_s)

    def remember(self, endpoint: Endpoint, outcomes: list[Outcome | None], seconds: float) -> None:
        """Remember of an endpoint how it took its last batch."""
        name = name_of(endpoint)
        posted = [outcome for outcome in outcomes if outcome is not None]
        if any(outcome.delivered for outcome in posted):
            self.silent.pop(name, None)
        elif any(outcome.status for outcome in posted):
            self.silent[name] = 0
        else:
            self.silent[name] = self.silent.get(name, 0) + 1
        if seconds > SLOW_S:
            self.slow.add(name)
        else:
            self.slow.discard(name)

    def forget_all_but(self, names: Container[Name]) -> None:
        """Forget what is remembered of endpoints that are gone."""
        for memory in (self.feeds, self.silent):
            for name in [name for name in memory.copy() if name not in names]:
                memory.pop(name, None)
        for name in [name for name in self.slow.copy() if name not in names]:
            self.slow.discard(name)


def name_of(endpoint: Endpoint) -> Name:
    """An endpoint's programme and number."""
    return endpoint.programme_id, endpoint.number
