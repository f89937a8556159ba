"""A replay of the logged events alone leads to the state that the writer left."""

import os
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from shareback.audit import replaying
from shareback.audit.reading import ReplayFailed
from shareback.audit.replaying import Chunk, Replay
from shareback.engine.engine import Engine
from shareback.engine.reading import logged_bodies
from shareback.journal.models import Programme
from shareback.kernels.arrays import Integers
from shareback.proofs.canonical import Entry, decode, encode
from shareback.rules.kinds import Kind
from shareback.rules.layout import ACCOUNTS, Head

pytestmark = pytest.mark.usefixtures("alias")


def bodies_of(engine: Engine) -> list[bytes]:
    events = Programme.objects.using(engine.alias).get(pk=engine.id).sequence
    return [body for run in logged_bodies(engine.id, events, engine.alias) for body in run]


def cut(bodies: Sequence[bytes], size: int) -> list[Sequence[bytes]]:
    rest = [bodies[place : place + size] for place in range(1, len(bodies), size)]
    return [bodies[:1], *rest]


def replayed(bodies: Sequence[bytes], size: int = 10_000) -> tuple[Replay, list[Chunk]]:
    replay = Replay()
    return replay, list(replay.chunks(cut(bodies, size)))


def joined(chunks: Sequence[Chunk], name: str) -> Integers:
    return np.concatenate([getattr(chunk, name) for chunk in chunks])


def refused(bodies: Sequence[bytes], sequence: int, reason: str) -> None:
    with pytest.raises(ReplayFailed, match=reason) as fault:
        replayed(bodies)
    assert fault.value.sequence == sequence
    assert str(fault.value).startswith(f"event {sequence} of the log: ")


def place_of(bodies: Sequence[bytes], kind: Kind) -> int:
    return next(place for place, body in enumerate(bodies) if body[1] == kind)


def edited(bodies: Sequence[bytes], place: int, **changes: Any) -> list[bytes]:  # noqa: ANN401
    entry: Entry = decode(bodies[place])._replace(**changes)
    return [*bodies[:place], encode(*entry), *bodies[place + 1 :]]


def test_the_busy_programmes_hold_every_kind_of_event(busy: Engine, ended: Engine) -> None:
    kinds = {body[1] for body in bodies_of(busy) + bodies_of(ended)}
    assert kinds == set(Kind)


def test_leads_to_the_head_in_the_journal(busy: Engine, ended: Engine) -> None:
    for engine in (busy, ended):
        replay, _chunks = replayed(bodies_of(engine))
        assert replay.arrays.head.tolist() == engine.head()


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_size_of_chunks_does_not_matter(busy: Engine, size: int) -> None:
    bodies = bodies_of(busy)
    replay, chunks = replayed(bodies, size)
    whole, at_once = replayed(bodies)

    for name in ("kinds", "days", "ats", "before", "after", "effects"):
        assert np.array_equal(joined(chunks, name), joined(at_once, name))
    assert np.array_equal(replay.arrays.head, whole.arrays.head)
    closes = [close.figures.tolist() for chunk in chunks for close in chunk.closes]
    assert closes == [close.figures.tolist() for close in at_once[1].closes]


def test_an_event_begins_with_the_accounts_that_the_one_before_left(busy: Engine) -> None:
    _replay, chunks = replayed(bodies_of(busy), 64)
    before, after = joined(chunks, "before"), joined(chunks, "after")
    assert not before[0].any()
    assert np.array_equal(before[1:], after[:-1])
    assert after[-1].tolist() == busy.head()[:ACCOUNTS]


def test_a_close_reports_the_head_under_the_day_that_it_closed(busy: Engine) -> None:
    _replay, chunks = replayed(bodies_of(busy), 64)
    days = [
        (int(chunk.days[close.place]), int(close.figures[Head.DAY]))
        for chunk in chunks
        for close in chunk.closes
    ]
    assert [day for day, _figured in days] == [figured for _day, figured in days]
    assert len(days) == busy.head()[Head.DAY] - days[0][0]


def test_some_closes_state_the_order_in_which_orders_mature(busy: Engine) -> None:
    closes = [decode(body) for body in bodies_of(busy) if body[1] == Kind.CLOSE_DAY]
    assert any(close.blob for close in closes)
    assert not all(close.blob for close in closes)


def test_goes_on_where_the_rules_ask_for_room(
    busy: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = bodies_of(busy)
    _replay, roomy = replayed(bodies)
    monkeypatch.setattr(replaying, "EFFECTS_ROOM", 8)

    replay, chunks = replayed(bodies)

    assert np.array_equal(joined(chunks, "effects"), joined(roomy, "effects"))
    assert replay.arrays.head.tolist() == busy.head()


def test_a_missing_event_is_named(busy: Engine) -> None:
    beyond = logged_bodies(busy.id, len(bodies_of(busy)) + 1, busy.alias)
    with pytest.raises(ReplayFailed, match="is missing"):
        list(beyond)


def test_an_event_out_of_its_place_is_named(busy: Engine) -> None:
    bodies = bodies_of(busy)
    refused([*bodies[:5], *bodies[6:]], 5, "says that it is event 6")


def test_bytes_that_are_no_event_are_named(busy: Engine) -> None:
    bodies = bodies_of(busy)
    bodies[9] = bodies[9][:-1]
    refused(bodies, 9, "is unreadable: byte")


def test_only_the_first_event_opens_the_programme(busy: Engine) -> None:
    bodies = bodies_of(busy)
    opening = decode(bodies[0])
    again = encode(*opening._replace(sequence=4))
    refused([*bodies[:4], again, *bodies[5:]], 4, "opens the programme again")
    joins = decode(bodies[2])
    refused([encode(*joins._replace(sequence=0))], 0, "does not open the programme")


def test_parameters_that_break_their_promises_are_named(busy: Engine) -> None:
    bodies = bodies_of(busy)
    blob = decode(bodies[0]).blob.replace(b'"award_rate":"0.7"', b'"award_rate":"0.95"')
    refused(edited(bodies, 0, blob=blob), 0, "carries no valid parameters: .*award_rate")
    refused(edited(bodies, 0, blob=b"{"), 0, "carries no valid parameters")


@pytest.mark.parametrize("number", [0, 2**40])
def test_a_number_that_is_not_next_is_named(busy: Engine, number: int) -> None:
    bodies = bodies_of(busy)
    place = place_of(bodies, Kind.PAY_ORDER)
    ints = (number, *decode(bodies[place]).ints[1:])
    refused(edited(bodies, place, ints=ints), place, "names a number of orders")


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (Kind.PAY_ORDER, 1),
        (Kind.PAY_ORDER, 2),
        (Kind.RECEIVE_ORDER, 0),
        (Kind.REDEEM_POINTS, 0),
        (Kind.REFUND_COINS, 0),
        (Kind.LINK_PARTY, 1),
    ],
)
@pytest.mark.parametrize("number", [2**40, 2**63 - 1])
def test_a_number_that_nobody_has_is_named(
    busy: Engine, kind: Kind, column: int, number: int
) -> None:
    bodies = bodies_of(busy)
    place = place_of(bodies, kind)
    ints = list(decode(bodies[place]).ints)
    ints[column] = number
    refused(edited(bodies, place, ints=tuple(ints)), place, "names a number of .* not there")


def test_a_member_that_joins_later_is_not_there_yet(busy: Engine) -> None:
    bodies = bodies_of(busy)
    place = place_of(bodies, Kind.JOIN_MEMBER)
    refused(edited(bodies, place, ints=(1, 2, 0)), place, "names a number of members")


def test_an_event_that_the_rules_refuse_is_named(busy: Engine) -> None:
    bodies = bodies_of(busy)
    place = place_of(bodies, Kind.WITHDRAW_CASH)
    ints = (decode(bodies[place]).ints[0], 10**15)
    refused(edited(bodies, place, ints=ints), place, "is refused by the rules: CASH_SHORT")


def test_an_event_of_another_day_is_named(busy: Engine) -> None:
    bodies = bodies_of(busy)
    place = place_of(bodies, Kind.PAY_ORDER)
    day = decode(bodies[place]).day + 1
    refused(edited(bodies, place, day=day), place, "is refused by the rules: DAY_NOT_OPEN")


@pytest.mark.parametrize("harm", ["other", "fewer", "odd", "twice"])
def test_a_close_that_matures_other_orders_is_named(busy: Engine, harm: str) -> None:
    bodies = bodies_of(busy)
    place = next(
        place
        for place, body in enumerate(bodies)
        if body[1] == Kind.CLOSE_DAY and decode(body).blob
    )
    blob = decode(bodies[place]).blob
    blobs = {
        "other": struct.pack(">q", 2**40) + blob[8:],
        "fewer": blob[8:],
        "odd": blob + os.urandom(1),
        "twice": blob + blob[:8],
    }
    changed = edited(bodies, place, blob=blobs[harm])
    refused(changed, place, "matures other orders than those that are due")
