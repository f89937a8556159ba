"""A replay of much is dropped and taken anew in slices; nobody waits for it, nothing is lost."""

import pytest

from shareback.engine.engine import Engine
from shareback.gateways import endpoints
from shareback.gateways.crew import run, serve_each
from shareback.gateways.deliveries import claim, listed, settle
from shareback.gateways.endpoints import drop, set_back
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.sending import Outcome
from shareback.gateways.webhooks import Limits
from tests.gateways.conftest import Registers
from tests.gateways.receiver import Clock, Receiver, deliverer_at, rows_of

State = Delivery.State
TAKEN = Outcome(delivered=True, status=204, error="")


def read(endpoint: Endpoint, alias: str) -> Endpoint:
    """An endpoint as it stands now."""
    return Endpoint.objects.using(alias).get(pk=endpoint.pk)


@pytest.fixture(params=[2, 3])
def slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many messages are dropped in a transaction."""
    size: int = request.param
    monkeypatch.setattr(endpoints, "SLICE", size)
    return size


def test_a_replay_drops_a_slice_at_once_and_the_rest_before_anything_is_sent(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock, slices: int
) -> None:
    endpoint = registers()
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    first = [(one.name, one.document) for one in receiver.got]
    receiver.got.clear()
    set_back(endpoint, 0, life.alias)
    stands = read(endpoint, life.alias)
    assert stands.dropping
    assert len(rows_of(endpoint, life.alias)) == len(first) - slices
    assert list(listed(stands, life.alias)) == []
    assert claim(stands, 64, clock(), life.alias) == []
    assert not deliverer_at(life.alias, clock).take(stands)
    done = run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert done.dropped == len(first) - slices
    assert sorted(one.name for one in receiver.got) == sorted(name for name, _said in first)
    assert {one.name: one.document for one in receiver.got} == dict(first)
    assert not read(endpoint, life.alias).dropping


def test_what_stands_before_a_replay_stays_listed_meanwhile(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock, slices: int
) -> None:
    endpoint = registers()
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    before = [row.pk for row in rows_of(endpoint, life.alias) if row.sequence < 20]
    set_back(endpoint, 20, life.alias)
    stands = read(endpoint, life.alias)
    assert stands.dropping
    rows = listed(stands, life.alias).order_by("sequence", "line")
    assert [row.pk for row in rows] == before


def test_a_slow_drop_gives_way_like_anything_else(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock, slices: int
) -> None:
    endpoint = registers()
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    set_back(endpoint, 0, life.alias)
    left = len(rows_of(endpoint, life.alias))
    done = serve_each(deliverer_at(life.alias, clock, limits=Limits(turn=0)), life.id)
    assert done.dropped == slices
    assert len(rows_of(endpoint, life.alias)) == left - slices


def test_what_is_under_way_while_a_replay_drops_leaves_no_trace(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock, slices: int
) -> None:
    endpoint = registers("order.paid", "points.awarded", "order.matured")
    deliverer = deliverer_at(life.alias, clock)
    deliverer.take(endpoint)
    claimed = claim(endpoint, 64, clock(), life.alias)
    set_back(endpoint, 0, life.alias)
    assert read(endpoint, life.alias).dropping
    settle(endpoint, claimed, [TAKEN] * len(claimed), clock(), life.alias)
    assert not [row for row in rows_of(endpoint, life.alias) if row.state == State.DELIVERED]
    run(life.id, once=True, deliverer=deliverer)
    names = [one.name for one in receiver.got]
    assert len(names) == len(set(names)) == len(rows_of(endpoint, life.alias))


def test_a_drop_of_just_as_much_as_a_slice_comes_to_its_end(
    life: Engine, registers: Registers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = registers("order.paid")
    deliverer_at(life.alias, clock).take(endpoint)
    count = len(rows_of(endpoint, life.alias))
    monkeypatch.setattr(endpoints, "SLICE", count)
    set_back(endpoint, 0, life.alias)
    stands = read(endpoint, life.alias)
    assert (stands.dropping, rows_of(endpoint, life.alias)) == (True, [])
    assert drop(stands, life.alias) == 0
    assert not stands.dropping
    assert not read(endpoint, life.alias).dropping
