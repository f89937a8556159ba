"""See that every event of a replay balances."""

import numpy as np

from shareback.audit.replaying import Chunk
from shareback.books.accounts import CHART, Unit
from shareback.books.entries import entries
from shareback.rules.kinds import Kind


def check_balance(chunk: Chunk) -> None:
    """Raise where an event of a chunk does not balance."""
    signed = (chunk.after - chunk.before) * [account.sign for account in CHART]
    for unit in Unit:
        columns = [account.column for account in CHART if account.unit is unit]
        for place in np.flatnonzero(signed[:, columns].sum(axis=1))[:1].tolist():
            kind = Kind(chunk.kinds[place])
            entries(kind, chunk.before[place].tolist(), chunk.after[place].tolist())
