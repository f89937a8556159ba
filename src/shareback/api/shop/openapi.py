"""What Django Ninja leaves out of the shop's OpenAPI document: sessions, keys, problems."""

from typing import Any

from shareback.api.openapi import KEY_PARAMETER, REPLAYED
from shareback.api.problems import MEDIA_TYPE
from shareback.api.schemas import ProblemOut

KEYED = {"x-idempotent": True}
"""Marks an operation that takes an Idempotency-Key: pass it as ``openapi_extra``."""

PROBLEMS = {
    400: "The key is missing, or the request is no JSON.",
    401: "Nobody is logged in.",
    403: "Whoever is logged in may not do this, or the page's token is out of date.",
    404: "There is no such thing in this shop, or it is somebody else's.",
    409: "The state of things does not allow it now.",
    413: "The body is too large.",
    422: "The request is not as this document says.",
    429: "Too many attempts.",
    503: "The journal cannot be reached; a retry with the same key is safe.",
}
READS = (401, 403, 404, 409, 422, 503)
WRITES = frozenset({"post", "put", "patch", "delete"})
SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "Which shop: the name in the address of its phone pages.",
    "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    "example": "vineyard",
}
MERCHANT = {
    "name": "merchant",
    "in": "path",
    "required": True,
    "description": "Which merchant; its own people alone are let in.",
    "schema": {"type": "integer"},
    "example": 3,
}
CSRF = {
    "name": "X-CSRFToken",
    "in": "header",
    "required": True,
    "description": "What `GET /session` gives as `csrf`.",
    "schema": {"type": "string"},
    "example": "kQb5…",
}
LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "`zh` for Chinese texts; else they are English.",
    "schema": {"type": "string"},
    "example": "zh",
}


def completed(document: dict[str, Any]) -> None:
    """Add to a document what its operations share."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["ProblemOut"] = ProblemOut.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            complete(operation, path, is_write=method in WRITES)


def complete(operation: dict[str, Any], path: str, *, is_write: bool) -> None:
    """Add parameters and problems to an operation."""
    parameters = operation.setdefault("parameters", [])
    known = {parameter["name"] for parameter in parameters}
    shared = [SLUG, LANGUAGE]
    if "{merchant}" in path:
        shared.append(MERCHANT)
    if is_write:
        shared.append(CSRF)
    if operation.pop("x-idempotent", False):
        shared.append(KEY_PARAMETER)
        for response in operation["responses"].values():
            response["headers"] = REPLAYED
    parameters[:0] = [one for one in shared if one["name"] not in known]
    if path.endswith(".svg"):
        drawn = {"schema": {"type": "string"}, "example": "<svg xmlns=…/>"}
        operation["responses"][200]["content"] = {"image/svg+xml": drawn}
    if path.endswith(".pdf"):
        printed = {"schema": {"type": "string", "format": "binary"}}
        operation["responses"][200]["content"] = {"application/pdf": printed}
    operation["security"] = [{"session": []}, {}]
    reference = {"$ref": "#/components/schemas/ProblemOut"}
    for status in PROBLEMS if is_write else READS:
        operation["responses"].setdefault(
            status,
            {
                "description": PROBLEMS[status],
                "content": {MEDIA_TYPE: {"schema": reference}},
            },
        )
