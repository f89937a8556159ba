"""A programme that cheats: it holds its database and its signing key, and changes what it likes.

What it does not hold are the keys of its witnesses, and checkpoints that others have kept.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from shareback.audit.reading import decoded_runs
from shareback.engine.engine import Engine
from shareback.engine.proving.accounts import whole_note
from shareback.engine.proving.keys import signed, verifier_of
from shareback.engine.reading import bodies_between
from shareback.journal.models import Checkpoint, LogKey
from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import (
    Bodies,
    Events,
    append_words,
    encode_batch,
    salt_words,
    salted_leaves,
)
from shareback.kernels.sha256 import WordArray
from shareback.proofs.checkpoint import Checkpoint as Text
from shareback.proofs.commitment import LEAF_LABEL
from shareback.proofs.merkle import EMPTY, root
from shareback.proofs.notes import Verifier
from shareback.proofs.paths import consistency_proof
from shareback.rules.layout import Head
from tests.audit.logs import asking

SPARE = 8


class Prover:
    """A programme, and all that it has.

    Attributes:
        engine: It.
        keys: Its signing keys.
        story: Its log as it is.
        trees: Its log's tree at each size.
        notes: By the log's size, its checkpoints with the lines of its witnesses.
    """

    def __init__(self, engine: Engine) -> None:
        """Read everything once."""
        self.engine = engine
        keys = LogKey.objects.using(engine.alias).filter(programme_id=engine.id)
        self.keys = list(keys.order_by("-number"))
        bodies = bodies_between(engine.id, 0, engine.head()[Head.SEQUENCE], engine.alias)
        # One for each place, and some to spare: whoever moves entries needs the same again.
        numbers = np.arange(len(bodies) + SPARE)
        self.salts = salt_words(engine.key, LEAF_LABEL, numbers)
        self.story = Story(self, joined(bodies))
        self.trees = [EMPTY]
        for leaf in self.story.leaves:
            self.trees.append(append_words(self.trees[-1], leaf[None].copy()))
        rows = Checkpoint.objects.using(engine.alias).filter(programme_id=engine.id)
        self.notes = {row.size: whole_note(row, engine.alias) for row in rows.order_by("size")}
        self.owed = {row.size: bytes(row.liabilities) for row in rows}

    @property
    def verifier(self) -> Verifier:
        """The key by which others know it."""
        return verifier_of(self.keys[0])

    def retold(self, order: Integers) -> "Story":
        """Its log with entries left out, moved or doubled, each numbered by its new place.

        Args:
            order: For each place of the new log, which entry of the old stands there.
        """
        events = self.story.events
        blobs = dict(events.blobs)
        moved = Events(
            kinds=events.kinds[order],
            days=events.days[order],
            ats=events.ats[order],
            counts=events.counts[order],
            ints=events.ints[order],
            commitments=events.commitments[order],
            committed=events.committed[order],
            blobs=[(new, blobs[old]) for new, old in enumerate(order.tolist()) if old in blobs],
        )
        same = int((order != np.arange(len(order))).argmax())
        return Story(self, encode_batch(moved, 0), same)

    def rehashed(self, order: Integers) -> bytes:
        """The root of its leaves in another order, each as it was."""
        same = int((order != np.arange(len(order))).argmax())
        return root(append_words(self.trees[same], self.story.leaves[order[same:]]))

    def changed(self, place: int, body: bytes) -> "Story":
        """Its log with another entry in a place."""
        bodies = self.story.each
        return Story(self, joined([*bodies[:place], body, *bodies[place + 1 :]]), place)


class Story:
    """A log as a programme tells it, with a proper salt for each entry."""

    def __init__(self, prover: Prover, bodies: Bodies, same: int = 0) -> None:
        """Tell it by the canonical bytes of its entries.

        Args:
            prover: Whose log it is.
            bodies: Its entries.
            same: So many of the first are those of the honest log, and are hashed already.
        """
        self.prover = prover
        self.bodies = bodies
        self.same = same
        self.size = len(bodies.offsets) - 1

    @cached_property
    def each(self) -> list[bytes]:
        """The canonical bytes of each entry."""
        text = self.bodies.buffer.tobytes()
        return [text[start:end] for start, end in pairwise(self.bodies.offsets.tolist())]

    @cached_property
    def events(self) -> Events:
        """Its entries, column by column."""
        (run,) = decoded_runs([self.each])
        return run.events

    @property
    def salts(self) -> WordArray:
        """The salts of its leaves."""
        return self.prover.salts[: self.size]

    @cached_property
    def leaves(self) -> WordArray:
        """The hashes of its leaves."""
        rest = Bodies(self.bodies.buffer, self.bodies.offsets[self.same :])
        leaves = salted_leaves(self.salts[self.same :], rest)
        if self.same == 0:
            return leaves
        return np.concatenate([self.prover.story.leaves[: self.same], leaves])

    def root(self, size: int) -> bytes:
        """The root over its first entries."""
        same = min(self.same, size)
        return root(append_words(self.prover.trees[same], self.leaves[same:size].copy()))

    def nodes(self, level: int, place: int) -> bytes:
        """The root of one of its perfect subtrees."""
        return root(append_words(EMPTY, self.leaves[place << level : place + 1 << level].copy()))

    def note(self, size: int, owed: bytes) -> str:
        """A checkpoint of its first entries that the programme's own keys have signed.

        Args:
            size: How many.
            owed: The digest of what it says that it owes.
        """
        text = Text(self.prover.verifier.name, size, self.root(size), owed).to_text()
        return signed(text, self.prover.keys)

    def asks(self, old: int, size: int, owed: bytes) -> bytes:
        """What a witness is asked, with the best proof that there is."""
        return asking(old, consistency_proof(self.nodes, old, size), self.note(size, owed))


def joined(bodies: Iterable[bytes]) -> Bodies:
    """Canonical bytes, one after another."""
    parts: Sequence[bytes] = list(bodies)
    offsets = np.cumsum(np.array([0, *map(len, parts)], np.int64))
    return Bodies(np.frombuffer(bytearray(b"".join(parts)), np.uint8), offsets)
