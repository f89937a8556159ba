"""Shapes: those that come along, and what is refused of one's own, in one line."""

import pytest

from shareback.api.connectors.shapes import BUILT_IN, ShapeUnfit, built_in, read_shape
from tests.connectors.shops import OWN


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_shape_that_comes_along_can_be_read(name: str) -> None:
    shape = read_shape(built_in(name))
    assert {"pay", "receive", "refund", "ignore"} == {rule.does for rule in shape.rules}


def test_only_the_weak_signature_asks_for_an_allow_list() -> None:
    weak = [name for name in BUILT_IN if read_shape(built_in(name)).signature.is_weak]
    assert weak == ["youzan"]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('order = "order.no"\nmember', "member", "rules.1: pay needs order"),
        ('"arrived"]\n', '"arrived"]\namount = "a"\n', "rules.2: receive takes no amount"),
        ("order.total_cents", "order..cents", "rules.1.amount: 'order..cents' is no path such as"),
        ('does = "receive"', 'does = "take"', "rules.2.does: Input should be 'pay', 'receive'"),
        ('unit = "cent"', 'unit = "jiao"', "rules.1.unit: Input should be 'whole' or 'cent'"),
        ('"arrived"]\n', '"arrived"]\nonly_if = ["a"]\n', "rules.2.only_if.1: 'a' is no condition"),
        ('"arrived"]\n', '"arrived"]\nonly_if = [7]\n', "rules.2.only_if.1: must be a text"),
        ("hex", "sha1", "signature.scheme: Input should be"),
        (', header = "X-Signature"', "", "signature: an hmac scheme needs header"),
        ("age_max_s = 600", "", "time and age_max_s go together"),
        ('{ path = "event" }', "{}", "topic: needs either header or path"),
        ("age_max_s", "age", "age: Extra inputs are not permitted"),
        ('topic = { path = "event" }', "answer = { done = 1 }\n", "topic: Field required"),
        ("[[rules]]", "[[rules]", "no TOML file: "),
    ],
)
def test_a_slip_is_told_in_one_line(before: str, after: str, fault: str) -> None:
    assert before in OWN
    with pytest.raises(ShapeUnfit) as told:
        read_shape(OWN.replace(before, after, 1))
    assert str(told.value).startswith(fault)
    assert "\n" not in str(told.value)


def test_an_answer_may_not_hold_our_own_words() -> None:
    with pytest.raises(ShapeUnfit, match="which are ours"):
        read_shape("answer = { done = 1 }\n" + OWN)


def test_a_shape_that_does_not_come_along_is_refused() -> None:
    with pytest.raises(ShapeUnfit, match="choose from shopify, woocommerce, youzan"):
        built_in("../secrets")
