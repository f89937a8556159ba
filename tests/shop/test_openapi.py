"""The shop's OpenAPI document: complete, with examples, and what the site really answers."""

from collections.abc import Iterator
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel
from schemathesis import checks
from schemathesis.core.result import Ok

from shareback.api import shop
from shareback.mall.opening import appoint
from tests.backends.house import House
from tests.backends.servers import Server
from tests.shop.access import OPERATIONS
from tests.shop.callers import Caller

EXAMPLES = 4
KEYS = count(1)
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
ENDS_THE_SESSION = {"log_out", "set_password"}
MONEY = {
    "sell_points",
    "convert_my_points",
    "pay_charge",
    "check_out",
    "ask_for_coins",
    "exchange_coins",
    "redeem_own_points",
}
PASSWORD = "wind over hills"


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = httpx.get(f"{server.url}/shops/openapi.json", timeout=60).json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Each path, method and operation."""
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_tells_of_every_operation(document: dict[str, Any]) -> None:
    found = operations(document)
    assert {operation["operationId"] for _path, _method, operation in found} == set(OPERATIONS)
    for path, method, operation in found:
        assert operation["description"], (path, method)
        told = {status: one for status, one in operation["responses"].items() if status < "300"}
        assert told
        assert all("content" in one or status == "204" for status, one in told.items()), path


def test_every_place_in_an_address_is_a_parameter(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        places = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert named == places, (path, method)


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path, method, operation in operations(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if media["schema"].get("type") == "object":
                assert path.endswith("/pictures"), path
                continue
            schema = schemas[media["schema"]["$ref"].rpartition("/")[2]]
            fields = schema["properties"].values()
            shown = schema.get("examples") or all(field.get("examples") for field in fields)
            assert shown, (path, method)


def test_no_two_documents_have_one_name() -> None:
    """Django Ninja would tell one of them in the place of the other."""
    folder = Path(shop.__file__).parent
    modules = [import_module(f"shareback.api.shop.{file.stem}") for file in folder.glob("*.py")]
    named: dict[str, type] = {}
    for module in modules:
        for name, one in vars(module).items():
            if isinstance(one, type) and issubclass(one, BaseModel) and one.__name__ == name:
                assert named.setdefault(name, one) is one, name


def test_what_moves_money_needs_a_key_and_every_write_the_token(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in names) == (operation["operationId"] in MONEY), path
        assert ("X-CSRFToken" in names) == (method != "get"), path


class Phone:
    """A member who owns a merchant, logged in at a running site."""

    def __init__(self, house: House, server: Server) -> None:
        """Log in by password."""
        li = Caller.member(house)
        assert li.user is not None
        appoint(house.partner, li.user)
        li.user.set_password(PASSWORD)
        li.user.save()
        self.house = house
        self.site = server.url.removesuffix("/api/v1")
        self.http = httpx.Client(base_url=f"{server.url}/shops/{house.shop.slug}", timeout=60)
        token = self.http.get("/session").json()["csrf"]
        body = {"login": li.user.phone, "password": PASSWORD}
        entered = self.http.post("/auth/password", json=body, headers={"X-CSRFToken": token})
        assert entered.status_code == 200, entered.text
        self.token = entered.json()["csrf"]

    def headers(self, *, keyed: bool) -> dict[str, str]:
        """What every request carries."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        key = {"Idempotency-Key": f"key-{next(KEYS)}"} if keyed else {}
        return {"X-CSRFToken": self.token, "Cookie": cookies, "Accept-Language": "en", **key}


@pytest.fixture
def phone(house: House, server: Server) -> Iterator[Phone]:
    """A member who owns a merchant, logged in."""
    one = Phone(house, server)
    one.house.good()
    yield one
    one.http.close()


def test_whatever_is_sent_the_answer_is_as_the_document_says(
    phone: Phone, document: dict[str, Any]
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name not in ENDS_THE_SESSION:
            try_out(phone, operation, keyed=name in MONEY)


def try_out(phone: Phone, operation: Any, *, keyed: bool) -> None:
    """Send generated requests of one operation, and check each answer."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        case.path_parameters["slug"] = phone.house.shop.slug
        if "merchant" in case.path_parameters:
            case.path_parameters["merchant"] = phone.house.partner.pk
        case.headers.clear()
        case.call_and_validate(
            base_url=phone.site, headers=phone.headers(keyed=keyed), checks=CHECKS
        )

    tried()
