"""Texts and figures: both languages say the same things, to the same digit."""

import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from shareback import console
from shareback.console.keyset import whole
from shareback.console.shown import Voice
from shareback.console.words import WORDS
from shareback.rules.programme import TEST_ISSUER, Programme


def named(text: str) -> set[str]:
    """The figures that a text names."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_name_the_same_figures(key: str) -> None:
    chinese, english = WORDS[key]
    assert chinese
    assert english
    assert named(chinese) == named(english)


def test_moments_stand_on_the_programmes_clock() -> None:
    programme = Programme(issuer=TEST_ISSUER, timezone="Asia/Tokyo", currency="JPY")
    voice = Voice.of("en", programme)
    assert voice.moment(datetime(2026, 1, 1, 20, 0, tzinfo=UTC)) == "2026-01-02 05:00:00"
    assert voice.moment(0) == "1970-01-01 09:00:00"
    assert voice.moment(None) == "–"
    assert voice.money(1_000_000) == "JPY 1.00"


@pytest.mark.parametrize("typed", ["", "-1", "+1", "1.0", "1e3", " 1", "\uff11", "9" * 19, "0x1"])
def test_what_is_no_whole_number_is_none(typed: str) -> None:
    assert whole(typed) is None


def test_whole_numbers_are_read() -> None:
    assert whole("0") == 0
    assert whole("9" * 18) == 10**18 - 1


def test_the_catalogue_of_unfolds_words_is_compiled() -> None:
    folder = Path(console.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as source, (folder / "django.mo").open("rb") as made:
        written, compiled = read_po(source), read_mo(made)
    assert len(written) > 50
    texts = {message.id: message.string for message in written if message.id}
    assert {message.id: message.string for message in compiled if message.id} == texts
