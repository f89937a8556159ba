"""A shop, and people who ask its API in this process, on a database of each kind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.backends.house import House
from tests.shop.callers import Caller, Staffed

Calls = Callable[..., Caller]


@pytest.fixture(autouse=True)
def no_limits_of_before() -> Iterator[None]:
    """Rate limits count anew, since all tests call from one address."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """Where uploads of this test go."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def visitor(house: House) -> Caller:
    """Somebody who is not logged in."""
    return Caller(house)


@pytest.fixture
def li(house: House) -> Caller:
    """A member."""
    return Caller.member(house)


@pytest.fixture
def winery(house: House) -> Staffed:
    """The owner of the house's merchant, who is no member."""
    return Staffed(house, house.partner)
