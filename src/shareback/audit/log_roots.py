"""The roots of a log at every close and at every size that somebody vouches for."""

from collections.abc import Iterable

import numpy as np

from shareback.audit.export_reading import Salted
from shareback.kernels.hashing import append_words, salted_leaves
from shareback.proofs.merkle import EMPTY, Frontier, root
from shareback.rules.kinds import Kind


class LogRoots:
    """Follows the log's tree.

    Attributes:
        roots: By the log's size, its root; for every close, every size asked for, and the end.
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        """Start before the first event.

        Args:
            sizes: Whose roots are asked for.
        """
        self.sizes = np.unique(np.array(list(sizes), np.int64))
        self.tree: Frontier = EMPTY
        self.roots: dict[int, bytes] = {0: root(EMPTY)}

    def take(self, salted: Salted) -> None:
        """Append a run of events."""
        run, first = salted.run, salted.run.first
        leaves = salted_leaves(salted.salts, run.bodies)
        end = first + len(leaves)
        closes = first + 1 + np.flatnonzero(run.events.kinds == Kind.CLOSE_DAY)
        asked = self.sizes[(self.sizes > first) & (self.sizes < end)]
        start = first
        for size in np.unique(np.concatenate([closes, asked, [end]])).tolist():
            self.tree = append_words(self.tree, leaves[start - first : size - first])
            self.roots[size] = root(self.tree)
            start = size
