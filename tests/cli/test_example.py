"""``shareback example``: the worked example's golden figures (R3.8)."""

import pytest

from tests.cli.conftest import Shareback


def test_tells_the_golden_figures(shareback: Shareback) -> None:
    told = shareback("example", "--json").json
    assert set(told) == {"rows", "first_holder_value"}
    rows = told["rows"]
    assert len(rows) == 100
    assert [row["award_points"] for row in rows[:4]] == ["21.0000", "14.7000", "12.4950", "11.2455"]
    assert [row["price"] for row in rows[:4]] == ["1.4286", "1.6807", "1.8674", "2.0188"]
    assert rows[-1]["price"] == "5.1731"
    assert rows[-1]["supply"] == "579.9257"
    assert rows[-1]["reserve"] == "3000.0000"
    assert told["first_holder_value"] == "108.6346"


def test_every_row_has_the_keys_of_the_contract(shareback: Shareback) -> None:
    rows = shareback("example", "--orders", 3, "--json").json["rows"]
    assert [row["order"] for row in rows] == [1, 2, 3]
    for row in rows:
        amounts = set(row) - {"order"}
        assert amounts == {"award_points", "reserve", "supply", "price"}
        assert all(isinstance(row[name], str) for name in amounts)


def test_shows_people_a_table(shareback: Shareback) -> None:
    run = shareback("example", "--orders", "4")
    assert run.code == 0
    assert "2.0188" in run.out
    assert "¥" in run.out


@pytest.mark.parametrize("orders", ["0", "-1", "100001", "many"])
def test_refuses_a_number_of_orders_that_is_none(shareback: Shareback, orders: str) -> None:
    assert "--orders" in shareback("example", "--orders", orders, "--json").fault


def test_needs_no_database(shareback: Shareback) -> None:
    assert shareback("example", "--orders", 1, database="sqlite:///no/such/folder/x.db").code == 0
