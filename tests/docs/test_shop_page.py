"""The page of the shop's API says what the code does: every problem, in both languages."""

from django.conf import settings

from shareback.api.shop.words import SHOP_WORDS
from shareback.api.words import WORDS
from shareback.mall import charges, merchants, pictures
from shareback.mall.accounts import codes
from tests.docs.pages import page, rows, sections

PAGE = page("reference/shop.md")


def test_every_problem_is_told_with_its_words() -> None:
    told = {
        row[0].strip("`"): (int(row[1]), row[2], row[3])
        for row in rows(sections(PAGE)["Problems"])[1:]
    }
    assert told == {code: tuple(word) for code, word in SHOP_WORDS.items()}


def test_a_code_has_one_meaning_in_both_apis() -> None:
    for code in SHOP_WORDS.keys() & WORDS.keys():
        word = SHOP_WORDS[code]
        assert WORDS[code] == {"en": word.en, "zh": word.zh}


def test_the_bounds_are_told() -> None:
    assert codes.DIGITS == 6
    assert settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS == 3
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 5 * 60
    assert settings.ACCOUNT_RATE_LIMITS["request_login_code"] == "30/m/ip,3/m/key,20/d/key"
    assert charges.OPEN_SECONDS == 2 * 60
    assert (pictures.BYTES_MAX, pictures.PIXELS_MAX) == (8 * 2**20, 40_000_000)
    assert (pictures.LARGE, pictures.SMALL, merchants.PICTURES_MAX) == (1_200, 400, 9)
