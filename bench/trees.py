"""The tree of accounts, with a million of them: drawn up whole, touched, and proved from."""

import time
from statistics import median
from typing import NamedTuple

import numpy as np
from django.core.management import call_command
from django.db import transaction

from bench import worlds
from shareback.audit.account_heap import AccountHeap
from shareback.engine.opening import open_programme
from shareback.engine.proving.blocks import StoredTree
from shareback.engine.proving.checkpoints import permutation, places_in
from shareback.kernels.arrays import Integers
from shareback.kernels.sums import ACCOUNT_COLUMNS, Nodes, account_nodes, node_of, to_bytes
from shareback.proofs.places import height_for
from shareback.proofs.sum_tree import AccountKind

ACCOUNTS = 1_000_000
TOUCHED = 10_000
PROOFS = 200
ROUNDS = 5
KEY = bytes(range(32))


class InMemory(NamedTuple):
    """Seconds for a tree in memory: drawn up whole, and after some of it was touched."""

    whole: float
    touched: float


class Stored(NamedTuple):
    """Seconds for a tree in a database: drawn up whole, touched, and one proof from it.

    Attributes:
        whole: Put together and written.
        touched: A fresh process reads what it needs, puts in the touched and writes.
        proof: A fresh process reads a path; the median.
    """

    whole: float
    touched: float
    proof: float


class Crowd:
    """A million accounts, and days on which ten thousand of them are touched."""

    def __init__(self) -> None:
        """Draw everybody's figures; every day draws from the same stream."""
        self.chance = np.random.default_rng(7)
        self.height = height_for(ACCOUNTS, 0)
        self.places = permutation(KEY, self.height)
        self.table = self.drawn(np.arange(1, ACCOUNTS + 1))

    def drawn(self, numbers: Integers) -> Integers:
        """Members with some figures: int64[n, ACCOUNT_COLUMNS]."""
        table = self.chance.integers(0, 10**12, (len(numbers), ACCOUNT_COLUMNS))
        table[:, 0], table[:, 1] = AccountKind.MEMBER, numbers
        return table

    def touched(self) -> Integers:
        """Those of one day, in their new state."""
        return self.drawn(self.chance.choice(ACCOUNTS, TOUCHED, replace=False) + 1)

    def leaves(self, table: Integers) -> tuple[Integers, Nodes]:
        """Accounts as leaves: where they stand, and they."""
        return places_in(self.places, table), account_nodes(KEY, table)


def in_memory(crowd: Crowd) -> InMemory:
    """Draw the tree up in memory, salts and places of leaves included."""
    whole, touched = [], []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        heap = AccountHeap(crowd.height)
        heap.put(*crowd.leaves(crowd.table))
        whole.append(time.perf_counter() - start)
        day = crowd.touched()
        start = time.perf_counter()
        heap.put(*crowd.leaves(day))
        touched.append(time.perf_counter() - start)
    return InMemory(median(whole), median(touched))


def stored(crowd: Crowd, alias: str) -> Stored:
    """Draw the tree up in an empty database, as a close does from the touched accounts."""
    call_command("migrate", database=alias, verbosity=0)
    programme = open_programme(worlds.PROGRAMME, worlds.START_AT, alias=alias, salts=worlds.SALTS)
    start = time.perf_counter()
    with transaction.atomic(alias):
        tree = StoredTree(programme, alias, crowd.height)
        tree.put(*crowd.leaves(crowd.table))
        tree.write()
    whole = time.perf_counter() - start
    top = node_of(to_bytes(tree.top))
    touched = []
    for _round in range(ROUNDS):
        day = crowd.touched()
        start = time.perf_counter()
        with transaction.atomic(alias):
            tree = StoredTree(programme, alias, crowd.height, top)
            tree.put(*crowd.leaves(day))
            tree.write()
        touched.append(time.perf_counter() - start)
        top = node_of(to_bytes(tree.top))
    proofs = []
    for place in crowd.chance.choice(1 << crowd.height, PROOFS).tolist():
        start = time.perf_counter()
        StoredTree(programme, alias, crowd.height, top).path(place)
        proofs.append(time.perf_counter() - start)
    return Stored(whole, median(touched), median(proofs))
