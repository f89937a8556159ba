"""A programme with a shop, and people at its console, on a database of each kind."""

import pytest

from tests.backends.house import House
from tests.console.desks import PASSWORD, Hires, Team, Worker


@pytest.fixture
def hire(default_database: str) -> Hires:
    """Hires people."""

    def hires(programme: int, *roles: str, at_work: bool = True) -> Worker:
        worker = Worker(password=None if at_work else PASSWORD).granted(programme, *roles)
        return worker.at_work(programme) if at_work else worker

    return hires


@pytest.fixture
def operator(house: House, hire: Hires) -> Worker:
    """An operator of the house's programme."""
    return hire(house.programme, "operator")


@pytest.fixture
def team(house: House, hire: Hires) -> Team:
    """Somebody of finance, who also approves, and two approvers."""
    return (
        hire(house.programme, "finance", "operator", "approver"),
        hire(house.programme, "approver"),
        hire(house.programme, "approver"),
    )
