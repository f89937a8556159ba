"""Programmes for the engine's tests; their databases are those of ``tests.backends.journals``."""

import pytest

from shareback.engine.engine import Engine
from tests.engine.busy import busy_programme, end


@pytest.fixture(scope="session")
def busy(alias: str) -> Engine:
    """A programme in which much has happened; whoever changes its rows puts them back."""
    return busy_programme("busy", alias)


@pytest.fixture(scope="session")
def ended(alias: str) -> Engine:
    """A programme whose life is over."""
    engine = busy_programme("ended", alias, seed=2)
    end(engine)
    return engine
