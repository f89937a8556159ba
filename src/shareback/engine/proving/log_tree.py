"""The log's Merkle tree in tiles of 256 hashes, full ones kept; for proofs and for witnesses.

Source: c2sp.org/tlog-tiles.
"""

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connections

from shareback.engine.reading import bodies_between
from shareback.journal.models import LogTile, Programme
from shareback.journal.shapes import LOG_TILE
from shareback.journal.storage import storage_for
from shareback.kernels.hashing import Bodies, bytes_of, leaf_hashes, words_of
from shareback.kernels.sha256 import WordArray
from shareback.kernels.tiles import prefixed_digests
from shareback.proofs.merkle import HASH_BYTES, NODE_PREFIX

TILE_BITS = 8
TILE_HASHES = 1 << TILE_BITS
TILE_BYTES = TILE_HASHES * HASH_BYTES
TILES_AT_ONCE = 256
"""So many full tiles are made and written at a time."""


class LogTree:
    """The tree over a programme's log, from tiles that are kept and from the entries."""

    def __init__(self, programme: Programme, size: int, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Read nothing yet.

        Args:
            programme: Its head row, for its key.
            size: How many entries the tree has.
            alias: Which of Django's databases holds it.
        """
        self.programme = programme.pk
        self.key = bytes(programme.key)
        self.size = size
        self.alias = alias
        self.tiles: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """The root of a perfect subtree: `proofs.paths.Nodes`."""
        row, inside = divmod(level, TILE_BITS)
        first = index << inside
        place, start = divmod(first, TILE_HASHES)
        tile = self.tile(row, place)
        hashes = words_of(
            tile[start * HASH_BYTES : (start + (1 << inside)) * HASH_BYTES], HASH_BYTES
        )
        return bytes_of(folded(hashes, inside)).tobytes()

    def width(self, row: int, place: int) -> int:
        """How many hashes a tile has; none or less where there is no such tile."""
        return min(TILE_HASHES, (self.size >> TILE_BITS * row) - place * TILE_HASHES)

    def tile(self, row: int, place: int) -> bytes:
        """A tile as it stands in this tree: whole, or as wide as it is."""
        width = self.width(row, place)
        known = self.tiles.get((row, place))
        if known is None:
            known = self.kept(row, place) if width == TILE_HASHES else None
            known = self.made(row, place, width) if known is None else known
            self.tiles[row, place] = known
        return known

    def kept(self, row: int, place: int) -> bytes | None:
        """A full tile from the database, if it is there."""
        rows = LogTile.objects.using(self.alias).filter(
            programme_id=self.programme, level=row, place=place
        )
        body = rows.values_list("body", flat=True).first()
        return None if body is None else bytes(body)

    def made(self, row: int, place: int, width: int) -> bytes:
        """A tile from what stands below it."""
        first = place * TILE_HASHES
        if row == 0:
            return bytes_of(self.leaves(first, first + width)).tobytes()
        below = [self.tile(row - 1, first + one) for one in range(width)]
        return roots_of(b"".join(below))

    def leaves(self, first: int, end: int) -> WordArray:
        """The hashes of entries: uint32[end - first, 8]."""
        bodies = bodies_between(self.programme, first, end, self.alias)
        lengths = np.array([0, *map(len, bodies)], np.int64)
        buffer = np.frombuffer(bytearray(b"".join(bodies)), np.uint8)
        hashes = leaf_hashes(self.key, first, Bodies(buffer, np.cumsum(lengths)))
        return words_of(hashes.tobytes(), HASH_BYTES)

    def keep(self) -> int:
        """Write the full tiles that are not kept yet; returns how many."""
        count, row = 0, 0
        while self.size >> TILE_BITS * (row + 1):
            rows = LogTile.objects.using(self.alias).filter(programme_id=self.programme, level=row)
            last = rows.order_by("-place").values_list("place", flat=True).first()
            place, end = 0 if last is None else last + 1, self.size >> TILE_BITS * (row + 1)
            for start in range(place, end, TILES_AT_ONCE):
                count += self.keep_some(row, start, min(start + TILES_AT_ONCE, end))
            row += 1
        return count

    def keep_some(self, row: int, start: int, end: int) -> int:
        """Write a run of full tiles of a row."""
        if row == 0:
            body = bytes_of(self.leaves(start * TILE_HASHES, end * TILE_HASHES)).tobytes()
        else:
            rows = LogTile.objects.using(self.alias).filter(
                programme_id=self.programme,
                level=row - 1,
                place__range=(start * TILE_HASHES, end * TILE_HASHES - 1),
            )
            below = rows.order_by("place").values_list("body", flat=True)
            body = roots_of(b"".join(map(bytes, below)))
        tiles = [body[at : at + TILE_BYTES] for at in range(0, len(body), TILE_BYTES)]
        keys = np.array([(row, place) for place in range(start, end)], np.int64)
        storage_for(connections[self.alias]).insert(LOG_TILE, self.programme, keys, [tiles])
        return len(tiles)


def roots_of(tiles: bytes) -> bytes:
    """The roots of full tiles, one after another."""
    return bytes_of(folded(words_of(tiles, HASH_BYTES), TILE_BITS)).tobytes()


def folded(hashes: WordArray, levels: int) -> WordArray:
    """The nodes so many levels above some hashes, whose number is a multiple of 2^levels."""
    for _level in range(levels):
        pairs = np.ascontiguousarray(hashes).reshape(len(hashes) // 2, -1)
        hashes = np.empty((len(pairs), HASH_BYTES // 4), np.uint32)
        prefixed_digests(NODE_PREFIX[0], pairs, hashes)
    return hashes
