"""F1: `kill -9` at any point of a batch leaves what was acknowledged, whole, and nothing torn."""

import pytest

from tests.faults.conftest import Runs


def test_thirty_kills_lose_nothing_and_tear_nothing(warm: Runs, fresh_url: str) -> None:
    done = warm("kills", url=fresh_url, count=30, seed=1)
    assert done["inside"] > 0
    assert done["batches"] > 30


def test_a_lost_batch_and_a_torn_row_would_be_found(warm: Runs, fresh_url: str) -> None:
    lost, torn = warm("planted", url=fresh_url)["caught"]
    assert lost == "0 batches are left of 1 acknowledged"
    assert torn.startswith("after 1 batches member differs")


@pytest.mark.soak
def test_two_thousand_kills_lose_nothing_and_tear_nothing(warm: Runs, fresh_url: str) -> None:
    done = warm("kills", url=fresh_url, count=2_000, seed=1_000)
    assert done["inside"] > 100


def test_processes_that_write_at_once_write_one_log(warm: Runs, fresh_url: str) -> None:
    """A19 once more, with processes instead of threads."""
    done = warm("writers", url=fresh_url, count=3, rounds=15)
    assert done["ends"] == [0, 0, 0]
    assert done["orders"] == 45
    assert done["events"] == list(range(done["sequence"]))
