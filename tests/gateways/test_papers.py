"""Papers: set by typst from shown strings, the same bytes each time, and nothing read as markup."""

import string
import threading
from datetime import date
from pathlib import Path
from unicodedata import category

import pytest

from shareback.gateways.papers import setting
from shareback.gateways.papers.setting import (
    FONTS,
    MISSING,
    ROWS_MAX,
    TAGGED_ROWS_MAX,
    FontsMissing,
    PaperTooLong,
    PressBusy,
    PressFailed,
    characters,
    printed,
    set_paper,
    settable,
)
from shareback.gateways.papers.shapes import Column, Paper, Section
from shareback.gateways.papers.words import LANGUAGES, WORDS, Voice
from tests.gateways.pages_of import is_tagged, pages_of, said_in, title_and_language

MARKUP = '#panic("x") [a] $y$ *b* _c_ `d` <e> @f \\ // = - + / https://g.example "h" {i} ~ --- ...'


def paper(language: str = "en", rows: int = 3, name: str = "Vintage") -> Paper:
    """A small paper."""
    table = Section(
        "Entries",
        "all of them",
        [Column("Date", "day"), Column("What", "words"), Column("Cash")],
        [(f"2026-03-{1 + at % 28:02}", (f"entry {at}", name), f"+¥{at}.00") for at in range(rows)],
        sentences=["A quota is a ceiling."],
    )
    return Paper(
        language,
        "月结单" if language == "zh" else "Statement",
        name,
        "March 2026",
        "",
        "Issuer",
        date(2026, 3, 31),
        f"{name} · March 2026",
        [("Issuer", "Issuer of points")],
        [table],
    )


@pytest.mark.parametrize("key", WORDS)
def test_every_text_has_both_languages_and_the_same_figures(key: str) -> None:
    chinese, english = WORDS[key]
    assert chinese
    assert english
    named = [
        {name for _text, name, _spec, _way in string.Formatter().parse(one) if name}
        for one in (chinese, english)
    ]
    if key != "month":
        assert named[0] == named[1]


def test_the_fonts_have_every_character_of_all_texts() -> None:
    used = {one for both in WORDS.values() for text in both for one in text}
    assert {ord(one) for one in used} <= characters()


def test_months_are_named_as_people_name_them() -> None:
    assert Voice("zh").month("2026-03") == "2026 年 3 月"
    assert Voice("en").month("2026-12") == "December 2026"
    assert LANGUAGES == ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_is_set_with_its_title_and_language_and_no_warning(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = set_paper(paper(language))
    title, told = title_and_language(body)
    assert title.endswith("Vintage · March 2026")
    assert told.startswith(language)
    assert b"pdfaid:part" in body
    assert caplog.records == []
    said = said_in(body)
    for part in ("entry 2", "+¥2.00", "A quota is a ceiling.", "1 / 1"):
        assert part in said


def test_the_same_paper_is_the_same_file() -> None:
    assert set_paper(paper("zh")) == set_paper(paper("zh"))


def test_names_with_markup_are_set_as_text() -> None:
    said = said_in(set_paper(paper(name=MARKUP))).replace("\n", "").replace(" ", "")
    assert said.count(MARKUP.replace(" ", "")) >= 4


def test_what_the_fonts_do_not_have_is_shown_as_missing_and_never_left_blank() -> None:
    assert settable("酒庄\U0001f377\u202e𠮷") == f"酒庄{MISSING}{MISSING}"
    assert settable("a\tb\x00c\u2028d") == "a b c d"
    body = set_paper(paper(name="酒庄\U0001f377\u202e\x07é̈"))
    assert f"酒庄{MISSING}" in said_in(body)


def test_a_long_word_breaks_at_the_edge_of_its_column() -> None:
    word = "".join(string.ascii_letters[at % 52] for at in range(200))
    said = said_in(set_paper(paper(name=word)))
    assert word in said.replace("\n", "")
    assert word not in said


def test_every_character_that_may_change_the_direction_is_left_out() -> None:
    directions = "".join(map(chr, [0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]))
    assert {category(one) for one in directions} <= {"Cf", "Zs"}
    assert settable(directions.replace("\u200b", "")).strip() == ""


def test_a_long_table_has_its_head_and_a_number_on_each_page() -> None:
    pages = pages_of(set_paper(paper(rows=200)))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
    assert all("What" in page for page in pages[:-1])


@pytest.mark.parametrize("more", [0, 1])
def test_a_paper_of_many_rows_has_no_tags(more: int) -> None:
    assert is_tagged(set_paper(paper(rows=TAGGED_ROWS_MAX + more))) is (more == 0)


def test_what_the_press_cannot_set_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting, "ordered", lambda _paper: b"{}")
    with pytest.raises(PressFailed, match="KeyError"):
        set_paper(paper())
    monkeypatch.setattr(setting, "SECONDS_MAX", 0)
    with pytest.raises(PressFailed, match="not set within 0 s"):
        set_paper(paper())


def test_more_rows_than_a_paper_takes_are_refused() -> None:
    with pytest.raises(PaperTooLong, match="10,001 entries"):
        set_paper(paper(rows=ROWS_MAX + 1))


def test_missing_fonts_are_told_with_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert all(font.is_file() for font in FONTS)
    monkeypatch.setattr(setting, "FONTS", (tmp_path / "none.ttf",))
    with pytest.raises(FontsMissing, match="make setup"):
        printed(paper)


def test_one_paper_is_set_at_a_time_and_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting, "WAIT_S", 0.01)
    drawing, go_on = threading.Event(), threading.Event()
    done: list[bytes] = []

    def slow() -> Paper:
        drawing.set()
        assert go_on.wait(30)
        return paper()

    first = threading.Thread(target=lambda: done.append(printed(slow)))
    first.start()
    assert drawing.wait(30)
    with pytest.raises(PressBusy):
        printed(paper)
    go_on.set()
    first.join()
    assert done == [printed(paper)]
