"""The log as files: what a stranger's program reads fits together, and nothing else is there."""

import pytest
from django.test import Client

from shareback.journal.models import Event, Programme
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.commitment import leaf_salt
from shareback.proofs.merkle import leaf_hash, node_hash
from shareback.proofs.notes import read_note
from shareback.proofs.paths import check_consistency, consistency_proof, root_between
from tests.web.world import NAME, checkpoints


@pytest.fixture
def log(world: str) -> str:
    """The address of the log's files."""
    return f"/log/{Programme.objects.using(world).get(name=NAME).pk}"


def tile(site: Client, log: str, level: int, place: int, width: int) -> list[bytes]:
    """The hashes of a tile, as its address says."""
    groups = (
        [f"{place:03d}"] if place < 1_000 else [f"x{place // 1_000:03d}", f"{place % 1_000:03d}"]
    )
    partly = "" if width == 256 else f".p/{width}"
    answer = site.get(f"{log}/tile/{level}/{'/'.join(groups)}{partly}")
    assert answer.status_code == 200
    assert len(answer.content) == 32 * width
    return [answer.content[at : at + 32] for at in range(0, len(answer.content), 32)]


class Reader:
    """Somebody who knows nothing but the files."""

    def __init__(self, site: Client, log: str, size: int) -> None:
        """Read no tile yet."""
        self.site, self.log, self.size = site, log, size
        self.tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The root of a perfect subtree."""
        if level % 8:
            left, right = (self.node(level - 1, 2 * index + side) for side in (0, 1))
            return node_hash(left, right)
        row, (place, inside) = level // 8, divmod(index, 256)
        width = min(256, (self.size >> 8 * row) - 256 * place)
        if (row, place) not in self.tiles:
            self.tiles[row, place] = tile(self.site, self.log, row, place, width)
        return self.tiles[row, place][inside]


def test_the_tiles_are_the_tree_of_the_checkpoint(site: Client, log: str) -> None:
    found = read_checkpoint(read_note(site.get(f"{log}/checkpoint").content.decode()).text)
    reader = Reader(site, log, found.size)
    assert found.size > 256
    assert root_between(reader.node, 0, found.size) == found.root


def test_hashes_are_those_of_salted_entries(site: Client, log: str, world: str) -> None:
    head = Programme.objects.using(world).get(name=NAME)
    entry = Event.objects.using(world).get(programme_id=head.pk, sequence=300)
    salt = leaf_salt(bytes(head.key), 300)
    last = checkpoints(world).last()
    assert last is not None
    reader = Reader(site, log, last.size)
    assert reader.node(0, 300) == leaf_hash(salt + bytes(entry.body))


def test_every_checkpoint_is_there_and_the_log_grew_from_it(
    site: Client, log: str, world: str
) -> None:
    rows = list(checkpoints(world))
    last = rows[-1]
    reader = Reader(site, log, last.size)
    for row in rows[::7]:
        answer = site.get(f"{log}/checkpoint/{row.size}")
        found = read_checkpoint(read_note(answer.content.decode()).text)
        proof = consistency_proof(reader.node, found.size, last.size)
        check_consistency(found.size, found.root, last.size, bytes(last.root), proof)


def test_a_tile_that_was_once_narrower_is_still_served(site: Client, log: str) -> None:
    whole = tile(site, log, 0, 0, 256)
    for width in (1, 100, 255):
        assert tile(site, log, 0, 0, width) == whole[:width]
    assert tile(site, log, 1, 0, 1) == tile(site, log, 1, 0, 2)[:1]


@pytest.mark.parametrize(
    "path",
    [
        "0/000.p/256",
        "0/000.p/0",
        "0/000.p/007",
        "0/999",
        "0/x000/000",
        "0/0",
        "0/\u0660\u0660\u0660",
        "0/x001",
        "0/000/",
        "0/-01",
        "0/x001/x002/x003/x004/x005/x006/007",
        "1/000",
        "8/000",
        "63/000",
        "entries/000",
        "0/000.p/1.p/1",
    ],
)
def test_there_is_no_other_tile(site: Client, log: str, path: str) -> None:
    assert site.get(f"{log}/tile/{path}").status_code == 404


def test_there_is_no_other_log_or_checkpoint(site: Client, log: str) -> None:
    assert site.get("/log/32000/checkpoint").status_code == 404
    assert site.get("/log/99999999999999999999/checkpoint").status_code == 404
    assert site.get("/log/32000/tile/0/000").status_code == 404
    assert site.get(f"{log}/checkpoint/1").status_code == 404
    assert site.get(f"{log}/checkpoint/99999999999999999999").status_code == 404


def test_anybody_may_read_it_and_nobody_write(site: Client, log: str) -> None:
    answer = site.get(f"{log}/checkpoint")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert site.post(f"{log}/checkpoint").status_code in {403, 405}
