"""A log of more than a thousand entries that two witnesses have seen, made once a session."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from shareback.audit.findings import Finding
from shareback.audit.vouching import Vouching
from shareback.audit.witness.identity import read_identity
from shareback.audit.witness.judging import Last
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.proving.keys import signing_keys, verifier_of
from shareback.engine.proving.log_tree import LogTree
from shareback.gateways.witnesses import Asking
from shareback.journal.models import Checkpoint, Programme, Witness
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.notes import Verifier, read_note
from tests.attacks.cheating.forging import Bribed, Forger
from tests.attacks.cheating.prover import Prover, Story
from tests.audit.logs import Running, witnessing
from tests.backends.journals import forget, register
from tests.backends.once import Once
from tests.engine.busy import busy_programme

ALIAS = "cheating"
SAVED = 1_000
"""The checkpoint that somebody has kept has at least as many entries."""


class World(NamedTuple):
    """A programme, those who watch it, and what somebody has kept of it.

    Attributes:
        prover: The programme, which cheats.
        forger: Writes its exports.
        witnesses: Two, neither of which is the programme's.
        saved: The checkpoint that was kept, without the lines of witnesses.
        saved_size: How many entries it has.
        last_size: How many the last checkpoint has, which both witnesses have cosigned.
        http: Asks the witnesses.
        folder: Where the witnesses keep their files.
    """

    prover: Prover
    forger: Forger
    witnesses: tuple[Running, Running]
    saved: str
    saved_size: int
    last_size: int
    http: httpx.Client
    folder: Path

    @property
    def keys(self) -> list[Verifier]:
        """All keys that somebody who watches it may trust."""
        return [self.prover.verifier, *(one.key for one in self.witnesses)]

    def answers(self, body: bytes) -> list[int]:
        """What each witness answers to whoever asks it for a cosignature."""
        return [
            self.http.post(f"{one.url}/add-checkpoint", content=body).status_code
            for one in self.witnesses
        ]

    @property
    def seen(self) -> Last:
        """What both witnesses have seen last."""
        note = self.prover.notes[self.last_size]
        last = read_checkpoint(read_note(note).text)
        return Last(last.size, last.root, last.liabilities, note)

    def told(self, story: Story) -> list[Finding]:
        """What the verifier says of a story to whoever has kept the checkpoint."""
        size = self.saved_size
        roots = {size: story.root(size)} if story.size >= size else {}
        return self.compared(roots, story.size)

    def compared(self, roots: dict[int, bytes], events: int) -> list[Finding]:
        """As `told`, of a log of so many entries and these roots."""
        return Vouching([self.prover.verifier], roots, []).saved(self.saved, [], events)

    def bribed(self, place: int) -> Bribed:
        """One of the witnesses, whose key somebody has got hold of."""
        name = self.witnesses[place].key.name
        key = read_identity(self.folder / name.rpartition("/")[2] / "key")
        return Bribed(name, key.secret)


class Key(NamedTuple):
    """The programme, as a witness' list of logs names it."""

    verifier: Verifier


@pytest.fixture(scope="session")
def world(
    once: Once, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> World:
    """The programme, its witnesses and a checkpoint that was kept."""
    folder = tmp_path_factory.mktemp("cheating")
    return once.entered("cheating", lambda: watched(folder, django_db_blocker))


@contextmanager
def watched(folder: Path, blocker: DjangoDbBlocker) -> Iterator[World]:
    """A programme that has lived under the eyes of two witnesses; it needs only SQLite."""
    register(ALIAS, f"sqlite://{folder / 'journal.sqlite3'}")
    with blocker.unblock(), ExitStack() as stack:
        stack.callback(forget, ALIAS)
        call_command("migrate", "journal", database=ALIAS, verbosity=0)
        engine = busy_programme("watched", ALIAS, seed=6, days=16, count=110)
        (key,) = signing_keys(engine.id, ALIAS)
        draw_up(engine.id, ALIAS)
        running = []
        for name in ("witness.example/one", "witness.example/two"):
            place = folder / name.rpartition("/")[2]
            place.mkdir()
            one = stack.enter_context(witnessing(place, [Key(verifier_of(key))], name=name))
            Witness.objects.using(ALIAS).create(
                programme_id=engine.id, name=name, url=one.url, public=one.key.key
            )
            running.append(one)
        ask_everybody(engine.id)
        prover = Prover(engine)
        forger = Forger(prover, [one.key for one in running])
        kept = min(size for size in prover.notes if size >= SAVED)
        row = Checkpoint.objects.using(ALIAS).get(programme_id=engine.id, size=kept)
        http = stack.enter_context(httpx.Client(timeout=60))
        one, other = running
        yield World(prover, forger, (one, other), row.note, kept, max(prover.notes), http, folder)


def ask_everybody(programme: int) -> None:
    """Let the witnesses cosign every checkpoint in turn, as the programme asks them."""
    head = Programme.objects.using(ALIAS).get(pk=programme)
    rows = Checkpoint.objects.using(ALIAS).filter(programme_id=programme)
    asking = Asking(ALIAS, to_private=True)
    for row in rows.order_by("day"):
        tree = LogTree(head, row.size, ALIAS)
        outcomes = asking.ask(programme, row.note, tree.node)
        assert [one.fault for one in outcomes] == ["", ""]
