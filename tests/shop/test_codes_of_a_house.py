"""The demo's code and the terminal's: for houses of test issuers, and not a programme longer."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker, Settings

from shareback.mall.accounts.login import STATE
from shareback.mall.tables import make_tables
from shareback.rules.programme import Issuer
from tests.backends.house import House
from tests.backends.journals import forget, register
from tests.shop.callers import Caller, new_phone
from tests.shop.codes import SENT, code_for

DEMO = "246810"


@pytest.fixture
def alias(fresh_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of this test's own: which programmes there are in all of it matters here."""
    register("house_alone", fresh_url)
    with django_db_blocker.unblock():
        make_tables("house_alone")
        yield "house_alone"
        forget("house_alone")


def test_an_easy_code_holds_until_the_first_real_programme_opens(
    settings: Settings, alias: str, default_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert default_database == alias
    settings.SHAREBACK_CODE_SENDER = ""
    settings.SHAREBACK_DEMO_CODE = ""
    trial = House()
    visitor, phone = Caller(trial), new_phone()
    assert visitor.post("/auth/code", {"phone": phone}).status_code == 204
    code = visitor.client.session[STATE]["code"]
    assert f"code {code} for {phone}" in capsys.readouterr().err

    settings.SHAREBACK_DEMO_CODE = DEMO
    settings.SHAREBACK_CODE_SENDER = "tests.shop.codes.Kept"
    SENT.clear()
    assert code_for(Caller(trial), new_phone()) == DEMO

    # An account of the trial's shop is one of the real shop's too.
    House(issuer=Issuer.model_validate({"name": "Winery", "register": "HRB", "number": "1"}))
    assert code_for(Caller(trial), new_phone()) != DEMO
    settings.SHAREBACK_CODE_SENDER = ""
    assert Caller(trial).refused("/auth/code", {"phone": new_phone()}) == "codes_unavailable"
    assert capsys.readouterr().err == ""
