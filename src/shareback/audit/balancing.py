"""See that every event of a replay balances."""

from shareback.audit.replaying import Chunk
from shareback.books.entries import entries
from shareback.kernels.balances import BALANCED, first_unbalanced
from shareback.rules.kinds import Kind


def check_balance(chunk: Chunk) -> None:
    """Raise where an event of a chunk does not balance.

    Raises:
        Unbalanced: One does not.
    """
    place = first_unbalanced(chunk.before, chunk.after)
    if place != BALANCED:
        kind = Kind(chunk.kinds[place])
        entries(kind, chunk.before[place].tolist(), chunk.after[place].tolist())
