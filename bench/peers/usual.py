"""Shareback's rules and rows written the usual way: one transaction an order, plain integers.

What both databases share. An order is paid, and later matures, each in a transaction of its own:
lock the programme's row and the member's, compute, write the rows, commit. The tables, their
indexes and constraints, the event's bytes and the log are the engine's own; the rules are written
down once more here, for an order's straight way only. Whatever the benchmark's world never has
(linked parties, receivables, forced exits, tiers) is looked for and raises `Unmeasured`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import Any

from bench.peers import usual_statements as sql
from bench.peers.usual_rules import (
    ABSENT,
    PPM,
    RANGE,
    SCALE,
    Holder,
    Pool,
    Shares,
    Terms,
    Unmeasured,
    awarded,
    exit_key,
    points_for,
    split,
    touched,
)
from shareback.engine.commands import PayOrder
from shareback.journal.heads import HEAD_COLUMNS
from shareback.proofs.canonical import encode
from shareback.proofs.commitment import commit, leaf_salt
from shareback.proofs.merkle import (
    append,
    frontier_from_bytes,
    frontier_to_bytes,
    leaf_hash,
    root,
)
from shareback.rules.kinds import Kind


class Usual(ABC):
    """One programme on one connection, the usual way."""

    def __init__(self, programme: int, terms: Terms) -> None:
        """Know the programme's number and parameters; the connection is the subclass's."""
        self.programme = programme
        self.terms = terms
        self.key = bytes(self.one(sql.SELECT_KEY, (programme,))[0])

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """A transaction; durable when the block ends."""

    @abstractmethod
    def one(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
        """The only row of a query."""

    @abstractmethod
    def every(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    @abstractmethod
    def run(self, statement: str, values: Sequence[Any]) -> None:
        """Write one row."""

    @abstractmethod
    def disconnect(self) -> None:
        """Let go of the database."""

    def pay(self, order: PayOrder) -> None:
        """Pay an order (R6.1): order, event and head in one transaction."""
        here, terms = self.programme, self.terms
        with self.transaction():
            day, sequence, frontier, escrow, bank, granted, pending, orders, waiting, phase = (
                self.one(sql.SELECT_HEAD, (here,))
            )
            number, referrer, party, salt = self.one(sql.SELECT_BUYER, (here, order.member_id))
            profit = ABSENT if order.profit_uyuan is None else order.profit_uyuan
            paid = order.paid_uyuan
            share = split(terms, terms.backing, profit, paid)
            if party or phase or order.merchant_id or not order.received:
                raise Unmeasured(order)
            if not 0 < paid < RANGE or profit > paid:
                raise ValueError(paid)
            if granted + pending + share.quota >= RANGE or bank + share.contribution >= RANGE:
                raise ValueError(paid)
            orders += 1
            digest = commit(bytes(salt), order.order_id)
            stated = None if profit == ABSENT else profit
            ints = (orders, number, 0, paid, stated, terms.backing, 1)
            body = encode(Kind.PAY_ORDER, sequence, day, order.at, ints, digest)
            due = day + terms.maturity_days
            values = (here, orders, number, referrer, terms.backing, paid, profit, day, due)
            self.run(sql.INSERT_ORDER, (*values, order.order_id))
            held = share.contribution + share.dividend
            self.run(sql.INSERT_EVENT, (here, sequence, body))
            self.run(
                sql.UPDATE_HEAD_PAID,
                (
                    sequence + 1,
                    self.appended(frontier, sequence, body),
                    escrow + held,
                    bank + held,
                    pending + share.quota,
                    orders,
                    waiting + 1,
                    here,
                ),
            )

    def appended(self, frontier: bytes, sequence: int, body: bytes) -> bytes:
        """The log's frontier after one more event."""
        leaf = leaf_hash(leaf_salt(self.key, sequence) + body)
        return frontier_to_bytes(append(frontier_from_bytes(bytes(frontier)), leaf))

    def mature(self, number: int, day: int) -> None:
        """Mature an order (R6.3): maturity, buyer, referrer and head in one transaction."""
        here, terms = self.programme, self.terms
        with self.transaction():
            pool = Pool(*self.one(sql.SELECT_POOL, (here,)))
            member, referrer, backing, paid, refunded, profit, _due, linked = self.one(
                sql.SELECT_ORDER, (here, number)
            )
            if linked or refunded:
                raise Unmeasured(number)
            share = split(terms, backing, profit, paid)
            value = share.contribution * terms.award // PPM
            points = min(points_for(pool, value), terms.supply_cap - pool.issued)
            brought = pool
            pool = pool._replace(
                reserve=pool.reserve + share.contribution,
                order_escrow=pool.order_escrow - share.contribution - share.dividend,
                pot=pool.pot + share.dividend,
                dividends_in=pool.dividends_in + share.dividend,
                quota_pending=pool.quota_pending - share.quota,
                orders_pending=pool.orders_pending - 1,
                orders_matured=pool.orders_matured + 1,
            )
            before = Holder(*self.one(sql.SELECT_MEMBER, (here, member)))
            pool, buyer = touched(pool, before)
            pool, buyer = awarded(pool, before, buyer, points, share.quota)
            self.write(buyer)
            given, earned, dividends = 0, 0, 0
            if referrer:
                pool, given, brings = self.refer(brought, pool, referrer, share, buyer)
                earned, dividends = brings.earned, brings.dividends
            figures = (points, given, buyer.earned, earned, buyer.dividends, dividends, paid, day)
            self.run(sql.INSERT_MATURITY, (here, number, *figures))
            self.run(sql.UPDATE_POOL, (*pool[:16], here))

    def refer(
        self, opening: Pool, pool: Pool, number: int, share: Shares, buyer: Holder
    ) -> tuple[Pool, int, Holder]:
        """Give the referrer its points (R4.3): the pool, the points, the referrer after it."""
        before = Holder(*self.one(sql.SELECT_MEMBER, (self.programme, number)))
        pool, referrer = touched(pool, before)
        if buyer.party or referrer.party:
            raise Unmeasured(number)
        held = 0
        if opening.supply:
            held = -(-referrer.points * opening.reserve // opening.supply)
        room = max(0, referrer.quota - referrer.used - held)
        value = min(share.contribution * self.terms.referral // PPM, room)
        points = min(points_for(opening, value), self.terms.supply_cap - pool.issued)
        pool, referrer = awarded(pool, before, referrer, points, 0)
        self.write(referrer)
        return pool, points, referrer

    def write(self, member: Holder) -> None:
        """Write a member's row."""
        figures = (member.points, member.cash, member.quota, member.used, member.index)
        self.run(
            sql.UPDATE_MEMBER,
            (
                *figures,
                member.earned,
                member.dividends,
                exit_key(member),
                self.programme,
                member.number,
            ),
        )

    def close(self, day: int, at: int) -> int:
        """Close a day (R7): share the pot, mature each order by itself, log the close.

        Returns:
            How many orders have matured.
        """
        here = self.programme
        with self.transaction():
            self.divide()
            due = [int(row[0]) for row in self.every(sql.SELECT_DUE, (here, day))]
        for number in due:
            self.mature(number, day)
        with self.transaction():
            head = list(self.one(sql.SELECT_ALL, (here,)))
            frontier = self.one(sql.SELECT_FRONTIER, (here,))[0]
            sequence = head[HEAD_COLUMNS.index("sequence")]
            rises = all(one < other for one, other in pairwise(due))
            blob = b"" if rises else b"".join(number.to_bytes(8, "big") for number in due)
            body = encode(Kind.CLOSE_DAY, sequence, day, at, (), blob=blob)
            tree = self.appended(frontier, sequence, body)
            head[HEAD_COLUMNS.index("sequence")] = sequence + 1
            self.run(sql.INSERT_EVENT, (here, sequence, body))
            self.run(sql.INSERT_DAY, (here, root(frontier_from_bytes(tree)), *head))
            self.run(sql.UPDATE_CLOSED, (day + 1, sequence + 1, tree, here))
        return len(due)

    def divide(self) -> None:
        """Share the pot over all weight (R7.2); nobody may be due to exit by it."""
        here = self.programme
        head = self.head()
        if head["weight"] == 0:
            return
        step = head["pot"] * SCALE // head["weight"]
        moved = -(-step * head["weight"] // SCALE)
        index = head["index"] + step
        price = head["reserve"] * SCALE // head["supply"]
        if self.one(sql.SELECT_FIRST_KEY, (here,))[0] - index <= price:
            raise Unmeasured("a member is due to exit")
        self.run(sql.UPDATE_DIVIDED, (head["pot"] - moved, head["payable"] + moved, index, here))

    def head(self) -> dict[str, int]:
        """The programme's row by its columns' names."""
        return dict(zip(HEAD_COLUMNS, self.one(sql.SELECT_ALL, (self.programme,)), strict=True))

    def frontier(self) -> bytes:
        """The log's frontier."""
        return bytes(self.one(sql.SELECT_FRONTIER, (self.programme,))[0])
