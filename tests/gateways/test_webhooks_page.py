"""The page on webhooks says what is sent: a real example of each type, and code that verifies."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from shareback.engine.engine import Engine
from shareback.gateways import lookups
from shareback.gateways.crew import DOUBLINGS, OF_ONE_CLIENT, OF_SLOW, PAUSE_S, THREADS
from shareback.gateways.deliveries import LEASE_US, LONGEST_DELAY_US, TRIES, WAITING_MAX
from shareback.gateways.endpoints import SLICE
from shareback.gateways.models import Delivery
from shareback.gateways.notices import TYPES, message
from shareback.gateways.pruning import KEEP_DAYS
from shareback.gateways.sending import (
    ANSWER_MAX,
    AT_ONCE,
    BATCH,
    DEADLINE_S,
    HEAD_MAX,
    PATIENCE_S,
    Letter,
    headers_of,
)
from shareback.gateways.webhooks import BUDGET_S, SLOW_S, Limits
from tests.docs.pages import blocks, code_spans, page, rows, sections
from tests.gateways.lived import notices_of
from tests.gateways.receiver import Clock

PAGE = page("reference/webhooks.md")
PROGRAMME = 1


def parts() -> dict[str, str]:
    """What the page says of each type."""
    found = re.split(r"^### (.+)$", sections(PAGE)["Types"], flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def sent(life: Engine) -> list[dict[str, object]]:
    """The documents of a life, as programme 1 would send them."""
    return [json.loads(message(PROGRAMME, one)) for one in notices_of(life)]


def test_the_page_tells_of_every_type_and_no_other() -> None:
    assert set(parts()) == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_the_example_of_a_type_is_what_is_sent(life: Engine, name: str) -> None:
    (example,) = blocks(parts()[name], "json")
    assert json.loads(example)["type"] == name
    assert json.loads(example) in sent(life)
    assert parts()[name].strip().startswith(TYPES[name])


@pytest.fixture
def reader(tmp_path: Path) -> ModuleType:
    """The page's own code, as a module."""
    (code,) = blocks(PAGE, "python")
    path = tmp_path / "reader.py"
    path.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("reader", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_code_of_the_page_takes_a_message_once(reader: ModuleType) -> None:
    letter = Letter("1-7-0", '{"type":"order.paid"}')
    headers = headers_of(reader.SECRET, letter, Clock()())
    assert reader.take(headers, letter.body.encode()) == {"type": "order.paid"}
    assert reader.take(headers, letter.body.encode()) is None


def test_the_figures_of_the_page_are_those_of_the_code() -> None:
    assert f"{TRIES} attempts" in PAGE
    assert f"{LONGEST_DELAY_US // 3_600_000_000} hours" in PAGE
    assert f"within {PATIENCE_S:.0f} seconds" in PAGE
    assert f"{WAITING_MAX:,} messages" in PAGE


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    assert f"serves {THREADS} endpoints at the same time" in PAGE
    assert f"of one client {OF_ONE_CLIENT} at most" in PAGE
    assert THREADS == 2 * OF_SLOW
    assert f"ends after {BUDGET_S:.0f} seconds" in PAGE
    assert f"more than {SLOW_S:.0f} seconds" in PAGE
    assert f"at most {BATCH} messages, each of another member, {AT_ONCE} of them" in PAGE
    assert f"begin within {DEADLINE_S / 2:.0f} seconds, and at {DEADLINE_S:.0f} seconds" in PAGE
    assert f"up to {PAUSE_S * 2**DOUBLINGS:.0f} seconds" in PAGE
    assert f"not found within {lookups.DEADLINE_S:.0f} seconds" in PAGE
    assert f"while {lookups.AT_ONCE_OF_ONE} lookups" in PAGE
    assert f"of a body up to {ANSWER_MAX // 1_024} KiB" in PAGE
    assert f"more than {HEAD_MAX // 1_024} KiB is a failure" in PAGE
    assert f"listed for {KEEP_DAYS} days" in PAGE
    assert f"{SLICE:,} messages at a time" in PAGE
    assert f"replay of more than {SLICE:,} messages" in PAGE


def test_a_batch_is_over_long_before_its_lease() -> None:
    slowest_s = Limits().lookup + DEADLINE_S + PATIENCE_S
    assert slowest_s * 1_000_000 <= LEASE_US / 2


def test_every_state_is_told() -> None:
    told = {
        span for row in rows(sections(PAGE)["Order and retries"]) for span in code_spans(row[0])
    }
    assert told == {state.name.lower() for state in Delivery.State}
