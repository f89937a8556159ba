"""The threads that serve endpoints, several at the same time, and those who tell them to."""

import logging
import threading
from collections.abc import Callable
from functools import partial

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from shareback.gateways.models import Endpoint
from shareback.gateways.pruning import DAY_US, KEEP_DAYS, prune
from shareback.gateways.rota import Rota, Turn
from shareback.gateways.webhooks import Deliverer, Tally

LOG = logging.getLogger(__name__)

THREADS = 8
"""So many endpoints are served at the same time."""

OF_ONE_CLIENT = 2
OF_SLOW = THREADS // 2
"""The other half is always free for those who answer at once."""

PAUSE_S = 1.0
"""Before an endpoint is served again for which there was nothing to do."""

DOUBLINGS = 5
"""Twice as long each time where nobody answers at all: at last half a minute."""

PRUNE_PAUSE_S = 3_600.0

Rest = Callable[[Turn, Tally], float | None]
"""Says after how many seconds an endpoint is served again, by what was done; or never."""


class Crew:
    """Some threads that serve endpoints by a rota, each with a database connection of its own."""

    def __init__(
        self,
        deliverer: Deliverer,
        rest: Rest,
        stop: threading.Event,
        threads: int,
        *,
        lasting: bool,
    ) -> None:
        """Start nothing yet.

        Args:
            deliverer: Serves an endpoint.
            rest: Says when it is served again.
            stop: Ends all turns after the batch that is under way, once it is set.
            threads: How many endpoints are served at the same time.
            lasting: Whether to go on where the database cannot be reached.
        """
        self.deliverer = deliverer
        self.deliverer.ending = self.stop = stop
        self.rest = rest
        self.lasting = lasting
        self.rota = Rota(OF_ONE_CLIENT, max(1, min(OF_SLOW, threads - 1)))
        self.lock = threading.Lock()
        self.done = Tally()
        self.fault: BaseException | None = None
        self.threads = [threading.Thread(target=self.work, name="webhooks") for _ in range(threads)]

    def enlist(self, programme: int | None) -> None:
        """Look which endpoints there are."""
        rows = Endpoint.objects.using(self.deliverer.alias).filter(active=True)
        if programme is not None:
            rows = rows.filter(programme_id=programme)
        turns = [Turn(*row) for row in rows.values_list("programme_id", "client", "number")]
        self.rota.enlist(turns)
        self.deliverer.forget_all_but({(turn.programme, turn.number) for turn in turns})

    def enlist_if_reached(self, programme: int | None) -> None:
        """As `enlist`; where the database cannot be reached, everything stays as it is."""
        try:
            self.enlist(programme)
        except (OperationalError, InterfaceError):
            LOG.warning("the database cannot be reached; trying again", exc_info=True)
            connections[self.deliverer.alias].close()

    def start(self) -> None:
        """Start all threads."""
        for thread in self.threads:
            thread.start()

    def end(self) -> Tally:
        """Let each thread finish its turn; returns what was done.

        Raises:
            OperationalError: The database cannot be reached, and the crew is none that lasts.
        """
        self.rota.end()
        for thread in self.threads:
            thread.join()
        if self.fault is not None:
            raise self.fault
        return self.done

    def work(self) -> None:
        """Serve whoever's turn it is, until it is over."""
        try:
            while (turn := self.rota.take()) is not None:
                done = self.serve(turn)
                if self.stop.is_set():
                    self.rota.end()
                with self.lock:
                    self.done = self.done.plus(done)
                is_slow = (turn.programme, turn.number) in self.deliverer.slow
                self.rota.give_back(turn, self.rest(turn, done), slow=is_slow)
        except BaseException as fault:  # noqa: BLE001 - whoever waits for the crew hears of it
            self.fault = fault
            self.rota.end()
        finally:
            connections[self.deliverer.alias].close()

    def serve(self, turn: Turn) -> Tally:
        """Serve an endpoint as it stands now.

        Raises:
            OperationalError: The database cannot be reached, and the crew is none that lasts.
        """
        alias = self.deliverer.alias
        try:
            row = Endpoint.objects.using(alias).filter(
                programme_id=turn.programme, number=turn.number, active=True
            )
            endpoint = row.first()
            return Tally() if endpoint is None else self.deliverer.serve(endpoint)
        except (OperationalError, InterfaceError):
            connections[alias].close()
            if not self.lasting:
                raise
            LOG.warning("the database cannot be reached; trying again", exc_info=True)
        except Exception:
            # A bug at one endpoint or programme is no reason to leave the others waiting.
            LOG.exception("endpoint %s of programme %s", turn.number, turn.programme)
        return Tally()


def rest_after(deliverer: Deliverer, turn: Turn, done: Tally) -> float:
    """How long an endpoint rests: not at all while it gets on, longer where nobody answers."""
    if done.delivered or done.taken or done.dropped:
        return 0.0
    unanswered = deliverer.silent.get((turn.programme, turn.number), 0)
    return PAUSE_S * (1 << min(unanswered, DOUBLINGS))


def serve_each(deliverer: Deliverer, programme: int | None = None, threads: int = THREADS) -> Tally:
    """Serve each endpoint once.

    Args:
        deliverer: Serves an endpoint.
        programme: Of one programme alone; of all where none is named.
        threads: How many endpoints are served at the same time.
    """
    return until_done(deliverer, programme, lambda _turn, _done: None, threads, threading.Event())


def until_done(
    deliverer: Deliverer,
    programme: int | None,
    rest: Rest,
    threads: int,
    stop: threading.Event,
) -> Tally:
    """Serve the endpoints that there are now, until none is to be served any more."""
    crew = Crew(deliverer, rest, stop, threads, lasting=False)
    crew.enlist(programme)
    crew.start()
    try:
        while not (crew.rota.wait_until_done(PAUSE_S) or stop.is_set()):
            pass
    finally:
        done = crew.end()
    return done


def run(
    programme: int | None = None,
    *,
    once: bool = False,
    stop: threading.Event | None = None,
    alias: str = DEFAULT_DB_ALIAS,
    deliverer: Deliverer | None = None,
    threads: int = THREADS,
    keep_days: int = KEEP_DAYS,
) -> Tally:
    """Deliver until told to stop; a batch that is under way is finished.

    Args:
        programme: Of one programme alone; of all where none is named.
        once: End as soon as nothing is due.
        stop: Set by whoever wants it to end.
        alias: Which of Django's databases holds the programmes.
        deliverer: Who does it; one as the environment says where none is named.
        threads: How many endpoints are served at the same time.
        keep_days: For so long what was delivered stays listed.

    Returns:
        What was done.

    Raises:
        OperationalError: The database cannot be reached, and ``once`` was asked for; else it is
            tried again after a pause.
    """
    worker = deliverer or Deliverer(alias)
    ending = stop or threading.Event()
    if once:
        done = until_done(worker, programme, until_nothing_is_due, threads, ending)
        before = worker.now() - keep_days * DAY_US
        return done.plus(Tally(dropped=prune(before, programme, worker.alias, ending)))
    rest = partial(rest_after, worker)
    crew = Crew(worker, rest, ending, threads, lasting=True)
    pruner = Pruner(worker, programme, keep_days)
    crew.start()
    pruner.start()
    try:
        while not (ending.is_set() or crew.rota.is_over):
            crew.enlist_if_reached(programme)
            ending.wait(PAUSE_S)
    finally:
        # Whatever ends it, no thread stays behind that would keep the process from ending.
        dropped = pruner.end()
        done = crew.end()
    return done.plus(dropped)


def until_nothing_is_due(_turn: Turn, done: Tally) -> float | None:
    """Serve an endpoint again at once, as long as that comes to anything."""
    return None if done == Tally() else 0.0


class Pruner:
    """Prunes now and then, in a thread of its own, so that nobody waits for it."""

    def __init__(self, deliverer: Deliverer, programme: int | None, keep_days: int) -> None:
        """Start nothing yet."""
        self.deliverer = deliverer
        self.programme = programme
        self.keep_us = keep_days * DAY_US
        self.ending = threading.Event()
        self.dropped = 0
        self.thread = threading.Thread(target=self.work, name="pruner")

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    def work(self) -> None:
        """Prune every hour, until it is over."""
        alias = self.deliverer.alias
        while not self.ending.is_set():
            before = self.deliverer.now() - self.keep_us
            try:
                self.dropped += prune(before, self.programme, alias, self.ending)
            except (OperationalError, InterfaceError):
                LOG.warning("the database cannot be reached; pruning later", exc_info=True)
            except Exception:
                # As above: a bug at old messages is no reason to keep all others for ever.
                LOG.exception("old messages could not be deleted")
            finally:
                connections[alias].close()
            self.ending.wait(PRUNE_PAUSE_S)

    def end(self) -> Tally:
        """Let it finish its slice; returns what was done."""
        self.ending.set()
        self.thread.join()
        return Tally(dropped=self.dropped)
