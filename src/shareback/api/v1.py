"""Version 1 of the API, put together; and its OpenAPI document."""

import logging
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import register_converter
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from shareback import __version__
from shareback.api.access import BEARER
from shareback.api.addresses import OutsideId
from shareback.api.openapi import completed
from shareback.api.problems import Problem, faults_of
from shareback.api.routes import (
    bulk,
    connectors,
    members,
    merchants,
    orders,
    reading,
    statements,
    webhooks,
)

LOG = logging.getLogger(__name__)


class Api(NinjaAPI):
    """Django Ninja's API with a document that also tells of keys, problems and scopes."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI document."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        completed(schema)
        return schema


api = Api(
    title="Shareback",
    version="1",
    description=(
        "Programmes, members, orders, points and coins. Amounts are decimal strings. Every write"
        f" carries an `Idempotency-Key`. Server version {__version__}."
    ),
    auth=BEARER,
    urls_namespace="api-v1",
    docs_url="/docs",
)
register_converter(OutsideId, "outside_id")
# What follows an id is looked for first; else it would be taken for a part of the id.
for router in (
    members.router,
    orders.router,
    bulk.router,
    merchants.router,
    statements.router,
    reading.router,
):
    api.add_router("/programmes", router)
api.add_router("/programmes", connectors.router)
api.add_router("/programmes", webhooks.router)


@api.exception_handler(Problem)
def told(request: HttpRequest, fault: Problem) -> HttpResponse:
    """A problem that a view has found."""
    return fault.response(request)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """A request that is not as the document says."""
    return Problem(422, "invalid", errors=faults_of(fault.errors)).response(request)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """What Django Ninja itself refuses: a body that is no JSON."""
    return Problem(fault.status_code, "invalid", str(fault)).response(request)


@api.exception_handler(Http404)
def missing(request: HttpRequest, _fault: Http404) -> HttpResponse:
    """Nothing there."""
    return Problem(404, "not_found").response(request)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def gone(request: HttpRequest, fault: Exception) -> HttpResponse:
    """The database cannot be reached, or is locked for too long."""
    LOG.warning("%s %s: %s", request.method, request.path, fault)
    return Problem(503, "unavailable", headers={"Retry-After": "2"}).response(request)


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A bug of ours: nothing of it is shown, and nothing was written."""
    LOG.error("%s %s failed", request.method, request.path, exc_info=fault)
    return Problem(500, "internal").response(request)
