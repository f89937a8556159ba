"""Messages go out signed, at least once, in order per member, and come back after failures."""

import json
import threading
from collections import Counter

import pytest
from django.db import connections

from shareback.engine.engine import Engine
from shareback.gateways import deliveries, webhooks
from shareback.gateways.crew import run, serve_each
from shareback.gateways.deliveries import TRIES, claim, delay_us
from shareback.gateways.endpoints import set_back
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import TYPES, message, webhook_id
from shareback.gateways.webhooks import Tally
from tests.gateways.conftest import Registers
from tests.gateways.lived import notices_of
from tests.gateways.receiver import SECOND, Clock, Receiver, deliverer_at, rows_of

State = Delivery.State
DAY_US = 86_400 * SECOND


class Killed(BaseException):
    """The process ends here."""


def states(endpoint: Endpoint, alias: str) -> Counter[str]:
    return Counter(State(row.state).name for row in rows_of(endpoint, alias))


def by_member(names: list[tuple[str | None, str]]) -> dict[str | None, list[str]]:
    """Webhook ids in the order in which they came, for each member; merchants' are nobody's."""
    found: dict[str | None, list[str]] = {}
    for member, name in names:
        found.setdefault(member, []).append(name)
    return found


def wanted(life: Engine) -> dict[str | None, list[str]]:
    """The webhook ids of a life in the journal's order, for each member."""
    return by_member(
        [
            (one.data.get("member_id"), webhook_id(life.id, one.sequence, one.line))
            for one in notices_of(life)
        ]
    )


def test_each_type_arrives_signed_and_with_the_journals_figures(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers()
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert receiver.forged == []
    assert {one.document["type"] for one in receiver.got} == set(TYPES)
    sent = {one.name: one.document for one in receiver.got}
    assert sent == {
        webhook_id(life.id, one.sequence, one.line): json.loads(message(life.id, one))
        for one in notices_of(life)
    }
    assert len(receiver.got) == len(sent)


def test_each_members_messages_arrive_in_order(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers()
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert by_member([(one.member, one.name) for one in receiver.got]) == wanted(life)


def test_a_wrong_secret_is_found_out(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers()
    receiver.secret = f"whsec_{'A' * 43}="
    serve_each(deliverer_at(life.alias, clock), life.id)
    assert receiver.got == []
    assert receiver.forged != []
    assert {row.last_status for row in rows_of(endpoint, life.alias, attempts=1)} == {401}


def test_one_failing_member_does_not_stop_the_others_and_stays_in_order(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint, refused = registers(), ["wang"]
    receiver.answer = lambda document: 503 if document["data"].get("member_id") in refused else 200
    deliverer = deliverer_at(life.alias, clock)
    run(life.id, once=True, deliverer=deliverer)
    expected = wanted(life)
    here = by_member([(one.member, one.name) for one in receiver.taken])
    assert here == {member: names for member, names in expected.items() if member != "wang"}
    assert [one.name for one in receiver.got if one.member == "wang"] == expected["wang"][:1]
    left = rows_of(endpoint, life.alias, member=2)
    assert [row.state for row in left] == [State.PENDING, *[State.PARKED] * (len(left) - 1)]
    refused.clear()
    clock.goes_on(delay_us(1))
    run(life.id, once=True, deliverer=deliverer)
    assert by_member([(one.member, one.name) for one in receiver.taken]) == expected


def test_whatever_fails_now_and_then_each_member_gets_all_in_order(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers()
    count = iter(range(10_000))
    receiver.answer = lambda _document: 500 if next(count) % 3 == 0 else 200
    deliverer = deliverer_at(life.alias, clock)
    for _time in range(40):
        run(life.id, once=True, deliverer=deliverer)
        clock.goes_on(DAY_US)
        receiver.secret = ""  # the clock runs ahead of the one that verifies
    assert by_member([(one.member, one.name) for one in receiver.taken]) == wanted(life)


def test_failures_are_tried_again_ever_later_for_five_days_and_then_no_more(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("tier.changed")
    receiver.secret = ""
    receiver.answer = lambda _document: 500
    deliverer, began = deliverer_at(life.alias, clock), clock.at
    run(life.id, once=True, deliverer=deliverer)
    for attempt in range(1, TRIES):
        tried = len(receiver.got)
        clock.goes_on(delay_us(attempt) - 1)
        assert run(life.id, once=True, deliverer=deliverer) == Tally()
        clock.goes_on(1)
        run(life.id, once=True, deliverer=deliverer)
        assert len(receiver.got) > tried
    assert 4 * DAY_US < clock.at - began < 5 * DAY_US
    # Of li and of wang there are two each: the second waits behind the first.
    assert states(endpoint, life.alias) == {"FAILED": 2, "PARKED": 2}
    failed = rows_of(endpoint, life.alias, state=State.FAILED)
    assert {(row.attempts, row.last_status, row.last_error) for row in failed} == {
        (TRIES, 500, "answered 500")
    }
    clock.goes_on(30 * DAY_US)
    assert run(life.id, once=True, deliverer=deliverer) == Tally()
    assert Counter(Counter(one.name for one in receiver.got).values()) == {TRIES: 2}


def test_a_failed_message_and_those_behind_it_go_out_after_a_replay(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = registers("tier.changed")
    monkeypatch.setattr(deliveries, "TRIES", 1)
    receiver.answer = lambda _document: 500
    deliverer = deliverer_at(life.alias, clock)
    run(life.id, once=True, deliverer=deliverer)
    assert states(endpoint, life.alias) == {"FAILED": 2, "PARKED": 2}
    receiver.answer = lambda _document: 200
    set_back(endpoint, rows_of(endpoint, life.alias)[0].sequence, life.alias)
    run(life.id, once=True, deliverer=deliverer)
    assert states(endpoint, life.alias) == {"DELIVERED": 4}


def test_delays_are_spread_by_a_quarter() -> None:
    found = [deliveries.jittered(1_000_000) for _ in range(1_000)]
    assert 750_000 <= min(found) < 800_000
    assert 1_200_000 < max(found) <= 1_250_000


def test_what_was_sent_before_a_crash_is_sent_again_under_the_same_id(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = registers("order.paid")

    def killed(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "settle", killed)
        with pytest.raises(Killed):
            serve_each(deliverer_at(life.alias, clock), life.id)
    first = [one.name for one in receiver.got]
    assert len(first) == 3
    # Whoever takes over waits for the lease, then sends them once more.
    after = deliverer_at(life.alias, clock)
    assert serve_each(after, life.id).delivered == 0
    assert len(receiver.got) == len(first)
    clock.passes_a_lease()
    run(life.id, once=True, deliverer=after)
    again = [one.name for one in receiver.got][3:]
    assert sorted(again[:3]) == sorted(first)
    assert states(endpoint, life.alias) == {"DELIVERED": 4}


def test_what_a_lost_lease_brought_is_written_down_by_nobody(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    slow, quick = deliverer_at(life.alias, clock), deliverer_at(life.alias, clock)
    assert slow.take(endpoint)
    claimed = claim(endpoint, 16, clock(), life.alias)
    clock.passes_a_lease()
    serve_each(quick, life.id)
    before = rows_of(endpoint, life.alias)
    slow.send(endpoint, claimed)
    assert [(row.state, row.attempts) for row in before] == [
        (row.state, row.attempts) for row in rows_of(endpoint, life.alias)
    ]


def test_two_deliverers_at_once_send_nothing_twice(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    registers()
    start, faults = threading.Barrier(3), []

    def work() -> None:
        start.wait()
        try:
            run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)
        finally:
            connections[life.alias].close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert faults == []
    assert by_member([(one.member, one.name) for one in receiver.got]) == wanted(life)


def test_a_claim_takes_what_nobody_else_has(
    life: Engine, registers: Registers, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    assert deliverer_at(life.alias, clock).take(endpoint)
    first = claim(endpoint, 2, clock(), life.alias)
    second = claim(endpoint, 16, clock(), life.alias)
    assert (len(first), len(second)) == (2, 1)
    assert claim(endpoint, 16, clock(), life.alias) == []


def test_a_page_that_another_has_taken_is_not_taken_twice(
    life: Engine, registers: Registers, clock: Clock
) -> None:
    endpoint = registers()
    stale = Endpoint.objects.using(life.alias).get(pk=endpoint.pk)
    assert deliverer_at(life.alias, clock).take(endpoint)
    count = len(rows_of(endpoint, life.alias))
    assert not deliverer_at(life.alias, clock).take(stale)
    assert len(rows_of(endpoint, life.alias)) == count


def test_a_replay_gives_the_same_messages_under_the_same_ids(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers()
    deliverer = deliverer_at(life.alias, clock)
    run(life.id, once=True, deliverer=deliverer)
    first = {one.name: one.document for one in receiver.got}
    receiver.got.clear()
    set_back(endpoint, 20, life.alias)
    run(life.id, once=True, deliverer=deliverer)
    again = {one.name: one.document for one in receiver.got}
    assert again == {name: said for name, said in first.items() if said["sequence"] >= 20}


def test_what_was_delivered_keeps_no_body(
    life: Engine, registers: Registers, receiver: Receiver, clock: Clock
) -> None:
    endpoint = registers("order.paid")
    run(life.id, once=True, deliverer=deliverer_at(life.alias, clock))
    assert {row.body for row in rows_of(endpoint, life.alias)} == {""}


def test_no_more_is_taken_while_too_much_waits(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = registers()
    monkeypatch.setattr(deliveries, "WAITING_MAX", 4)
    receiver.answer = lambda _document: 500
    deliverer = deliverer_at(life.alias, clock)
    run(life.id, once=True, deliverer=deliverer)
    waiting = len(rows_of(endpoint, life.alias))
    assert 4 <= waiting < len(notices_of(life))
    receiver.answer = lambda _document: 200
    clock.goes_on(delay_us(1))
    run(life.id, once=True, deliverer=deliverer)
    assert len(receiver.taken) == len(notices_of(life))


def test_a_bug_at_one_programme_leaves_no_other_waiting(
    life: Engine,
    registers: Registers,
    receiver: Receiver,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, whole = registers("order.paid"), registers("order.paid")
    receiver.secret = ""
    deliverer = deliverer_at(life.alias, clock)
    serve = deliverer.serve

    def serve_but(endpoint: Endpoint) -> Tally:
        if endpoint.number == broken.number:
            raise ZeroDivisionError
        return serve(endpoint)

    deliverer.serve = serve_but  # type: ignore[method-assign]
    serve_each(deliverer, life.id)
    assert states(whole, life.alias) == {"DELIVERED": 4}
    assert "ZeroDivisionError" in caplog.text


def test_it_ends_when_it_is_told_to(life: Engine, registers: Registers, clock: Clock) -> None:
    registers("order.paid")
    stop = threading.Event()
    deliverer = deliverer_at(life.alias, clock)

    def stopping(endpoint: Endpoint) -> Tally:
        stop.set()
        return Tally(1, 2, 3)

    deliverer.serve = stopping  # type: ignore[method-assign]
    assert run(life.id, stop=stop, deliverer=deliverer) == Tally(1, 2, 3)
