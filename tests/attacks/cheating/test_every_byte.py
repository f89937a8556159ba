"""A47: a bit of each byte of a thousand entries is turned, and the log is signed anew.

The programme's own key makes the rewritten log agree with itself. What it cannot make is another
log with the root that somebody has kept, or that a witness has seen.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shareback.audit.verifying import verify_export
from shareback.engine.proving.log_tree import LogTree
from shareback.journal.models import Programme
from shareback.proofs.canonical import EntryUnreadable, decode
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.commitment import leaf_salt
from shareback.proofs.merkle import leaf_hash
from shareback.proofs.notes import read_note
from shareback.proofs.paths import ProofWrong, check_inclusion, inclusion_proof
from shareback.rules.kinds import Kind
from tests.attacks.cheating.conftest import World
from tests.attacks.cheating.prover import Story

SAMPLE, OF_A_KIND = 40, 3
BYTES_LEAST = 60_000
REWRITTEN = "the log was rewritten: its first "


class Flip(NamedTuple):
    """An entry of which one bit is turned."""

    place: int
    kind: Kind
    body: bytes


def turned(entry: bytes, place: int) -> bytes:
    """An entry with a bit of one byte turned; with the place another of the eight."""
    return entry[:place] + bytes([entry[place] ^ 1 << place % 8]) + entry[place + 1 :]


def test_no_byte_of_a_thousand_entries_can_be_changed(world: World) -> None:
    kept = read_checkpoint(read_note(world.saved).text)
    engine = world.prover.engine
    head = Programme.objects.using(engine.alias).get(pk=engine.id)
    tree = LogTree(head, kept.size, engine.alias)
    tried, bits, slipped = 0, Counter[int](), []
    for index in range(kept.size):
        entry = leaf_salt(engine.key, index) + world.prover.story.each[index]
        path = inclusion_proof(tree.node, index, kept.size)
        # Nothing but the turned bit is at fault.
        check_inclusion(leaf_hash(entry), index, kept.size, path, kept.root)
        for place in range(len(entry)):
            try:
                check_inclusion(leaf_hash(turned(entry, place)), index, kept.size, path, kept.root)
            except ProofWrong:
                continue
            finally:
                tried += 1
                bits[place % 8] += 1
            slipped.append((index, place))
    assert slipped == []
    assert tried >= BYTES_LEAST
    assert min(bits[bit] for bit in range(8)) > BYTES_LEAST // 10


def flips(story: Story, size: int) -> Iterator[Flip]:
    """Turned bits that leave an entry of its place which can be read, a few of each kind."""
    taken = Counter[Kind]()
    for place in range(size - 1, 0, -1):
        body = story.each[place]
        kind = Kind(body[1])
        if taken[kind] == OF_A_KIND:
            continue
        # Each time that a kind comes again, its bits are turned from further on.
        for at in range(7 * taken[kind] + 8, len(body)):
            other = turned(body, at)
            with suppress(EntryUnreadable):
                entry = decode(other)
                if (entry.kind, entry.sequence) == (kind, place):
                    taken[kind] += 1
                    yield Flip(place, kind, other)
                    break


def test_a_log_that_was_signed_anew_over_one_turned_bit_is_told_and_cosigned_by_nobody(
    world: World, tmp_path: Path
) -> None:
    chosen = list(flips(world.prover.story, world.saved_size))[:SAMPLE]
    assert len(chosen) == SAMPLE
    assert len({flip.kind for flip in chosen}) > 12
    accepted = 0
    for flip in chosen:
        story = world.prover.changed(flip.place, flip.body)
        folder = world.forger.write(story, tmp_path)
        found = verify_export(folder, world.saved, [world.prover.verifier]).findings
        told = [str(each) for each in found if str(each).startswith(REWRITTEN)]
        assert len(told) == 1, flip
        # Where only what was kept tells it, the rules and the signatures take the other log.
        accepted += len(found) == 1
        owed = world.forger.honest[-1].owed.digest()
        assert world.answers(story.asks(world.last_size, world.last_size, owed)) == [409, 409]
        assert world.answers(story.asks(world.last_size, story.size, owed)) == [422, 422]
    assert 5 <= accepted < SAMPLE


def test_who_has_kept_nothing_and_asks_no_witness_is_told_nothing(
    world: World, tmp_path: Path
) -> None:
    """As docs/reference/export.md says. Here the suite's verifier passes on a rewritten log."""
    story, place = world.prover.story, 200
    while decode(story.each[place]).kind is not Kind.PAY_ORDER:
        place += 1
    entry = decode(story.each[place])
    commitment = entry.commitment[:-1] + bytes([entry.commitment[-1] ^ 1])
    body = story.each[place].replace(entry.commitment, commitment)
    rewritten = world.prover.changed(place, body)
    folder = world.forger.write(rewritten, tmp_path)

    alone = verify_export(folder, keys=[world.prover.verifier])
    assert alone.passed
    assert alone.root != story.root(story.size)
    # Whoever has kept a checkpoint of the rewritten log is told nothing either.
    closes = {close.size: close for close in world.forger.closes(rewritten)}
    own = rewritten.note(world.saved_size, closes[world.saved_size].owed.digest())
    assert verify_export(folder, own, [world.prover.verifier]).passed
    (finding,) = verify_export(folder, world.saved, [world.prover.verifier]).findings
    assert str(finding).startswith(REWRITTEN)


def test_the_honest_log_agrees_with_everybody(world: World, tmp_path: Path) -> None:
    folder = world.forger.write(world.prover.story, tmp_path)
    found = verify_export(folder, world.saved, world.keys)
    assert found.passed
    assert set(found.vouched.values()) == {world.last_size}
    assert world.told(world.prover.story) == []
