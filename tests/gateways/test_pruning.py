"""What was delivered long ago is deleted, in slices; what failed stays until somebody looks."""

import importlib
import json
import threading
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connections

from shareback.engine.engine import Engine
from shareback.gateways import deliveries, pruning
from shareback.gateways.crew import run
from shareback.gateways.deliveries import claim
from shareback.gateways.endpoints import switch_off
from shareback.gateways.models import Delivery, KeptAnswer
from shareback.gateways.pruning import DAY_US, KEEP_DAYS, prune
from tests.gateways.conftest import Registers
from tests.gateways.receiver import Clock, Receiver, deliverer_at, rows_of

State = Delivery.State


def deliver(life: Engine, clock: Clock, keep_days: int = KEEP_DAYS) -> int:
    """Send what is due; returns how many messages were deleted."""
    deliverer = deliverer_at(life.alias, clock)
    return run(life.id, once=True, deliverer=deliverer, keep_days=keep_days).dropped


def test_what_was_delivered_is_listed_for_thirty_days_and_then_no_more(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    assert deliver(life, clock) == 0
    clock.goes_on(KEEP_DAYS * DAY_US)
    assert deliver(life, clock) == 0
    assert len(rows_of(endpoint, life.alias, state=State.DELIVERED)) == 4
    clock.goes_on(1)
    assert deliver(life, clock) == 4
    assert rows_of(endpoint, life.alias) == []
    # The journal has them still, and they are not sent again by themselves.
    assert len(receiver.got) == 4


def test_the_operator_says_for_how_long(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers("order.paid")
    deliver(life, clock)
    clock.goes_on(2 * DAY_US + 1)
    assert deliver(life, clock, keep_days=3) == 0
    assert deliver(life, clock, keep_days=2) == 4


def test_what_failed_or_waits_stays_however_old_it_is(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = registers("tier.changed")
    monkeypatch.setattr(deliveries, "TRIES", 1)
    receiver.answer = lambda _document: 500
    deliver(life, clock)
    clock.goes_on(365 * DAY_US)
    assert deliver(life, clock) == 0
    left = [row.state for row in rows_of(endpoint, life.alias)]
    assert sorted(left) == [State.PARKED, State.PARKED, State.FAILED, State.FAILED]


def test_what_waits_for_an_endpoint_that_is_off_goes_and_what_failed_stays(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = registers("tier.changed")
    monkeypatch.setattr(deliveries, "TRIES", 1)
    receiver.answer = lambda _document: 500
    deliver(life, clock)
    switch_off(endpoint, life.alias)
    assert deliver(life, clock) == 0
    clock.goes_on((KEEP_DAYS + 1) * DAY_US)
    assert deliver(life, clock) == 2
    assert {row.state for row in rows_of(endpoint, life.alias)} == {State.FAILED}


def test_much_is_deleted_in_slices_of_what_was_settled_together(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pruning, "SLICE", 3)
    monkeypatch.setattr(pruning, "ENDPOINTS_READ", 1)
    first, second = registers(client=1), registers(client=2)
    receiver.secret = ""
    deliver(life, clock)
    count = len(rows_of(first, life.alias))
    # As if they had been delivered one after the other.
    for endpoint in (first, second):
        for at, row in enumerate(rows_of(endpoint, life.alias)):
            Delivery.objects.using(life.alias).filter(pk=row.pk).update(next_at=at)
    assert pruning.prune_slice(first, State.DELIVERED, count - 1, life.alias) == 3
    assert [row.next_at for row in rows_of(first, life.alias)] == list(range(3, count))
    assert prune(count - 1, life.id, life.alias) == 2 * (count - 1) - 3
    for endpoint in (first, second):
        assert [row.next_at for row in rows_of(endpoint, life.alias)] == [count - 1]


def test_it_ends_after_a_slice_when_it_is_told_to(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers("order.paid")
    deliver(life, clock)
    stop = threading.Event()
    stop.set()
    assert prune(clock.at + 1, life.id, life.alias, stop) == 0


def test_of_one_programme_alone(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers("order.paid")
    deliver(life, clock)
    assert prune(clock.at + 1, life.id + 1_000, life.alias) == 0
    assert prune(clock.at + 1, life.id, life.alias) == 4


def test_it_prunes_beside_the_sending_too(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    deliver(life, clock)
    clock.goes_on((KEEP_DAYS + 1) * DAY_US)
    stop, deliverer = threading.Event(), deliverer_at(life.alias, clock)
    pruned = threading.Event()

    def deliver_on() -> None:
        try:
            assert run(life.id, stop=stop, deliverer=deliverer).dropped == 4
            pruned.set()
        finally:
            connections[life.alias].close()

    thread = threading.Thread(target=deliver_on)
    thread.start()
    while rows_of(endpoint, life.alias) and thread.is_alive():
        stop.wait(0.01)
    stop.set()
    thread.join()
    assert pruned.is_set()


def test_what_is_due_meanwhile_is_left_alone(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    deliverer_at(life.alias, clock).take(endpoint)
    claimed = claim(endpoint, 64, clock(), life.alias)
    clock.goes_on(365 * DAY_US)
    assert prune(clock(), life.id, life.alias) == 0
    assert len(claimed) == 3


def test_secrets_go_out_of_answers_that_were_kept_with_them(life: Engine) -> None:
    step = importlib.import_module("shareback.gateways.migrations.0003_secrets_out_of_answers")
    told = '{"number":7,"url":"https://x.example/","types":[],"secret":"whsec_abc"}'
    rows = KeptAnswer.objects.using(life.alias).filter(programme_id=life.id, client=77)
    for key, body in (("told", told), ("done", '{"done":true}')):
        KeptAnswer.objects.using(life.alias).create(
            programme_id=life.id, client=77, key=key, request=b"r", status=200, body=body
        )
    step.take_out(apps, SimpleNamespace(connection=connections[life.alias]))
    done, kept = rows.order_by("key")
    assert (done.body, done.secret_of, bytes(done.whole)) == ('{"done":true}', 0, b"")
    assert json.loads(kept.body) == json.loads(told) | {"secret": None}
    assert (kept.secret_of, len(bytes(kept.whole))) == (7, 32)
    rows.delete()
