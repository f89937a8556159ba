"""One client's endpoint, however slow, keeps nobody else waiting, and costs no message a try."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connections

from shareback.engine.engine import Engine
from shareback.gateways import crew, sending
from shareback.gateways.addresses import resolve
from shareback.gateways.crew import rest_after, run, serve_each
from shareback.gateways.deliveries import claim
from shareback.gateways.lookups import Lookups
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.rota import Rota, Turn
from shareback.gateways.webhooks import Deliverer, Limits, Tally
from tests.gateways.conftest import Registers
from tests.gateways.dripping import dripping, wasting
from tests.gateways.receiver import Clock, Receiver, deliverer_at, receiving, rows_of

State = Delivery.State
PATIENCE_S = 20.0
"""For what comes within a moment on a machine that is not busy with something else."""


@contextmanager
def running(deliverer: Deliverer, programme: int, **options: Any) -> Iterator[threading.Event]:  # noqa: ANN401
    """Deliver in a thread, for the length of a ``with`` block."""
    stop = threading.Event()

    def deliver() -> None:
        try:
            run(programme, stop=stop, deliverer=deliverer, **options)
        finally:
            connections[deliverer.alias].close()

    thread = threading.Thread(target=deliver)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()


def led_to(endpoint: Endpoint, url: str, alias: str) -> Endpoint:
    """An endpoint that leads elsewhere behind its owner's back."""
    Endpoint.objects.using(alias).filter(pk=endpoint.pk).update(url=url)
    return Endpoint.objects.using(alias).get(pk=endpoint.pk)


def all_taken(receiver: Receiver, count: int) -> threading.Event:
    """Set as soon as so many messages have come."""
    event, left = threading.Event(), iter(range(count - 1, -1, -1))

    def answer(_document: dict[str, Any]) -> int:
        if next(left, 0) == 0:
            event.set()
        return 204

    receiver.answer = answer
    return event


def test_an_honest_endpoint_has_its_messages_while_anothers_drips(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    with wasting(dripping(1.0)) as waster:
        bad = led_to(registers("order.paid", client=1), waster.url, life.alias)
        registers("order.paid", client=2)
        came = all_taken(receiver, 4)
        deliverer = deliverer_at(life.alias, clock, limits=Limits(batch=3_600))
        with running(deliverer, life.id):
            assert waster.came.acquire(timeout=PATIENCE_S)
            assert came.wait(PATIENCE_S)
            assert waster.open > 0
            assert {row.attempts for row in rows_of(bad, life.alias)} == {0}
            waster.over.set()
    assert len(receiver.taken) == 4


def test_what_drips_is_cut_and_gives_way(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    with wasting(dripping(0.01)) as waster:
        bad = led_to(registers("order.paid", client=1), waster.url, life.alias)
        good = registers("order.paid", client=2)
        deliverer = deliverer_at(life.alias, clock, limits=Limits(batch=0.4))
        # With one thread alone, so that the honest one has to wait for the other's turn to end.
        serve_each(deliverer, life.id, threads=1)
    assert {row.last_error for row in rows_of(bad, life.alias, attempts=1)} == {"no answer in time"}
    assert len(rows_of(good, life.alias, state=State.DELIVERED)) == 4


def test_a_turn_ends_so_that_others_have_theirs(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    came: list[str] = []
    with receiving() as other:
        for name, one in (("first", receiver), ("second", other)):

            def answer(_document: dict[str, Any], name: str = name) -> int:
                came.append(name)
                return 204

            one.answer = answer
        registers(client=1)
        second = registers(client=2)
        other.secret, receiver.secret = second.secret, ""
        led_to(second, other.url, life.alias)
        deliverer = deliverer_at(life.alias, clock, limits=Limits(turn=0))
        run(life.id, once=True, deliverer=deliverer, threads=1)
    assert came.count("first") == came.count("second")
    assert came.index("second") < len(came) - 1 - came[::-1].index("first")


def test_only_what_was_sent_counts_as_an_attempt(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    endpoint = registers("order.paid")
    with wasting(dripping(0.01)) as waster:
        led_to(endpoint, waster.url, life.alias)
        serve_each(deliverer_at(life.alias, clock, limits=Limits(batch=0.4)), life.id)
    rows = rows_of(endpoint, life.alias, state=State.PENDING)
    assert sorted(row.attempts for row in rows) == [0, 0, 1]
    assert {row.next_at for row in rows if row.attempts == 0} == {clock.at}
    # They are due, and nobody else's: whoever is asked next may have them.
    assert len(claim(endpoint, 64, clock(), life.alias)) == 2


class Hanging:
    """A resolver that hangs at one name, until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self, host: str, port: int) -> list[str]:
        if host == "hangs.example":
            self.let_go.wait()
        return resolve(host, port)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    one = Hanging()
    yield one
    one.let_go.set()


def test_a_resolver_that_hangs_keeps_nobody_else_waiting(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock, hanging: Hanging
) -> None:
    bad = led_to(registers("order.paid", client=1), "https://hangs.example/", life.alias)
    good = registers("order.paid", client=2)
    deliverer = deliverer_at(
        life.alias, clock, look_up=hanging, limits=Limits(lookup=0.1), lookups=Lookups()
    )
    serve_each(deliverer, life.id, threads=1)
    assert {row.last_error for row in rows_of(bad, life.alias, attempts=1)} == {
        "the host's address was not found in time"
    }
    assert len(rows_of(good, life.alias, state=State.DELIVERED)) == 4


def test_where_nothing_could_be_looked_up_no_attempt_counts(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    full = Lookups(at_once=0)
    done = serve_each(deliverer_at(life.alias, clock, lookups=full), life.id)
    assert (done.delivered, done.failed) == (0, 0)
    assert {row.attempts for row in rows_of(endpoint, life.alias)} == {0}
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert len(receiver.taken) == 4


def test_whoever_does_not_answer_is_asked_ever_less_often(clock: Clock) -> None:
    deliverer, turn, failed = deliverer_at("default", clock), Turn(1, 1, 1), Tally(failed=1)
    assert rest_after(deliverer, turn, Tally(delivered=1, failed=63)) == 0
    assert rest_after(deliverer, turn, Tally()) == crew.PAUSE_S
    rests = []
    for times in range(8):
        deliverer.silent[1, 1] = times
        rests.append(rest_after(deliverer, turn, failed))
    assert rests == [1, 2, 4, 8, 16, 32, 32, 32]


def test_what_is_known_of_an_endpoint_goes_with_it(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    receiver.answer = lambda _document: 500
    deliverer = deliverer_at(life.alias, clock)
    serve_each(deliverer, life.id)
    assert list(deliverer.silent) == [(life.id, endpoint.number)]
    Endpoint.objects.using(life.alias).filter(pk=endpoint.pk).update(active=False)
    serve_each(deliverer, life.id)
    assert (deliverer.silent, deliverer.slow, deliverer.feeds) == ({}, set(), {})


def test_no_endpoint_is_served_twice_at_once(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    for client in (1, 2, 3):
        registers("order.paid", "points.awarded", client=client)
    receiver.secret = ""
    deliverer = deliverer_at(life.alias, clock, limits=Limits(turn=0))
    inner, serving, twice = deliverer.serve, set[int](), list[int]()

    def serve(endpoint: Endpoint) -> Tally:
        if endpoint.number in serving:
            twice.append(endpoint.number)
        serving.add(endpoint.number)
        done = inner(endpoint)
        serving.discard(endpoint.number)
        return done

    deliverer.serve = serve  # type: ignore[method-assign]
    run(life.id, once=True, deliverer=deliverer)
    assert twice == []


def test_the_threads_give_their_connections_back(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers("order.paid")
    deliverer = deliverer_at(life.alias, clock)
    inner, used = deliverer.serve, list[Any]()

    def serve(endpoint: Endpoint) -> Tally:
        done = inner(endpoint)
        used.append(connections[life.alias])
        return done

    deliverer.serve = serve  # type: ignore[method-assign]
    run(life.id, once=True, deliverer=deliverer)
    assert used != []
    assert {one.connection for one in used} == {None}
    assert connections[life.alias] not in used


def test_endpoints_that_are_on_are_found_without_a_scan(
    life: Engine, sees: Callable[[Any], str]
) -> None:
    active = Endpoint.objects.using(life.alias).filter(active=True)
    assert "endpoint_active" in sees(active.values_list("programme_id", "client", "number"))
    mine = active.filter(programme_id=life.id, client=1)
    assert "endpoint_" in sees(mine.values_list("number"))


@pytest.fixture
def sees(alias: str) -> Callable[[Any], str]:
    """How a database goes about a query, were its tables large."""

    def explained(query: Any) -> str:  # noqa: ANN401
        connection = connections[alias]
        if connection.vendor != "postgresql":
            return str(query.explain())
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            try:
                return str(query.explain())
            finally:
                cursor.execute("RESET enable_seqscan")

    return explained


@pytest.mark.parametrize("at_once", [True, False])
def test_no_thread_stays_behind_whatever_ends_the_crew(
    life: Engine, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    def broken(*_args: object) -> None:
        raise ProgrammingError

    monkeypatch.setattr(Rota, "enlist" if not at_once else "wait_until_done", broken)
    deliverer = Deliverer(life.alias)
    with pytest.raises(ProgrammingError):
        run(life.id, once=at_once, deliverer=deliverer)
    names = [thread.name for thread in threading.enumerate()]
    assert not {"webhooks", "pruner"} & set(names)
