"""What Django Ninja leaves out of the OpenAPI document: keys, problems, tokens, NDJSON."""

from typing import Any

from shareback.api.problems import MEDIA_TYPE
from shareback.api.schemas import ProblemOut
from shareback.api.scopes import SCOPES
from shareback.api.writing import KEY, KEY_MAX

PROBLEMS = {
    400: "The key is missing, or the request is no JSON.",
    401: "There is no valid access token.",
    403: "The client may not do this, or a profile forbids it.",
    404: "There is no such thing, or it belongs to another programme.",
    405: "The address does not take this method.",
    409: "The state of the account does not allow it now, or the key is in flight.",
    413: "The body is too large.",
    422: "The request is not as this document says, or its key belongs to another.",
    429: "Too many calls.",
    503: "The journal cannot be reached, or too many calls wait.",
}
READS = (401, 403, 404, 405, 409, 422, 429, 503)
WRITES = ("post", "put", "delete")
TOKEN_PATH = "/api/v1/oauth/token"  # noqa: S105 - an address

KEY_PARAMETER = {
    "name": KEY,
    "in": "header",
    "required": True,
    "description": "The same key with the same body gets the first answer again, for ever.",
    "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": KEY_MAX},
    "example": "7f3c1e52-order-2026-000017",
}
REPLAYED = {
    "Idempotent-Replayed": {
        "description": "true where this is the first answer once more",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
NDJSON = {
    "schema": {"type": "string"},
    "example": '{"line":1,"status":201,"order_id":"a","number":1}',
}


def completed(document: dict[str, Any]) -> None:
    """Add to a document what every operation shares."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["ProblemOut"] = ProblemOut.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    components["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": TOKEN_PATH, "scopes": SCOPES}},
        }
    }
    document["security"] = [{"oauth2": []}]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            complete(operation, is_write=method in WRITES)
            operation["security"] = [{"oauth2": []}]
            if path.endswith("/orders:batch"):
                takes_ndjson(operation)


def complete(operation: dict[str, Any], *, is_write: bool) -> None:
    """Add the key and the problems to an operation."""
    responses = operation["responses"]
    if is_write:
        operation.setdefault("parameters", []).append(KEY_PARAMETER)
        for response in responses.values():
            response["headers"] = REPLAYED
    reference = {"$ref": "#/components/schemas/ProblemOut"}
    for status in PROBLEMS if is_write else READS:
        responses[status] = {
            "description": PROBLEMS[status],
            "content": {MEDIA_TYPE: {"schema": reference}},
        }


def takes_ndjson(operation: dict[str, Any]) -> None:
    """The bulk call: lines in, lines out."""
    line = '{"order_id":"a","member_id":"m-1001","amount":"100"}\n'
    operation["requestBody"] = {
        "required": True,
        "content": {"application/x-ndjson": {"schema": {"type": "string"}, "example": line}},
    }
    operation["responses"][200] = {
        "description": "A line for each line, in order.",
        "headers": REPLAYED,
        "content": {"application/x-ndjson": NDJSON},
    }
