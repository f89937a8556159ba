"""`shareback bank` from the command line: statements in, and how they stand to the books."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shareback
from tests.cli.test_access_commands import MALL

TABLE = "Booked,amount,balance\n2026-01-05,30,30\n2026-01-06,-0.01,29.99\n"
MAP = ("--format", "csv", "--map", "date=Booked")


@pytest.fixture
def database(shareback: Shareback, fresh_url: str, tmp_path: Path) -> str:
    """A database with an open programme, and a statement beside it."""
    (tmp_path / "mall.toml").write_text(MALL, encoding="utf-8")
    (tmp_path / "bank.csv").write_text(TABLE, encoding="utf-8")
    assert shareback("open", "mall.toml", "--database", fresh_url).code == 0
    return fresh_url


def test_a_statement_is_imported_once_told_and_explained(
    shareback: Shareback, database: str
) -> None:
    at = ("--database", database, "--json")
    assert shareback("bank", "status", *at).json == {"compared": None, "lines": [], "entries": []}
    told = shareback("bank", "import", "bank.csv", *MAP, "--account", "main", *at).json
    assert (told["account"], told["lines"], told["repeated"]) == ("main", 2, False)
    assert told["compared"]["bank"] == "29.99"
    assert told["compared"]["open_lines"] == 2
    again = shareback("bank", "import", "bank.csv", *MAP, "--account", "main", *at).json
    assert (again["repeated"], again["lines"], again["compared"]) == (True, 0, None)

    lines = shareback("bank", "status", *at).json["lines"]
    assert [(one["day"], one["amount"]) for one in lines] == [
        ("2026-01-05", "30.00"),
        ("2026-01-06", "-0.01"),
    ]
    for one in lines:
        told = shareback(
            "bank", "explain", "--line", one["line"], "--text", "from before", *at
        ).json
    assert (told["state"], told["unexplained"]) == ("agreed", "0.00")


def test_a_file_that_is_unfit_is_one_line_and_nothing_is_kept(
    shareback: Shareback, database: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(TABLE.replace("-0.01", "NaN"), encoding="utf-8")
    at = ("--database", database)
    fault = shareback("bank", "import", "bad.csv", *MAP, *at).fault
    assert fault.startswith("shareback: bad.csv: line 3, column amount: 'NaN' ")
    assert "is missing" in shareback("bank", "import", "bank.csv", "--format", "csv", *at).fault
    assert shareback("bank", "status", *at, "--json").json["compared"] is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "bank.csv", "--format", "pdf"), "--format pdf: choose from camt053"),
        (("import", "none.csv", "--format", "csv"), "none.csv: No such file"),
        (("import", "bank.csv", "--format", "csv", "--map", "when=x"), "--map when=x: write"),
        (("import", "bank.csv", "--format", "alipay", "--map", "date=x"), "--map: the columns"),
        (("import", "bank.csv", "--format", "camt053", "--to", "2026-01-09"), "tells its days"),
        (("import", "bank.csv", "--format", "csv", "--from", "soon"), "soon: is no date"),
        (("explain", "--text", "x"), "--line, --entry: name one of the two"),
        (("explain", "--text", "x", "--line", "9"), "no line 9 waits"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    shareback: Shareback, database: str, arguments: tuple[str, ...], told: str
) -> None:
    assert told in shareback("bank", *arguments, "--database", database).fault
