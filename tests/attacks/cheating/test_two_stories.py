"""A49: two members are shown two logs; a bribed witness helps nobody while another looks."""

from pathlib import Path

import pytest

from shareback.audit.findings import Finding
from shareback.audit.verifying import verify_export
from shareback.audit.vouching import Published, told_otherwise
from shareback.proofs.canonical import decode, encode
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.notes import read_note, vouched
from shareback.rules.kinds import Kind
from tests.attacks.cheating.conftest import World
from tests.attacks.cheating.prover import Story


def otherwise(world: World, place: int) -> tuple[int, Story]:
    """A story that the rules take: from a place on, the next order has another outside id."""
    bodies = world.prover.story.each
    while decode(bodies[place]).kind is not Kind.PAY_ORDER:
        place += 1
    entry = decode(bodies[place])
    body = encode(*entry._replace(commitment=bytes(reversed(entry.commitment))))
    return place, world.prover.changed(place, body)


def rewritten(found: tuple[Finding, ...]) -> bool:
    """Whether a log is told from the one whose checkpoint was kept, and nothing else is wrong."""
    return [str(each).partition(":")[0] for each in found] == ["the log was rewritten"]


def test_two_members_who_compare_what_they_were_shown_have_the_proof(
    world: World, tmp_path: Path
) -> None:
    _place, berts = otherwise(world, 400)
    annas = world.forger.write(world.prover.story, tmp_path / "anna")
    theirs = world.forger.write(berts, tmp_path / "bert")
    key = [world.prover.verifier]
    assert verify_export(annas, keys=key).passed
    assert verify_export(theirs, keys=key).passed
    closes = [close for close in world.forger.closes(berts) if close.size > 400]
    # Each has kept a checkpoint of the same size as the other, or of another one.
    for close in closes[:: len(closes) // 3]:
        note = berts.note(close.size, close.owed.digest())
        assert rewritten(verify_export(annas, note, key).findings), close.size
        assert rewritten(verify_export(theirs, world.prover.notes[close.size], key).findings)


@pytest.mark.parametrize("place", [1, 400])
def test_whom_no_second_member_is_there_for_a_witness_tells_the_second_story(
    world: World, place: int
) -> None:
    _place, berts = otherwise(world, place)
    owed, last = world.forger.honest[-1].owed.digest(), world.last_size
    assert world.answers(berts.asks(last, last, owed)) == [409, 409]
    for larger in range(last + 1, berts.size, 7):
        assert world.answers(berts.asks(last, larger, owed)) == [422, 422]
    for smaller in range(place, last, 101):
        assert world.answers(berts.asks(smaller, smaller, owed)) == [409, 409]
        assert world.answers(berts.asks(0, smaller, owed)) == [409, 409]


def test_two_tales_of_what_is_owed_over_one_log_are_two_stories(world: World) -> None:
    story, last = world.prover.story, world.last_size
    less = world.forger.honest[-1].owed
    less = less._replace(reserve=less.reserve - 1)
    assert world.answers(story.asks(last, last, less.digest())) == [409, 409]
    note = story.note(last, less.digest())
    kept = read_checkpoint(read_note(world.prover.notes[last]).text)
    (finding,) = told_otherwise(kept, [Published(less.day, last, less.to_bytes(), note)])
    assert "has other liabilities than the export at its" in str(finding)


@pytest.mark.parametrize(("bribed", "honest"), [(0, 1), (1, 0)])
def test_one_bribed_witness_does_not_help(
    world: World, tmp_path: Path, bribed: int, honest: int
) -> None:
    place, story = otherwise(world, 400)
    folder = world.forger.write(story, tmp_path, [world.bribed(bribed)])
    corrupt, upright = (world.witnesses[each].key for each in (bribed, honest))

    # Whoever trusts that one alone is cheated.
    found = verify_export(folder, keys=[world.prover.verifier, corrupt])
    assert found.passed
    assert found.vouched[corrupt] == world.last_size

    # The other has vouched for nothing behind the change, and will not.
    found = verify_export(folder, keys=world.keys)
    assert found.vouched[upright] <= place
    owed, last = world.forger.closes(story)[-1].owed.digest(), world.last_size
    assert world.answers(story.asks(last, last, owed))[honest] == 409
    assert world.answers(story.asks(last, story.size, owed))[honest] == 422
    note = read_note(
        f"{story.note(last, owed)}{world.bribed(bribed).line(text_of(story, owed, last))}"
    )
    assert vouched(note, [corrupt, upright]) == [corrupt]


def text_of(story: Story, owed: bytes, size: int) -> str:
    """The text of a story's checkpoint."""
    return read_note(story.note(size, owed)).text


def test_a_line_that_a_witness_wrote_under_the_honest_log_serves_no_other(
    world: World, tmp_path: Path
) -> None:
    _place, story = otherwise(world, 1)
    folder = world.forger.write(story, tmp_path, [world.bribed(0)])
    upright = world.witnesses[1].key
    (finding,) = verify_export(folder, keys=world.keys).findings
    assert str(finding) == f"the key of {upright.name} vouches for no checkpoint"
