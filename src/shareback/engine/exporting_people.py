"""How everybody stood at the last close, and the figures of all closes, gathered in a replay."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from shareback.audit.replaying import Chunk, Replay
from shareback.kernels.arrays import Integers
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head, Row


class Standing(NamedTuple):
    """Everybody at one close.

    Attributes:
        head: The programme's figures after it.
        members: A row for each member, by number; columns are those of `layout.Member`.
        merchants: A row for each merchant, by number; columns are those of `layout.Merchant`.
        members_since: The local days on which they joined.
        merchants_since: The same of the merchants.
    """

    head: Row
    members: Integers
    merchants: Integers
    members_since: list[int]
    merchants_since: list[int]


class Gathering:
    """Looks on while a log is replayed."""

    def __init__(self, replay: Replay, last_close: int) -> None:
        """Look at a replay that has not begun.

        Args:
            replay: It.
            last_close: How many events of the log there are up to the last close, it included;
                0 where no day has closed.
        """
        self.replay = replay
        self.last_close = last_close
        self.closed: list[Row] = []
        self.joined: dict[Kind, list[int]] = {Kind.JOIN_MEMBER: [], Kind.JOIN_MERCHANT: []}
        self.standing: Standing | None = None

    def over(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks as they come, each looked at before it goes on."""
        for chunk in chunks:
            self.closed += [close.figures.tolist() for close in chunk.closes]
            for kind in self.joined:
                self.joined[kind] += chunk.days[chunk.kinds == kind].tolist()
            ends_here = chunk.first + len(chunk.kinds) == self.last_close
            if ends_here and chunk.kinds[-1] == Kind.CLOSE_DAY:
                self.standing = self.stand()
            yield chunk

    def stand(self) -> Standing:
        """How everybody stands now, after a close."""
        head = self.closed[-1]
        arrays = self.replay.arrays
        return Standing(
            head=head,
            members=arrays.members[1 : head[Head.MEMBERS] + 1].copy(),
            merchants=arrays.merchants[1 : head[Head.MERCHANTS] + 1].copy(),
            members_since=list(self.joined[Kind.JOIN_MEMBER]),
            merchants_since=list(self.joined[Kind.JOIN_MERCHANT]),
        )


def cut_at(runs: Iterable[Sequence[bytes]], place: int) -> Iterator[Sequence[bytes]]:
    """The same runs of events, one of which ends where so many events have been."""
    done = 0
    for run in runs:
        first = place - done
        if 0 < first < len(run):
            yield run[:first]
            yield run[first:]
        else:
            yield run
        done += len(run)
