"""Programme files: what keeps no promise is refused with the reason, before anything is written."""

from pathlib import Path

import pytest

from shareback.cli.programmes import read_programme
from tests.cli.conftest import Shareback
from tests.cli.orders import write

REFUSED = {
    "promises too much": ('backing_rate = "0.45"', "more than its sales earn"),
    "awards above the contribution": ('award_rate = "0.95"', "awards would exceed"),
    "exits at once": ('quota_multiple = "0.3"', "could exit at once"),
    "no fee above a half": ('redemption_fee = "0.51"', "redemption_fee"),
    "cap beyond the range": ('supply_cap = "99999999999999"', "supply_cap"),
    "falling tiers": (
        '[[tiers]]\nname = "a"\nthreshold = "5"\n[[tiers]]\nname = "b"\nthreshold = "5"',
        "tiers must rise",
    ),
    "dividends in goods-only": (
        'profile = "goods-only"\ndividend_rate = "0.1"',
        "pays no dividends",
    ),
    "authority missing": ('profile = "authorised"', "needs [authority]"),
    "unknown profile": ('profile = "casino"', "profile"),
    "unknown key": ("backing = 0.3", "backing"),
    "a float": ("backing_rate = 0.3", "must be a decimal string"),
    "no number": ('backing_rate = "a third"', "backing_rate"),
    "a wrong check digit": ('[issuer]\nname = "X"\ncode = "91350100M000100Y44"', "code"),
    "an issuer nobody knows": ('[issuer]\nname = "X"', "needs a unified social credit code"),
    "no zone": ('timezone = "Mars/Olympus"', "timezone"),
    "no TOML": ("backing_rate = ", "no TOML file"),
    "nested too deeply": (f"a = {'[' * 5_000}", "nested too deeply"),
    "a number of too many digits": (f"maturity_days = {'9' * 5_000}", "no TOML file"),
    "a truth for a count": ("maturity_days = true", "maturity_days: "),
    "a text for a count": ('maturity_days = "7"', "maturity_days: "),
    "a number for a truth": ('[issuer]\nname = "X"\ntest = 1', "issuer.test: "),
    "a line break in the name": (r'name = "a\nb"', ": name: holds a control character"),
    "a NUL in the name": (r'name = "a\u0000"', ": name: holds a control character"),
    "an issuer on two lines": (
        r'issuer = {name = "a\u2028b", test = true}',
        ": issuer.name: holds a control character",
    ),
    "a tier on two lines": (
        '[[tiers]]\nname = "a\\rb"\nthreshold = "5"',
        ": tiers.0.name: holds a control character",
    ),
    "a category with a NUL": (
        '[backing_by_category]\n"a\\u0000" = "0.3"',
        "holds a control character",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_its_reason(shareback: Shareback, tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    write(tmp_path)
    write(tmp_path, content + "\n", "mine.toml")
    run = shareback(
        "replay",
        "orders.csv",
        "--programme",
        "mine.toml",
        "--database",
        f"sqlite://{tmp_path}/new.db",
    )
    assert words in run.fault
    assert "mine.toml" in run.fault
    assert {path.name for path in tmp_path.iterdir()} == {"orders.csv", "mine.toml"}


def test_names_may_be_of_any_script(tmp_path: Path) -> None:
    path = write(tmp_path, 'name = "酒庄 Käse – 🍷"\nmaturity_days = 0\n', "mine.toml")
    programme = read_programme(path)
    assert (programme.name, programme.maturity_days) == ("酒庄 Käse – 🍷", 0)


def test_parameters_of_a_file_are_used(shareback: Shareback, tmp_path: Path) -> None:
    write(tmp_path, "order_id,member_id,paid_at,amount\nx,anna,2026-01-01,100\n")
    terms = 'name = "Mine"\nbacking_rate = "0.2"\nissue_price = "2"\nmaturity_days = 1\n'
    write(tmp_path, terms, "mine.toml")
    run = shareback(
        "replay",
        "orders.csv",
        "--programme",
        "mine.toml",
        "--json",
        database=f"sqlite://{tmp_path}/a.db",
    )
    summary = run.json
    assert (summary["reserve"], summary["issued"], summary["days"]) == ("20", "7", 3)
