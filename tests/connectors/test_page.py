"""The page on connectors: its example works, and no key is left out."""

import json

import pytest
from pydantic import BaseModel

from shareback.api.connectors.mapping import Act, Passed, Terms, meaning, payload_of
from shareback.api.connectors.shapes import BUILT_IN, Rule, Shape, built_in, read_shape
from tests.docs.pages import blocks, code_spans, page, rows, sections

PAGE = page("reference/connectors.md")
(EXAMPLE,) = blocks(PAGE, "toml")
(BODY,) = blocks(PAGE, "json")
YUAN = Terms("CNY")


def test_the_example_means_what_the_page_says() -> None:
    shape = read_shape(EXAMPLE)
    payload = payload_of(shape, BODY.encode())
    assert meaning(shape, "order.paid", payload, YUAN) == [
        Act("pay", "n1", "li", "house", "", 6_500_000)
    ]


def test_the_other_rules_of_the_example_work_too() -> None:
    shape = read_shape(EXAMPLE)
    refunds = [
        {"no": "r1", "state": "done", "lines": [{"cents": 100}, {"cents": 50}]},
        {"no": "r2", "state": "asked", "lines": [{"cents": 7}]},
    ]
    order = {"no": "n1", "currency": "CNY", "refunds": refunds}
    payload = payload_of(shape, json.dumps({"order": order}).encode())
    assert meaning(shape, "order.refunded", payload, YUAN) == [
        Act("refund", "n1", "", "", "r1", 1_500_000)
    ]
    assert meaning(shape, "order.delivered", payload, YUAN) == [
        Act("receive", "n1", may_be_unknown=True)
    ]
    (passed,) = meaning(shape, "order.created", payload, YUAN)
    assert isinstance(passed, Passed)


@pytest.mark.parametrize(
    ("part", "section"), [(Shape, "Keys of a shape"), (Rule, "Keys of a rule")]
)
def test_every_key_has_a_row_and_no_other(part: type[BaseModel], section: str) -> None:
    below = PAGE.split(f"### {section}\n")[1].split("\n### ")[0]
    told = {span for row in rows(below)[1:] for span in code_spans(row[0])}
    assert told == set(part.model_fields)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_shape_has_its_section_and_its_sources(name: str) -> None:
    (section,) = (text for title, text in sections(PAGE).items() if title.lower().startswith(name))
    assert "https://" in section
    assert all(one in built_in(name) for one in ("# ", "https://"))
