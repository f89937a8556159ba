"""A47: a row of an export is edited; whoever verifies it is told, however well it was hidden."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shareback.audit.export_reading import Export, ExportUnreadable
from shareback.audit.log_roots import LogRoots
from shareback.audit.reading import ReplayFailed
from shareback.audit.verifying import verify_export
from shareback.rules.kinds import Kind
from tests.attacks.exports import edited, export_of, lived, remade
from tests.backends.once import Once

Rows = list[dict[str, Any]]
JOURNAL = "journal.parquet"

pytestmark = pytest.mark.usefixtures("alias")


@pytest.fixture(scope="module")
def folder(alias: str, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export; no test changes it."""
    return once(
        ("edited export", alias),
        lambda: export_of(lived("edited", alias, 6), tmp_path_factory.mktemp("export")),
    )


def told(folder: Path) -> str:
    """What is found, which must be something; a file that is none is found too."""
    try:
        found = verify_export(folder)
    except ExportUnreadable as fault:
        return str(fault)
    assert not found.passed
    return "\n".join(map(str, found.findings))


def flipped(value: object, draw: random.Random) -> object:
    """A value with one bit turned."""
    if isinstance(value, bytes):
        place = draw.randrange(len(value))
        turned = value[place] ^ 1 << draw.randrange(8)
        return value[:place] + bytes([turned]) + value[place + 1 :]
    assert isinstance(value, int)
    return value ^ 1 << draw.randrange(max(1, value.bit_length()))


def rechained(folder: Path) -> Path:
    """Let the roots of the days follow an edited log."""
    roots = LogRoots([])
    try:
        for salted in Export(folder).runs():
            roots.take(salted)
    except ReplayFailed:
        return folder
    kinds = [row["kind"] for row in rows_of(folder)]
    closes = [roots.roots[n + 1] for n, kind in enumerate(kinds) if kind == Kind.CLOSE_DAY]

    def follow(days: Rows) -> None:
        for day, top in zip(days, closes, strict=False):
            day["root"] = top

    return edited(folder, folder, "days.parquet", follow)


def rows_of(folder: Path) -> Rows:
    """The rows of a log."""
    found: Rows = []
    edited(folder, folder, JOURNAL, found.extend)
    return found


@pytest.mark.parametrize("seed", range(24))
def test_a_bit_turned_anywhere_in_an_event_is_found(
    folder: Path, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)

    def turn(rows: Rows) -> None:
        row = draw.choice(rows[1:])
        name = draw.choice([name for name, value in row.items() if value not in (None, b"")])
        row[name] = flipped(row[name], draw)

    found = told(rechained(edited(folder, tmp_path, JOURNAL, turn)))
    assert "event " in found or "has signed another log" in found


def test_each_byte_of_an_event_is_under_the_signature(folder: Path, tmp_path: Path) -> None:
    """An order's salt and commitment are nothing to the rules; only the roots tell."""
    for column in ("salt", "commitment"):
        for place in range(0, 16, 5):

            def turn(rows: Rows, column: str = column, place: int = place) -> None:
                row = next(row for row in rows[90:] if row["kind"] == Kind.PAY_ORDER)
                value = row[column]
                row[column] = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]

            copy = rechained(edited(folder, tmp_path / f"{column}{place}", JOURNAL, turn))
            assert "has signed another log" in told(copy)


def missing(rows: Rows) -> None:
    """Take an order away."""
    del rows[next(n for n, row in enumerate(rows[80:], 80) if row["kind"] == Kind.PAY_ORDER)]


def swapped(rows: Rows) -> None:
    """Let two orders of a day change places, with the numbers that belong to the places."""
    places = [n for n, row in enumerate(rows) if row["kind"] == Kind.PAY_ORDER]
    one, other = places[2:4]
    rows[one], rows[other] = rows[other], rows[one]
    rows[one]["i0"], rows[other]["i0"] = rows[other]["i0"], rows[one]["i0"]


def twice(rows: Rows) -> None:
    """Give a member money a second time."""
    place = next(n for n, row in enumerate(rows) if row["kind"] == Kind.FUND_TREASURY)
    rows.insert(place, dict(rows[place]))


def surplus(rows: Rows) -> None:
    """Say more of a member than the bytes hold that are hashed."""
    next(row for row in rows if row["kind"] == Kind.JOIN_MEMBER)["i6"] = 1


def negative(rows: Rows) -> None:
    """Say that an absent profit is -1."""
    orders = [row for row in rows if row["kind"] == Kind.PAY_ORDER]
    next(row for row in orders if row["i4"] is None)["i4"] = -1


def unknown(rows: Rows) -> None:
    """A kind that there is not."""
    rows[40]["kind"] = 99


@pytest.mark.parametrize("edit", [missing, swapped, twice, surplus, negative, unknown])
def test_rows_taken_away_moved_doubled_or_made_up_are_named(
    folder: Path, tmp_path: Path, edit: Callable[[Rows], None]
) -> None:
    copy = rechained(edited(folder, tmp_path, JOURNAL, edit))
    found = told(remade(copy, events=len(rows_of(copy))))
    assert "event " in found or "has signed another log" in found


def raised(name: str) -> Callable[[Rows], None]:
    """Say one more in a column of the fifth row."""

    def edit(rows: Rows) -> None:
        rows[4][name] += 1

    return edit


def emptied(rows: Rows) -> None:
    """Leave a row out."""
    del rows[4]


def turned(name: str) -> Callable[[Rows], None]:
    """Turn a bit of a column of the fifth row."""

    def edit(rows: Rows) -> None:
        rows[4][name] = flipped(rows[4][name], random.Random(1))

    return edit


@pytest.mark.parametrize(
    ("name", "edit", "words"),
    [
        ("days.parquet", raised("reserve"), "reserve is"),
        ("days.parquet", turned("root"), "root is"),
        ("days.parquet", emptied, "is missing in the export"),
        ("checkpoints.parquet", turned("liabilities"), "has signed other liabilities"),
        ("checkpoints.parquet", raised("size"), "and the export says"),
        ("checkpoints.parquet", raised("day"), "that day does not close"),
        ("checkpoints.parquet", emptied, "is missing in the export"),
        ("accounts.parquet", turned("salt"), "the accounts are others"),
        ("accounts.parquet", emptied, "no salt of"),
        ("places.parquet", emptied, "no place in a tree"),
        ("places.parquet", raised("number"), "stands there twice"),
        ("places.parquet", raised("place"), "each one of their own"),
    ],
)
def test_a_figure_that_does_not_follow_from_the_log_is_named(
    folder: Path, tmp_path: Path, name: str, edit: Callable[[Rows], None], words: str
) -> None:
    assert words in told(edited(folder, tmp_path, name, edit))


def test_a_checkpoint_whose_text_was_changed_is_signed_wrongly(
    folder: Path, tmp_path: Path
) -> None:
    def rename(rows: Rows) -> None:
        rows[3]["note"] = rows[3]["note"].replace("localhost/", "nowhere/", 1)

    assert "is signed wrongly" in told(edited(folder, tmp_path, "checkpoints.parquet", rename))


def test_an_export_under_another_programmes_name_is_told(folder: Path, tmp_path: Path) -> None:
    copy = edited(folder, tmp_path, "days.parquet", list)
    assert "names another programme" in told(remade(copy, programme="somebody else's"))


def test_no_byte_of_a_file_can_be_turned_without_a_word(folder: Path, tmp_path: Path) -> None:
    draw = random.Random(47)
    for turn in range(40):
        copy = edited(folder, tmp_path / str(turn), "days.parquet", list)
        name = draw.choice(sorted(Export(copy).manifest.files))
        body = bytearray((copy / name).read_bytes())
        body[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
        (copy / name).write_bytes(bytes(body))
        assert f"{name} is not the file that the manifest names" in told(copy)
