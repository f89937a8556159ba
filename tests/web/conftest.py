"""A world that has been lived through, on each database, and a browser's way into its pages."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client

from tests.backends.once import Once
from tests.web.world import NAME, build


@pytest.fixture(scope="session")
def world(alias: str, once: Once) -> str:
    """The alias of a database that holds the world."""
    once(("world", alias), lambda: build(alias))
    return alias


@pytest.fixture
def site(world: str) -> Iterator[Client]:
    """A client of the site, which finds the world where it looks for its database."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[world]
    yield Client()
    connections[DEFAULT_DB_ALIAS] = before


@pytest.fixture
def page() -> str:
    """The address of the world's public page."""
    return f"/p/{quote(NAME)}/"
