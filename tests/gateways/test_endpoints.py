"""What an endpoint gets: its types, from its registration on, until it is switched off."""

from collections import Counter

import pytest

from shareback.engine.engine import Engine
from shareback.gateways.crew import run, serve_each
from shareback.gateways.deliveries import claim
from shareback.gateways.endpoints import (
    EndpointRefused,
    register,
    set_back,
    switch_off,
    switch_off_client,
)
from shareback.gateways.models import Endpoint
from shareback.gateways.webhooks import Tally
from tests.gateways.conftest import Registers
from tests.gateways.receiver import Clock, Receiver, deliverer_at, rows_of


def test_only_the_types_that_were_asked_for_are_sent(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("day.closed", "member.exited")
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert Counter(one.document["type"] for one in receiver.got) == {
        "day.closed": 7,
        "member.exited": 1,
    }
    assert len(rows_of(endpoint, life.alias)) == 8


def test_a_new_endpoint_gets_what_happens_from_then_on(
    life: Engine, receiver: Receiver, clock: Clock
) -> None:
    endpoint = register(life.id, 9, receiver.url, (), life.alias, to_private=True)
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert endpoint.position == life.head()[-1]
    assert receiver.got == []
    switch_off(endpoint, life.alias)


def test_what_is_switched_off_gets_nothing_more(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint, others = registers(client=1), registers(client=2)
    receiver.secret = ""
    switch_off(endpoint, life.alias)
    switch_off_client(life.id, 2, life.alias)
    assert run(life.id, once=True, deliverer=deliverer_at(life.alias, clock)) == Tally()
    assert not deliverer_at(life.alias, clock).take(others)
    assert claim(endpoint, 16, clock(), life.alias) == []
    assert receiver.got == []


def test_nothing_is_replayed_that_has_not_been_read(life: Engine, registers: Registers) -> None:
    endpoint = registers()
    with pytest.raises(EndpointRefused, match="at most 0"):
        set_back(endpoint, 1, life.alias)


def test_a_name_that_came_to_mean_this_machine_is_refused_at_sending(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    Endpoint.objects.using(life.alias).filter(pk=endpoint.pk).update(
        url=f"https://mall.example:{receiver.port}/"
    )
    deliverer = deliverer_at(life.alias, clock, to_private=False, look_up=lambda *_: ["127.0.0.1"])
    serve_each(deliverer, life.id)
    assert receiver.got == []
    assert {row.last_error for row in rows_of(endpoint, life.alias, attempts=1)} == {
        "the host has an address that is not public"
    }
