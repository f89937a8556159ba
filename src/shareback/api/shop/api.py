"""The shop's API, put together; and its OpenAPI document."""

import logging
from typing import Any

from allauth.core.exceptions import RateLimited
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from shareback import __version__
from shareback.api.problems import Problem, faults_of, refusal_problem
from shareback.api.shop.frame import anybody, refuse
from shareback.api.shop.openapi import completed
from shareback.api.shop.routers import ROUTERS
from shareback.engine.batch import DaysUnclosed
from shareback.engine.committing import Unavailable
from shareback.gateways.payments.interface import GatewayUnreachable
from shareback.mall.faults import CannotBe, Refused

LOG = logging.getLogger(__name__)


class ShopApi(NinjaAPI):
    """Django Ninja's API with a document that also tells of sessions, keys and problems."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI document."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        completed(schema)
        return schema


shop_api = ShopApi(
    title="Shareback shop",
    version="1",
    description=(
        "What the phone pages of a shop ask. A session logs in; amounts are decimal strings."
        f" Server version {__version__}."
    ),
    auth=anybody,
    urls_namespace="api-shop",
    docs_url=None,
)
for place, router in ROUTERS:
    shop_api.add_router(place, router)


@shop_api.exception_handler(Problem)
def told(request: HttpRequest, fault: Problem) -> HttpResponse:
    """A problem that a view has found."""
    return fault.response(request)


@shop_api.exception_handler(Refused)
def refused_by_rules(request: HttpRequest, fault: Refused) -> HttpResponse:
    """A refusal of the engine."""
    return refusal_problem(fault.answer).response(request)


@shop_api.exception_handler(CannotBe)
def refused_by_mall(request: HttpRequest, fault: CannotBe) -> HttpResponse:
    """A refusal of the mall."""
    return refuse(fault.code, fault.detail).response(request)


@shop_api.exception_handler(GatewayUnreachable)
def gateway_away(request: HttpRequest, fault: GatewayUnreachable) -> HttpResponse:
    """A gateway for cash does not answer."""
    LOG.warning("%s %s: %s", request.method, request.path, fault)
    return refuse("gateway_away").response(request)


@shop_api.exception_handler(RateLimited)
def too_often(request: HttpRequest, _fault: RateLimited) -> HttpResponse:
    """One of the limits on attempts."""
    return refuse("too_often").response(request)


@shop_api.exception_handler(ValidationError)
def malformed(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """A request that is not as the document says."""
    return Problem(422, "invalid", errors=faults_of(fault.errors)).response(request)


@shop_api.exception_handler(HttpError)
def unread(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """What Django Ninja itself refuses: a body that is no JSON."""
    return Problem(fault.status_code, "invalid", str(fault)).response(request)


@shop_api.exception_handler(Http404)
def missing(request: HttpRequest, _fault: Http404) -> HttpResponse:
    """Nothing there."""
    return Problem(404, "not_found").response(request)


@shop_api.exception_handler(DaysUnclosed)
def unclosed(request: HttpRequest, fault: DaysUnclosed) -> HttpResponse:
    """So many days would close that the server's clock must be wrong."""
    headers = {"Retry-After": "60"}
    return Problem(503, "days_unclosed", str(fault), headers=headers).response(request)


@shop_api.exception_handler(OperationalError)
@shop_api.exception_handler(InterfaceError)
@shop_api.exception_handler(Unavailable)
def gone(request: HttpRequest, fault: Exception) -> HttpResponse:
    """The database cannot be reached, or is locked for too long."""
    LOG.warning("%s %s: %s", request.method, request.path, fault)
    return Problem(503, "unavailable", headers={"Retry-After": "2"}).response(request)


@shop_api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A bug of ours: nothing of it is shown, and nothing was written."""
    LOG.error("%s %s failed", request.method, request.path, exc_info=fault)
    return Problem(500, "internal").response(request)
