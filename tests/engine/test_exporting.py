"""The books in every format: whole, exact, and accepted by programs that are not ours."""

import csv
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from shareback.audit.balancing import check_balance
from shareback.audit.replaying import Replay
from shareback.books.accounts import CHART, UNITS_PER_ONE, Unit, commodity
from shareback.books.entries import Unbalanced
from shareback.engine import exporting
from shareback.engine.engine import Engine, ProgrammeUnknown
from shareback.engine.exporting import CSV_COLUMNS, FILES, Format, write_books
from shareback.engine.opening import open_programme
from shareback.engine.reading import logged_bodies
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head
from tests.engine.busy import OPENED, SALTS, parameters

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
FORMATS: tuple[Format, ...] = ("beancount", "csv", "parquet", "excel")

pytestmark = pytest.mark.usefixtures("alias")


def bean_check(path: Path) -> tuple[int, str]:
    run = subprocess.run(
        [BEAN_CHECK, "--no-cache", path], capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def balances_of(engine: Engine) -> dict[str, Decimal]:
    head = engine.head()
    return {
        each.name: Decimal(each.sign * head[each.column]) / UNITS_PER_ONE[each.unit]
        for each in CHART
    }


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("which", ["busy", "ended"])
def test_bean_check_accepts_the_ledger(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine: Engine = request.getfixturevalue(which)
    path = write_books(
        engine.programme.name, "beancount", tmp_path / "new" / "folder", engine.alias
    )

    assert bean_check(path) == (0, "")

    lines = path.read_text(encoding="utf-8").splitlines()
    days = {line.split()[0] for line in lines if " balance " in line}
    opened = engine.calendar.day_of(OPENED)
    assert len(days) == engine.head()[Head.DAY] - opened + 1
    last = [line.split() for line in lines if line.startswith(f"{max(days)} balance ")]
    assert {line[2]: Decimal(line[3]) for line in last} == balances_of(engine)


@pytest.mark.parametrize("account", [account.name for account in CHART])
def test_bean_check_finds_one_unit_too_much_in_any_account(
    busy: Engine, tmp_path: Path, account: str
) -> None:
    path = write_books("busy", "beancount", tmp_path, busy.alias)
    lines = path.read_text(encoding="utf-8").splitlines()
    place = max(place for place, line in enumerate(lines) if f" balance {account} " in line)
    words = lines[place].split()
    places = len(words[3].partition(".")[2])
    words[3] = str(Decimal(words[3]) + Decimal(1).scaleb(-places))
    lines[place] = " ".join(words)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")

    code, output = bean_check(path)

    assert code != 0
    assert f"Balance failed for '{account}'" in output


def test_the_lines_of_the_csv_add_up_to_the_accounts(busy: Engine, tmp_path: Path) -> None:
    rows = csv_rows(write_books("busy", "csv", tmp_path, busy.alias))

    assert tuple(rows[0]) == CSV_COLUMNS
    sums: Counter[str] = Counter()
    events: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        amount = Decimal(row["amount"])
        sums[row["account"]] += amount  # type: ignore[assignment]
        key = (row["sequence"], row["commodity"])
        events[key] = events.get(key, Decimal(0)) + amount
    assert {name: amount for name, amount in balances_of(busy).items() if amount} == {
        name: amount for name, amount in sums.items() if amount
    }
    assert set(events.values()) == {Decimal(0)}


def test_the_csv_tells_when_and_what(busy: Engine, tmp_path: Path) -> None:
    rows = csv_rows(write_books("busy", "csv", tmp_path, busy.alias))

    assert rows[0] == {
        "sequence": "1",
        "day": "2026-01-01",
        "at": "2026-01-01T00:00:00.000000+00:00",
        "kind": "FUND_TREASURY",
        "account": "Equity:Treasury:Free",
        "amount": "-500.000000",
        "commodity": "CNY",
    }
    assert {row["commodity"] for row in rows} == {commodity(unit, "CNY") for unit in Unit}


def test_the_parquet_file_says_the_same_as_the_csv(busy: Engine, tmp_path: Path) -> None:
    rows = csv_rows(write_books("busy", "csv", tmp_path, busy.alias))
    table = pq.read_table(write_books("busy", "parquet", tmp_path, busy.alias)).to_pylist()

    assert [
        {
            "sequence": str(row["sequence"]),
            "day": row["day"].isoformat(),
            "at": row["at"].isoformat(timespec="microseconds"),
            "kind": row["kind"],
            "account": row["account"],
            "amount": f"{Decimal(row['units']).scaleb(-row['decimals']):f}",
            "commodity": row["commodity"],
        }
        for row in table
    ] == rows


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_programme_has_books_too(alias: str, tmp_path: Path, format_: Format) -> None:
    name = f'a "quoted" {format_} \\ name'
    open_programme(parameters(name), OPENED, alias, SALTS)
    seen: list[tuple[int, int]] = []

    path = write_books(name, format_, tmp_path, alias, lambda *done: seen.append(done))

    assert path == tmp_path / FILES[format_]
    assert seen == [(1, 1)]
    if format_ == "beancount":
        assert bean_check(path) == (0, "")
    elif format_ == "csv":
        assert csv_rows(path) == []
    elif format_ == "parquet":
        assert pq.read_table(path).num_rows == 0
    else:
        assert {sheet.max_row for sheet in load_workbook(path)} == {1}


@pytest.mark.parametrize("format_", FORMATS)
def test_books_that_break_off_leave_what_was_there(
    busy: Engine, tmp_path: Path, format_: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / FILES[format_]
    before.write_text("as it was", encoding="ascii")

    def fail(_chunk: object) -> None:
        raise Unbalanced(Kind.PAY_ORDER, Unit.MONEY, 1)

    monkeypatch.setattr(exporting, "check_balance", fail)
    with pytest.raises(Unbalanced):
        write_books("busy", format_, tmp_path, busy.alias)

    assert [path.name for path in tmp_path.iterdir()] == [before.name]
    assert before.read_text(encoding="ascii") == "as it was"


def test_an_unknown_programme_leaves_no_folder(alias: str, tmp_path: Path) -> None:
    with pytest.raises(ProgrammeUnknown):
        write_books("nobody's", "csv", tmp_path / "books", alias)
    assert not (tmp_path / "books").exists()


@pytest.mark.parametrize("unit", list(Unit))
def test_an_event_that_does_not_balance_is_a_bug(busy: Engine, unit: Unit) -> None:
    *_others, chunk = Replay().chunks(
        logged_bodies(busy.id, busy.head()[Head.SEQUENCE], busy.alias)
    )
    check_balance(chunk)
    account = next(each for each in CHART if each.unit is unit)
    after = chunk.after.copy()
    after[5, account.column] += 1

    with pytest.raises(Unbalanced) as fault:
        check_balance(chunk._replace(after=after))

    assert (fault.value.kind, fault.value.unit) == (Kind(chunk.kinds[5]), unit)
    assert np.array_equal(chunk.after[4], chunk.before[5])
