"""Open a programme in the journal, and read its parameters back."""

import hashlib
import json
from typing import Any, NamedTuple

import numpy as np
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from shareback.engine.calendar import Calendar
from shareback.engine.salts import RandomSalts, SaltSource
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Programme as Journaled
from shareback.journal.models import Terms
from shareback.journal.shapes import EVENT
from shareback.journal.storage import storage_for
from shareback.proofs.canonical import encode
from shareback.proofs.commitment import leaf_salt
from shareback.proofs.merkle import EMPTY, append, frontier_to_bytes, leaf_hash
from shareback.rules.decide import open_head
from shareback.rules.kinds import Kind
from shareback.rules.layout import Row, Term
from shareback.rules.programme import Programme


class ProgrammeExists(Exception):
    """A programme of this name is in the journal already."""


def open_programme(
    programme: Programme,
    at: int,
    alias: str = DEFAULT_DB_ALIAS,
    salts: SaltSource | None = None,
) -> int:
    """Write a programme's first event: its parameters.

    Args:
        programme: The parameters; they have been checked.
        at: When it opens, µs UTC; its local day is the first open day.
        alias: Which of Django's databases takes it.
        salts: Where its key comes from; random where nothing is said.

    Returns:
        The programme's number in the database.

    Raises:
        ProgrammeExists: There is one of this name.
        ValidationError: The parameters break a promise after all, since a copy of some that were
            checked was changed without a check.
    """
    programme = Programme.model_validate_json(programme.canonical())
    key = (salts or RandomSalts()).key()
    day = Calendar(programme.timezone).day_of(at)
    head = dict(zip(HEAD_COLUMNS, open_head(programme.terms_row(), day), strict=True))
    parameters = programme.canonical()
    body = encode(Kind.OPEN_PROGRAMME, 0, day, at, (), blob=parameters)
    tree = append(EMPTY, leaf_hash(leaf_salt(key, 0) + body))
    fields = {"key": key, "frontier": frontier_to_bytes(tree), **head}
    try:
        with transaction.atomic(using=alias):
            return write_opening(programme.name, fields, parameters, body, alias)
    except IntegrityError:
        # The name is taken; whoever else opened it may have been at it just now.
        if Journaled.objects.using(alias).filter(name=programme.name).exists():
            raise ProgrammeExists(programme.name) from None
        raise


def write_opening(
    name: str, fields: dict[str, Any], parameters: bytes, body: bytes, alias: str
) -> int:
    """Write a programme's row, its first terms and its first event; returns its number."""
    row = Journaled.objects.using(alias).create(name=name, **fields)
    Terms.objects.using(alias).create(
        programme_id=row.pk, version=0, parameters=parameters.decode()
    )
    storage = storage_for(connections[alias])
    storage.insert(EVENT, row.pk, np.zeros((1, 1), np.int64), [[body]])
    return int(row.pk)


class Version(NamedTuple):
    """A version of a programme's parameters, and the local day from which it holds."""

    programme: Programme
    from_day: int

    def row(self) -> Row:
        """The parameters as the rules take them."""
        terms = self.programme.terms_row()
        terms[Term.FROM_DAY] = self.from_day
        return terms


def load_terms(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[Version]:
    """All versions of a programme's parameters, by version."""
    rows = Terms.objects.using(alias).filter(programme_id=programme).order_by("version")
    return [
        Version(Programme.model_validate(json.loads(row.parameters)), row.from_day) for row in rows
    ]


def seed_of(digest: str, programme: Programme) -> bytes:
    """A seed that follows from a file and the parameters, for a test issuer's salts."""
    return hashlib.sha256(digest.encode() + programme.canonical()).digest()
