"""Programmes for the engine's tests; their databases are those of ``tests.backends.journals``."""

import pytest

from shareback.engine.engine import Engine
from tests.backends.once import Once
from tests.engine.busy import busy_programme, end


@pytest.fixture(scope="session")
def busy(alias: str, once: Once) -> Engine:
    """A programme in which much has happened; whoever changes its rows puts them back."""
    return once(("busy", alias), lambda: busy_programme("busy", alias))


@pytest.fixture(scope="session")
def ended(alias: str, once: Once) -> Engine:
    """A programme whose life is over."""
    return once(("ended", alias), lambda: lived_to_the_end(alias))


def lived_to_the_end(alias: str) -> Engine:
    """A programme that was ended after much had happened in it."""
    engine = busy_programme("ended", alias, seed=2)
    end(engine)
    return engine
