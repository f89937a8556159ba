"""Who is calling: token, address, scope, rate; and which programme is meant (A55, A56)."""

import ipaddress
import time
from typing import NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from ninja.security import HttpBearer

from shareback.api.bodies import CLIENTS, STRANGERS, read
from shareback.api.models import Client
from shareback.api.problems import Problem
from shareback.api.tokens import TOKENS, TokenRefused

KEPT_S = 5.0
"""A client is looked up again after this: what was switched off ends no later."""

ADDRESS_MAX = 45
"""Characters of the longest IPv6 address."""

HOME_BITS = 56
"""Of an IPv6 address: what one household or machine is given; the rest it makes up."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Caller(NamedTuple):
    """A client with the rights that its token gives.

    Attributes:
        programme: Its programme's number.
        number: Its own.
        scopes: What this token was given for, of what the client may do now.
        address: From where it calls.
    """

    programme: int
    number: int
    scopes: frozenset[str]
    address: str


class Known(NamedTuple):
    """A client as it was last looked up."""

    programme: int
    number: int
    scopes: frozenset[str]
    networks: tuple[Network, ...]
    limit: RateLimitItemPerMinute
    seen: float


class Bearer(HttpBearer):
    """Django Ninja's way in: ``Authorization: Bearer …``."""

    openapi_name = "oauth2"

    def __init__(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Know nobody yet."""
        super().__init__()
        self.alias = alias
        self.known: dict[str, Known] = {}
        self.limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller of a request.

        Raises:
            Problem: There is none, or it may not call from there, or not so often.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthorised()
        return self.authenticate(request, token)

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """As `__call__`, with the token at hand."""
        try:
            claims = TOKENS.read(token)
        except TokenRefused:
            raise unauthorised() from None
        known = self.client(claims.client_id)
        address = address_of(request)
        if known.networks and not is_within(address, known.networks):
            raise Problem(403, "address_forbidden")
        self.count(request, claims.client_id, known.limit)
        read(request, CLIENTS, "client", claims.client_id)
        return Caller(known.programme, known.number, claims.scopes & known.scopes, address)

    def client(self, client_id: str) -> Known:
        """A client that may call; looked up every few seconds."""
        known = self.known.get(client_id)
        if known is None or time.monotonic() - known.seen > KEPT_S:
            row = Client.objects.using(self.alias).filter(client_id=client_id, active=True).first()
            if row is None:
                self.known.pop(client_id, None)
                raise unauthorised()
            known = Known(
                row.programme_id,
                row.number,
                frozenset(row.scopes.split()),
                tuple(ipaddress.ip_network(text) for text in row.networks.split()),
                RateLimitItemPerMinute(row.requests_per_minute),
                time.monotonic(),
            )
            self.known[client_id] = known
        return known

    def count(self, request: HttpRequest, client_id: str, limit: RateLimitItemPerMinute) -> None:
        """Count a call; the answer tells how many are left."""
        allowed = self.limiter.hit(limit, client_id)
        stats = self.limiter.get_window_stats(limit, client_id)
        wait = max(1, round(stats.reset_time - time.time()))
        headers = {
            "RateLimit-Policy": f'"client";q={limit.amount};w=60',
            "RateLimit": f'"client";r={stats.remaining};t={wait}',
        }
        if not allowed:
            raise Problem(429, "too_many_requests", headers=headers | {"Retry-After": str(wait)})
        request.rate_headers = headers  # type: ignore[attr-defined]


BEARER = Bearer()


def read_stranger(request: HttpRequest, kind: str) -> None:
    """Read the body of somebody who has not shown who they are.

    Args:
        request: Nothing of it is believed yet but where it comes from.
        kind: What it is about; see `bodies.STRANGERS`.

    Raises:
        Problem: Too many such bodies are still on their way (A62), or it ends too early.
    """
    read(request, STRANGERS, kind, household_of(address_of(request)))


def household_of(address: str) -> str:
    """An address, or the network that one household has of IPv6."""
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    mapped = found.ipv4_mapped
    if mapped is not None:
        return str(mapped)
    return str(ipaddress.IPv6Network((found, HOME_BITS), strict=False))


def unauthorised() -> Problem:
    """The answer to whoever has no valid token."""
    return Problem(401, "unauthorised", headers={"WWW-Authenticate": 'Bearer realm="shareback"'})


def address_of(request: HttpRequest) -> str:
    """From where a request comes: what our own proxy says, where there is one (SHAREBACK_PROXY)."""
    if settings.SHAREBACK_PROXY:
        # The right-most entry is the one that the proxy itself wrote; those before it are claims.
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:ADDRESS_MAX]
    return str(request.META.get("REMOTE_ADDR", ""))


def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address lies in one of some networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)


def admit(request: HttpRequest, programme: int, scope: str) -> Caller:
    """The caller, if the programme is its own and its token was given for this.

    Raises:
        Problem: 404 for another's programme, as for one that is not there (A55); 403 for a scope.
    """
    caller: Caller = request.auth  # type: ignore[attr-defined]
    if caller.programme != programme:
        raise Problem(404, "not_found")
    if scope not in caller.scopes:
        raise Problem(403, "forbidden", f"needs the scope {scope}")
    return caller


def with_rate_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that tells how many calls are left."""
    for name, value in getattr(request, "rate_headers", {}).items():
        response.headers[name] = value
    return response
