"""Both languages say the same things, and the pages find every word they ask for."""

import re
from pathlib import Path
from string import Formatter

import pytest

from shareback.web.texts import DEFAULT, TEXTS

WEB = Path(__file__).resolve().parents[2] / "src" / "shareback" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
MADE_OF_PARTS = ("_note", "_title", "_words", "_detail", "label_", "account_", "entry_", "pending_")


def places(text: str) -> set[str]:
    """The figures that a text waits for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_chinese_is_spoken_to_whoever_has_not_chosen() -> None:
    assert DEFAULT == "zh"
    assert set(TEXTS) == {"zh", "en"}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(TEXTS["zh"]) == list(TEXTS["en"])


def test_no_text_is_empty() -> None:
    assert [key for texts in TEXTS.values() for key, text in texts.items() if not text] == []


@pytest.mark.parametrize("key", sorted(set(TEXTS["zh"]) - {"month"}))
def test_both_languages_name_the_same_figures(key: str) -> None:
    assert places(TEXTS["zh"][key]) == places(TEXTS["en"][key])


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_only_for_texts_that_exist_and_need_no_figures(template: Path) -> None:
    asked = set(re.findall(r"\bt\.(\w+)", template.read_text(encoding="utf-8")))

    assert asked - set(TEXTS["zh"]) == set()
    assert {key for key in asked if places(TEXTS["zh"].get(key, ""))} == set()


def test_every_text_is_asked_for_somewhere() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.py")))
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    unused = [
        key
        for key in TEXTS["zh"]
        if not re.search(rf"t\.{key}\b", pages)
        and not re.search(rf"""["']{key}["']""", code)
        and not any(part in key for part in MADE_OF_PARTS)
    ]

    assert unused == []
