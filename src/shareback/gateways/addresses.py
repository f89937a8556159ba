"""To where the programme may speak: never to its own machine or network (server-side forgery).

A name is resolved first, every address that it has is checked, and the connection goes to the one
that was checked: a name that points elsewhere a moment later leads nowhere.
"""

import ipaddress
import os
import re
import socket
from collections.abc import Callable, Sequence
from typing import NamedTuple

import httpx

VARIABLE = "SHAREBACK_WEBHOOKS_TO_PRIVATE"
URL_MAX = 500
PORTS = {"https": 443, "http": 80}

PORT_END = 1 << 16
NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
"""What resolvers, certificates and headers all take for a name; any other is encoded as one."""

UNICAST = ipaddress.ip_network("2000::/3")
"""The only part of IPv6 from which public addresses are given out (RFC 4291)."""

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host and port; raises `OSError` where there are none."""


class AddressRefused(ValueError):
    """A URL to which nothing is sent; the text is one line for people."""


class Target(NamedTuple):
    """Where a connection goes.

    Attributes:
        url: With a checked address in place of the host's name.
        host: The ``Host`` header.
        name: Whose certificate is asked for.
    """

    url: httpx.URL
    host: str
    name: str


def may_be_private() -> bool:
    """Whether this installation sends to its own network, and without TLS."""
    return os.environ.get(VARIABLE) == "1"


def resolve(host: str, port: int) -> list[str]:
    """The addresses that this machine finds for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_rest, address in found]


def is_public(address: str) -> bool:
    """Whether an address lies in the open internet, and hides none that does not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour is not None or found not in UNICAST:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def is_host(name: str) -> bool:
    """Whether a text is a host's name, or an address that belongs to no single network card."""
    if ":" in name:
        try:
            return ipaddress.IPv6Address(name).scope_id is None
        except ValueError:
            return False
    return NAME.fullmatch(name) is not None


def target_of(url: str, *, to_private: bool | None = None, look_up: Resolve = resolve) -> Target:
    """Where to connect for a URL.

    Args:
        url: As it was registered.
        to_private: Whether other addresses than public ones, and plain HTTP, are in order; what
            the environment says where nothing is.
        look_up: Finds addresses.

    Raises:
        AddressRefused: It is no such URL, its host is unknown or was not found in time, or one of
            its addresses is not public.
        LookupsBusy: `look_up` is one of `lookups.Lookups`, where too many hang.
    """
    private = may_be_private() if to_private is None else to_private
    parsed = parse(url, private=private)
    port = parsed.port or PORTS[parsed.scheme]
    try:
        addresses = look_up(parsed.raw_host.decode().strip("[]"), port)
    except TimeoutError:
        raise AddressRefused("the host's address was not found in time") from None
    except (OSError, UnicodeError):
        addresses = []
    if not addresses:
        raise AddressRefused("the host is unknown")
    if not private and not all(map(is_public, addresses)):
        raise AddressRefused("the host has an address that is not public")
    host = parsed.netloc.decode()
    return Target(parsed.copy_with(host=addresses[0]), host, parsed.raw_host.decode())


def parse(url: str, *, private: bool) -> httpx.URL:
    """A URL that messages may be sent to.

    Raises:
        AddressRefused: It is none.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise AddressRefused("is no URL") from None
    if parsed.scheme != "https" and not (private and parsed.scheme == "http"):
        raise AddressRefused("must begin with https://")
    if not parsed.host or parsed.userinfo or parsed.fragment:
        raise AddressRefused("needs a host, and neither a password nor a fragment")
    if not is_host(parsed.raw_host.decode()):
        raise AddressRefused("has a host whose name is none")
    if parsed.port is not None and not 0 < parsed.port < PORT_END:
        raise AddressRefused("has a port that does not exist")
    if len(url) > URL_MAX:
        raise AddressRefused(f"is longer than {URL_MAX} characters")
    return parsed
