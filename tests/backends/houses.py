"""Shops in this process, on a database of each kind."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.backends.house import House, Opens


@pytest.fixture
def default_database(alias: str) -> Iterator[str]:
    """The tests' database as the site's own: the mall names no other."""
    before = connections.databases["default"]
    connections["default"].close()
    del connections["default"]
    connections.databases["default"] = connections.databases[alias]
    yield alias
    connections["default"].close()
    del connections["default"]
    connections.databases["default"] = before


@pytest.fixture
def new_house(default_database: str) -> Opens:
    """Opens shops, each of a programme of its own."""

    def opens(**parameters: Any) -> House:
        return House(**parameters)

    return opens


@pytest.fixture
def house(new_house: Opens) -> House:
    """A shop under the worked example's parameters."""
    return new_house()
