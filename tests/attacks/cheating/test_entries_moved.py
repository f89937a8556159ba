"""A48: entries are left out, moved, doubled or cut off, and the log is signed anew.

Each time in two ways: as the hashes were, so that an entry no longer says its own place, and with
every entry behind numbered anew.
"""

import numpy as np
import pytest

from shareback.audit.findings import Finding
from shareback.audit.witness.judging import Refusal, refusal_of
from shareback.kernels.arrays import Integers
from shareback.proofs.canonical import EntryUnreadable, decode, encode
from shareback.proofs.checkpoint import Checkpoint
from shareback.proofs.paths import consistency_proof
from tests.attacks.cheating.conftest import World
from tests.attacks.cheating.prover import Story

EVERY = 25
"""Of so many rewritten logs one is brought before the witnesses as they run."""

OWED = bytes(range(32))
WAYS = ["left out", "swapped", "doubled"]


def order_of(way: str, place: int, size: int) -> Integers:
    """Which entries stand in a log in which one was moved, which has so many at least."""
    numbers = np.arange(size)
    if way == "left out":
        return np.delete(numbers, place)
    if way == "doubled":
        return np.insert(numbers, place, place)
    numbers[[place, place + 1]] = numbers[[place + 1, place]]
    return numbers


def refused(world: World, story: Story, size: int) -> Refusal | None:
    """On what ground witnesses refuse a story, with the best proof that there is."""
    last, owed = world.seen, OWED
    proof = consistency_proof(story.nodes, last.size, size) if size >= last.size else ()
    new = Checkpoint(world.prover.verifier.name, size, story.root(size), owed)
    return refusal_of(last, new, min(last.size, size), proof)


def is_rewritten(found: list[Finding]) -> bool:
    """Whether the verifier says that the kept checkpoint is of another log."""
    return [str(each).partition(":")[0] for each in found] == ["the log was rewritten"]


@pytest.mark.parametrize("way", WAYS)
def test_no_entry_can_be_moved_away_from_its_place(world: World, way: str) -> None:
    size = world.saved_size
    kept = world.prover.story.root(size)
    for place in range(size - 1):
        order = order_of(way, place, size + 1)
        assert is_rewritten(world.told(world.prover.retold(order))), place
        assert world.prover.rehashed(order[:size]) != kept, place
    # The same comparisons pass where nothing was moved.
    assert world.told(world.prover.retold(np.arange(size))) == []
    assert world.prover.rehashed(np.arange(size)) == kept


@pytest.mark.parametrize("way", WAYS)
def test_and_no_witness_cosigns_what_comes_of_it(world: World, way: str) -> None:
    for place in range(1, world.saved_size, EVERY):
        story = world.prover.retold(order_of(way, place, world.prover.story.size))
        assert refused(world, story, world.last_size) is Refusal.OTHER_ROOT
        assert refused(world, story, story.size) is Refusal.NOT_SHOWN
        if place % (8 * EVERY) == 1:
            last = world.last_size
            assert world.answers(story.asks(last, last, OWED)) == [409, 409]
            assert world.answers(story.asks(last, story.size, OWED)) == [422, 422]


def test_a_log_cut_off_at_any_size_is_told_by_what_was_kept_or_seen(world: World) -> None:
    honest = world.prover.story
    last = world.seen
    for size in range(last.size):
        is_short = size < world.saved_size
        kept = {} if is_short else {world.saved_size: honest.root(world.saved_size)}
        found = [str(each).partition(":")[0] for each in world.compared(kept, size)]
        # One that has all that the kept checkpoint has is for whoever saw more of it.
        assert found == (["the log was cut off or rewritten"] if is_short else [])
        new = Checkpoint(world.prover.verifier.name, size, honest.root(size), OWED)
        assert refusal_of(last, new, last.size, ()) is Refusal.OLD_TOO_LARGE
        for old in {0, size // 2, size}:
            proof = consistency_proof(honest.nodes, old, size) if size % EVERY == 0 else ()
            assert refusal_of(last, new, old, proof) is Refusal.OLD_DIFFERS
        if size % (8 * EVERY) == 0:
            assert world.answers(honest.asks(size, size, OWED)) == [409, 409]


def test_a_log_that_goes_on_otherwise_after_it_was_cut_off_is_no_longer_the_same(
    world: World,
) -> None:
    """The tail is cut off at every 25th size, and other entries are put behind it."""
    honest = world.prover.story
    for size in range(1, world.last_size, EVERY):
        # From the end of the log backwards, so that each of them stands elsewhere.
        tail = np.arange(honest.size - 1, honest.size - 1 - (honest.size - size), -1)
        story = world.prover.retold(np.concatenate([np.arange(size), tail]))
        assert is_rewritten(world.told(story)) == (size < world.saved_size)
        assert refused(world, story, world.last_size) is Refusal.OTHER_ROOT
        assert refused(world, story, story.size) is Refusal.NOT_SHOWN


def changed(body: bytes) -> bytes:
    """An entry that was accepted a microsecond later; of the others every figure stays."""
    entry = decode(body)
    return encode(*entry._replace(at=entry.at + 1))


def test_a_log_rebuilt_after_a_change_at_every_25th_entry_is_told_and_cosigned_by_nobody(
    world: World,
) -> None:
    places = range(0, world.saved_size, EVERY)
    assert len(places) >= 40
    for place in places:
        story = world.prover.changed(place, changed(world.prover.story.each[place]))
        assert story.root(place) == world.prover.story.root(place)
        assert is_rewritten(world.told(story)), place
        last = world.last_size
        assert world.answers(story.asks(last, last, OWED)) == [409, 409]
        assert world.answers(story.asks(last, story.size, OWED)) == [422, 422]


def test_what_stands_behind_the_kept_checkpoint_is_for_the_witnesses_to_tell(
    world: World,
) -> None:
    place = world.saved_size + 5
    story = world.prover.changed(place, changed(world.prover.story.each[place]))
    assert world.told(story) == []
    last = world.last_size
    assert world.answers(story.asks(last, last, OWED)) == [409, 409]
    assert world.answers(story.asks(last, story.size, OWED)) == [422, 422]


def test_an_entry_that_says_another_place_than_its_own_is_read_by_nobody(world: World) -> None:
    body = world.prover.story.each[300]
    with pytest.raises(EntryUnreadable):
        decode(body[:-1])
    story = world.prover.changed(301, body)
    assert len(world.forger.closes(story)) < len(world.forger.honest)
