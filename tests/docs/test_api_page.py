"""The page of the API says what the code does: scopes, codes, and the words of refusals."""

import re

import pytest

from shareback.api.middleware import BODY_MAX, BULK_MAX
from shareback.api.routes.bulk import LINES_MAX
from shareback.api.scopes import SCOPES
from shareback.api.words import WORDS
from shareback.api.writing import KEY_MAX
from shareback.rules.codes import FIRST_REFUSAL, Code
from tests.docs.pages import page, rows, sections
from tests.docs.test_docs import refusal_rows

PAGE = page("reference/api.md")
REFUSALS = {code.name.lower() for code in Code if code >= FIRST_REFUSAL}


def test_every_scope_is_told() -> None:
    told = {row[0].strip("`"): row[1] for row in rows(sections(PAGE)["Access"])[1:]}
    assert told == SCOPES


def test_every_code_of_the_api_itself_is_told() -> None:
    told = {row[0].strip("`") for row in rows(sections(PAGE)["What holds for every call"])[1:]}
    assert told == set(WORDS) - REFUSALS


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refusal_says_what_the_table_of_refusals_says(code: str) -> None:
    _number, _name, _rule, english, chinese = refusal_rows()[code.upper()]
    assert WORDS[code] == {"en": english.replace("`", ""), "zh": chinese.replace("`", "")}


def test_the_bounds_are_told() -> None:
    assert BODY_MAX == 64 * 1024
    assert BULK_MAX == 16 * 1024 * 1024
    assert f"at most {LINES_MAX:,} lines of 64 KiB and 16 MiB" in PAGE
    assert re.search(rf"1 to {KEY_MAX} printable ASCII", PAGE)
