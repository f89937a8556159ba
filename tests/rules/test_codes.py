"""Each refusal cites the rule it stands on, and nothing else does."""

import re

from shareback.rules.codes import FIRST_REFUSAL, RULE_OF, Code


def test_accepting_is_the_code_zero() -> None:
    assert Code(0) is Code.ACCEPTED


def test_each_refusal_cites_a_rule_and_nothing_else_does() -> None:
    assert set(RULE_OF) == {code for code in Code if code >= FIRST_REFUSAL}


def test_a_citation_is_the_number_of_a_rule() -> None:
    assert [rule for rule in RULE_OF.values() if not re.fullmatch(r"R\d{1,2}(\.\d)?", rule)] == []


def test_refusals_stand_in_their_order_of_precedence() -> None:
    assert list(Code) == sorted(Code)
    assert list(RULE_OF) == sorted(RULE_OF)
