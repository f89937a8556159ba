"""Every address of the console by every role; one that nobody has declared fails."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.urls import URLPattern, URLResolver

from shareback.console.roles import MODELS, OPEN, PAGES, Role, may_see, rule_of
from shareback.console.site import CONSOLE
from tests.backends.house import House
from tests.console.desks import Hires, Worker


class Address(NamedTuple):
    """An address of the console and its name."""

    name: str
    path: str


def addresses(
    found: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[Address]:
    """All that the console's site answers to."""
    for one in CONSOLE.get_urls() if found is None else found:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, path)
        else:
            yield Address(one.name or "", path)


ALL = list(addresses())
NAMED = [one for one in ALL if one.name]
BEHIND = [one for one in NAMED if one.name not in OPEN]


def filled(path: str) -> str:
    """An address with numbers that may lead to something."""
    return path.replace("<int:number>", "1").replace("<int:sequence>", "1")


def is_plain(address: Address) -> bool:
    """Whether an address can be asked for without knowing of a model's row."""
    return "<" not in filled(address.path) and "^" not in address.path


PLAIN = [one for one in BEHIND if is_plain(one)]
TWO_STEPS = {"webhook_again", "switch", "autocomplete"}
"""Addresses that take forms alone, or need a model's field."""


def test_every_address_has_a_rule() -> None:
    undeclared = [one.path for one in BEHIND if rule_of(one.name) is None]
    assert undeclared == []


def test_nameless_addresses_only_lead_on() -> None:
    # Django's own redirect of a model's old address; the gate refuses it, since it has no rule.
    assert all(one.path.endswith("<path:object_id>/") for one in ALL if not one.name)


def test_every_rule_has_an_address() -> None:
    names = {one.name for one in NAMED} | {"search"}
    assert set(PAGES) - names == set()
    models = {f"{label}_changelist" for label in MODELS}
    assert models - names == set()


def test_an_address_that_nobody_declared_stays_shut(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert operator.get("days/").status_code == 200
    monkeypatch.delitem(PAGES, "days")
    assert operator.get("days/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_roles_see_what_the_table_says(house: House, hire: Hires, role: str) -> None:
    house.member()
    worker = hire(house.programme, role)
    for address in PLAIN:
        if address.name in TWO_STEPS:
            continue
        status = worker.get(filled(address.path)).status_code
        if may_see(address.name, [role]):
            # A thing of which a programme so young has none is not there: others try those.
            missing = {404} if "<" in address.path else set()
            assert status in {200, 302} | missing, address
        else:
            assert status == 403, address


@pytest.mark.parametrize("role", list(Role))
def test_roles_change_only_what_the_table_says(house: House, hire: Hires, role: str) -> None:
    worker = hire(house.programme, role)
    for address in PLAIN:
        rule = rule_of(address.name)
        assert rule is not None
        status = worker.post(filled(address.path)).status_code
        assert (status == 403) is (role not in rule.do), (address, status)


def test_nobody_opens_anything_without_logging_in(default_database: str) -> None:
    stranger = Worker()
    for address in PLAIN:
        for answer in (stranger.get(filled(address.path)), stranger.post(filled(address.path))):
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/console/login/"), address


def test_a_member_of_the_shop_opens_nothing(house: House) -> None:
    stranger = Worker()
    membership = house.member()
    stranger.user = membership.user
    stranger.at_work()
    for address in PLAIN:
        answer = stranger.get(filled(address.path))
        assert answer.headers["Location"].startswith("/console/login/"), address


def test_some_rules_are_worth_repeating() -> None:
    assert not may_see("journal", [Role.SUPPORT])
    assert not may_see("trail", [Role.FINANCE, Role.SUPPORT])
    assert may_see("trail", [Role.AUDITOR])
    for name, rule in PAGES.items():
        if name not in {"switch", "password_change"}:
            assert Role.AUDITOR not in rule.do, name


def test_two_roles_add_up(house: House, hire: Hires) -> None:
    both = hire(house.programme, "support", "auditor")
    assert both.get("journal/").status_code == 200
    assert both.get("trail/").status_code == 200


def test_the_menu_shows_what_opens(house: House, hire: Hires) -> None:
    page = hire(house.programme, "support").text()
    assert 'href="/console/members/"' in page
    assert 'href="/console/journal/"' not in page
