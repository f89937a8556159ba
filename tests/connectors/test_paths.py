"""Paths, sums, alternatives and conditions over a JSON document."""

import pytest

from shareback.api.connectors.paths import (
    Misread,
    NotJson,
    NotThere,
    PathUnreadable,
    Scope,
    every,
    holds,
    read_condition,
    read_expression,
    read_json,
    single,
)

DOCUMENT = Scope(
    read_json(
        b"""{"id": 820982911946154508, "total": 0.1, "big": 1e400, "paid": true, "none": null,
        "empty": "", "buyer": {"id": "li"}, "gates": ["visa", "bogus"], "nothing": [],
        "lines": [{"price": 1.10, "kind": "cash"}, {"price": 2.20, "kind": "card"},
                  {"price": 3.30, "kind": "cash"}], "odd": [{"price": 1}, {}]}"""
    )
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("id", "820982911946154508"),
        ("total", "0.1"),
        ("big", "1e400"),
        ("paid", "true"),
        ("buyer.id", "li"),
        ("buyer.name | buyer.id", "li"),
        ("none | empty | 'CNY'", "CNY"),
        ("lines[kind == card].price", "2.20"),
        ("lines[kind != cash; price exists].price", "2.20"),
        ("lines[price == 1.10, 3.30].kind", "cash"),
    ],
)
def test_an_expression_finds_its_one_text(text: str, value: str) -> None:
    assert single(read_expression(text), DOCUMENT) == value


def test_a_sum_is_over_all_fitting_elements_and_over_none() -> None:
    assert every(read_expression("sum(lines[kind == cash].price)"), DOCUMENT) == ["1.10", "3.30"]
    assert every(read_expression("sum(lines[kind == gold].price)"), DOCUMENT) == []
    assert every(read_expression("sum(nothing[].price)"), DOCUMENT) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("buyer.name", "buyer.name is not there"),
        ("none", "none is not there"),
        ("empty", "empty is not there"),
        ("buyer", "buyer is no single value; write name[] for a list"),
        ("buyer[].id", "buyer is no list"),
        ("lines.price", "lines.price is below a list; write name[] for it"),
        ("lines.price | id", "lines.price is below a list; write name[] for it"),
        ("sum(odd[].price)", "odd[].price is not there"),
        ("lines[].price", "lines[].price has 3 values where one is wanted"),
        ("first | second", "first is not there"),
    ],
)
def test_a_place_that_is_not_there_is_named(text: str, fault: str) -> None:
    with pytest.raises(NotThere) as told:
        single(read_expression(text), DOCUMENT)
    assert str(told.value) == fault


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("paid == true", True),
        ("paid != true", False),
        ("buyer.id == wang, li", True),
        ("buyer.id == wang", False),
        ("buyer.name == wang", False),
        ("buyer.name != wang", True),
        ("gates[] == visa, bogus", True),
        ("gates[] == visa", False),
        ("gates[] != gift_card, bogus", False),
        ("gates[] != gift_card", True),
        ("nothing[] != gift_card", True),
        ("nothing.id exists", False),
        ("buyer exists", True),
        ("empty exists", False),
        ("none missing", True),
        ("lines[kind == card].price exists", True),
        ("lines[kind == gold].price exists", False),
    ],
)
def test_a_condition_holds_or_not(text: str, is_true: bool) -> None:  # noqa: FBT001
    assert holds(read_condition(text), DOCUMENT) is is_true


@pytest.mark.parametrize("text", ["gates != visa", "lines.price != 7", "id[] == 7", "buyer == li"])
def test_a_condition_on_another_kind_of_value_is_a_slip_and_never_holds(text: str) -> None:
    with pytest.raises(Misread):
        holds(read_condition(text), DOCUMENT)


def test_a_place_that_begins_with_a_dot_is_of_the_element() -> None:
    scope = Scope(DOCUMENT.document, {"price": "7"})
    assert single(read_expression(".price"), scope) == "7"
    assert single(read_expression("buyer.id"), scope) == "li"
    with pytest.raises(NotThere, match=r"\.price is not there"):
        single(read_expression(".price"), DOCUMENT)


@pytest.mark.parametrize(
    "text", ["", "a..b", "a.", "a b", "a[", "a[b]", "sum()", "a |", "'a", "a[b ~ c]", "a[[b]]", 7]
)
def test_what_is_no_expression_is_refused(text: object) -> None:
    with pytest.raises(PathUnreadable):
        read_expression(text)


@pytest.mark.parametrize("text", ["", "a", "a =", "a == ", "== b", "a is b", "a exists b"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(PathUnreadable):
        read_condition(text)


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b'{"a": Infinity}', b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        read_json(body)
