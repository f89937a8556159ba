"""The OpenAPI document: complete, with examples, and what the site really does (schemathesis)."""

import copy
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import SerializationContext, checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from tests.backends.servers import Mall, Server

EXAMPLES = 20
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@schemathesis.serializer("application/x-ndjson")
def lines(_context: SerializationContext, value: Any) -> bytes:
    """A body of lines is text already."""
    return value.encode(errors="replace") if isinstance(value, str) else bytes(value)


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = httpx.get(f"{server.url}/openapi.json", timeout=60).json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Each path, method and operation."""
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_openapi_3_1_with_an_id_a_summary_and_a_scope_for_each_call(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    found = operations(document)
    assert len(found) > 25
    assert len({operation["operationId"] for _path, _method, operation in found}) == len(found)
    for path, method, operation in found:
        assert operation["description"], (path, method)
        assert {"401", "404", "429"} <= {str(status) for status in operation["responses"]}


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path, method, operation in operations(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            reference = media["schema"].get("$ref", "").rpartition("/")[2]
            assert "example" in media or schemas[reference].get("examples"), (path, method)


def test_every_write_needs_a_key(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method != "get"), (path, method)


def test_whatever_is_sent_the_answer_is_as_the_document_says(
    new_mall: Callable[..., Mall], document: dict[str, Any]
) -> None:
    mall = new_mall()
    mall.members("m-1001", "m-0007")
    mall.done("/merchants", {"merchant_id": "noodles"})
    mall.done("/orders", {"order_id": "o", "member_id": "m-1001", "amount": "9", "received": True})
    schema = schemathesis.openapi.from_dict(document)
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok)
        try_out(mall, operation.ok())


def try_out(mall: Mall, operation: Any) -> None:
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
        if "programme" in (case.path_parameters or {}):
            case.path_parameters["programme"] = mall.programme
        headers = {"Authorization": mall.http.headers["Authorization"]}
        site = mall.server.url.removesuffix("/api/v1")
        case.call_and_validate(base_url=site, headers=headers, checks=CHECKS)

    tried()


def test_an_answer_that_the_document_does_not_tell_would_be_found(
    mall: Mall, document: dict[str, Any]
) -> None:
    planted = copy.deepcopy(document)
    path = "/api/v1/programmes/{programme}/orders"
    for status in ("404", "422"):
        del planted["paths"][path]["post"]["responses"][status]
    schema = schemathesis.openapi.from_dict(planted)
    with pytest.raises(FailureGroup, match="Undocumented status code"):
        try_out(mall, schema[path]["POST"])
