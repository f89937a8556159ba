"""The API against a plain Django view and against one that does nothing: `bench api`."""

import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import psycopg

from bench.databases import Databases, open_databases
from bench.load import Load, closed, opened

if TYPE_CHECKING:
    from shareback.engine.commands import PayOrder

MEMBERS = 20_000
CLIENTS = 64
SECONDS = 5.0
ROUNDS = 3
ONE_CLIENT_S = 3.0
BULK_LINES = 8_000
BULK_BATCHES = 4
OPEN_SHARE = 0.6
"""Of the capacity that was found: the rate at which latencies are taken, for both alike."""

REPLAYED_EVERY = 9
REPLAYED_ORDERS = 3_000
PATHS = ("ours", "plain", "nothing")


class Site(NamedTuple):
    """A running server, and how to call it.

    Attributes:
        url: Its API.
        token: An access token for `programme`.
        programme: The programme that the API writes to, and the bulk calls.
        peer: The programme that the plain view writes to, with its own token.
        peer_token: An access token for `peer`.
    """

    url: str
    token: str
    programme: int
    peer: int
    peer_token: str


@contextmanager
def serving(made: Databases, alias: str) -> Iterator[str]:
    """The site with the benchmark's addresses, on one of the databases."""
    from tests.backends.servers import free_port, wait_for  # noqa: PLC0415 - needs Django set up

    port = free_port()
    program = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", str(CLIENTS)),
        *("--no-access-log", "shareback.web.wsgi:application"),
    ]
    environment = os.environ | {
        "SHAREBACK_DATABASE": made.url(alias),
        "DJANGO_SETTINGS_MODULE": "bench.site.settings",
    }
    log = made.folder / f"{alias}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(program, env=environment, stdout=out, stderr=out)
    url = f"http://127.0.0.1:{port}/api/v1"
    try:
        wait_for(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def prepare(made: Databases, alias: str) -> tuple[int, int, str, str, str, str]:
    """Two programmes with members, and a client of each."""
    from bench import worlds  # noqa: PLC0415 - as above
    from shareback.api.clients import open_client  # noqa: PLC0415 - as above
    from shareback.api.scopes import SCOPES  # noqa: PLC0415 - as above

    ours = worlds.open_programmes(alias, MEMBERS, ("ours", "peer"))
    made.settle(alias)
    found: list[str] = []
    for programme in ours:
        client, secret = open_client(
            programme, "bench", SCOPES, requests_per_minute=100_000_000, alias=alias
        )
        found += [client.client_id, secret]
    return (*ours, *found)  # type: ignore[return-value]


def token_of(url: str, client: str, secret: str) -> str:
    """An access token."""
    form = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{url}/oauth/token", auth=(client, secret), data=form, timeout=60)
    return str(answer.raise_for_status().json()["access_token"])


class Requests:
    """Requests as bytes, each with an order of its own."""

    def __init__(self, site: Site) -> None:
        """Count orders over the whole run."""
        self.site = site
        self.numbers = count(1)

    def of(self, path: str) -> Iterator[bytes]:
        """Orders to one of `PATHS`."""
        site = self.site
        where, token = {
            "ours": (f"/programmes/{site.programme}/orders", site.token),
            "plain": (f"/programmes/{site.peer}/bench/orders", site.peer_token),
            "nothing": (f"/programmes/{site.programme}/bench/nothing", site.token),
        }[path]
        while True:
            yield self.order(where, token, next(self.numbers))

    def order(self, where: str, token: str, number: int) -> bytes:
        """One order; the same number gives the same request."""
        body = (
            f'{{"order_id":"o{number}","member_id":"m{number % MEMBERS}",'
            f'"amount":"{1 + number % 900}.50","received":true}}'
        )
        return self.request("POST", where, token, f"k{number}", body)

    def request(self, method: str, where: str, token: str, key: str, body: str = "") -> bytes:
        """A request's bytes."""
        site = urlsplit(self.site.url)
        return (
            f"{method} {site.path}{where} HTTP/1.1\r\nHost: {site.netloc}\r\n"
            f"Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def partly_again(self, first: int, last: int) -> Iterator[bytes]:
        """New orders, and among them one in ten that was sent a while ago."""
        where = f"/programmes/{self.site.programme}/orders"
        for number in range(first, last):
            yield self.order(where, self.site.token, number)
            if number % REPLAYED_EVERY == 0 and number - first > 2 * CLIENTS:
                yield self.order(where, self.site.token, number - 2 * CLIENTS)

    def again(self, first: int, last: int) -> Iterator[bytes]:
        """The same orders once more."""
        where = f"/programmes/{self.site.programme}/orders"
        for number in range(first, last):
            yield self.order(where, self.site.token, number)

    def reads(self, first: int, last: int) -> Iterator[bytes]:
        """The same orders, read."""
        for number in range(first, last):
            where = f"/programmes/{self.site.programme}/orders/o{number}"
            yield self.request("GET", where, self.site.token, "-")


def only(load: Load, *statuses: int) -> Load:
    """A load whose answers were all as they should be.

    Raises:
        AssertionError: Some were not.
    """
    if not set(load.statuses) <= set(statuses):
        raise AssertionError(load.statuses)
    return load


def run(load: Coroutine[Any, Any, Load]) -> Load:
    """A load from beginning to end."""
    return asyncio.run(load)


def compare(site: Site) -> dict[str, float]:
    """The three ways under the same load, in turn."""
    requests = Requests(site)
    figures: dict[str, float] = {}
    rates: dict[str, list[float]] = {path: [] for path in PATHS}
    single: dict[str, list[float]] = {path: [] for path in PATHS[:2]}
    for path in PATHS:
        # The first calls compile, connect and fill caches.
        only(run(closed(site.url, requests.of(path), 8, 2.0)), 200, 201)
    for _ in range(ROUNDS):
        for path in PATHS:
            load = run(closed(site.url, requests.of(path), CLIENTS, SECONDS))
            rates[path].append(only(load, 200, 201).per_second)
            print(f"  {path}: {load.per_second:,.0f}/s", file=sys.stderr)
        for path in PATHS[:2]:
            load = run(closed(site.url, requests.of(path), 1, ONE_CLIENT_S))
            single[path].append(only(load, 201).p50_ms)
    figures["group_commit_ratio_64"] = ratio(rates["ours"], rates["plain"])
    figures["noop_ratio_64"] = ratio(rates["ours"], rates["nothing"])
    figures["one_client_ratio"] = ratio(single["ours"], single["plain"])
    for path in PATHS:
        figures[f"{path}_64_s"] = round(median(rates[path]))
    for path in PATHS[:2]:
        figures[f"{path}_one_client_ms"] = round(median(single[path]), 2)
        rate = OPEN_SHARE * median(rates[path])
        load = run(opened(site.url, requests.of(path), 256, rate, SECONDS))
        figures[f"{path}_open_p50_ms"] = round(only(load, 201).p50_ms, 2)
        figures[f"{path}_open_p99_ms"] = round(load.p99_ms, 2)
        figures[f"{path}_open_s"] = round(rate)
    return figures | replays(site, requests)


def replays(site: Site, requests: Requests) -> dict[str, float]:
    """Keys that come again: they change nothing, and cost what a read costs.

    Raises:
        AssertionError: A replayed key changed something.
    """
    first = next(requests.numbers)
    last = first + REPLAYED_ORDERS
    requests.numbers = count(last)
    before = orders_of(site)
    only(run(closed(site.url, requests.partly_again(first, last), CLIENTS, 60.0)), 201)
    paid = orders_of(site) - before
    if paid != last - first:
        raise AssertionError(paid)
    again = run(closed(site.url, requests.again(first, last), 1, ONE_CLIENT_S))
    read = run(closed(site.url, requests.reads(first, last), 1, ONE_CLIENT_S))
    return {
        "replay_over_read": round(only(again, 201).p50_ms / only(read, 200).p50_ms, 2),
        "replay_one_client_ms": round(again.p50_ms, 2),
    }


def orders_of(site: Site) -> int:
    """How many orders the programme counts."""
    headers = {"Authorization": f"Bearer {site.token}"}
    answer = httpx.get(f"{site.url}/programmes/{site.programme}", headers=headers, timeout=60)
    return int(answer.raise_for_status().json()["orders"])


def bulk(site: Site, alias: str) -> dict[str, float]:
    """NDJSON against the engine's own batches of the same size, in turn."""
    from bench import worlds  # noqa: PLC0415 - needs Django set up
    from shareback.engine.engine import Engine  # noqa: PLC0415 - as above

    engine = Engine("peer", alias=alias)
    headers = {"Authorization": f"Bearer {site.token}"}
    address = f"{site.url}/programmes/{site.programme}/orders:batch"
    lines, batches = [], []
    with httpx.Client(headers=headers, timeout=120) as http:
        for place in range(BULK_BATCHES + 1):
            orders = worlds.orders(0, BULK_LINES, range(MEMBERS), f"bulk{place}")
            body = "".join(map(line_of, orders)).encode()
            start = time.perf_counter()
            answer = http.post(address, content=body, headers={"Idempotency-Key": f"b{place}"})
            lines.append(BULK_LINES / (time.perf_counter() - start))
            if answer.text.count('"status":201') != BULK_LINES:
                raise AssertionError(answer.text[:300])
            now = time.time_ns() // 1_000
            commands = [order._replace(at=now) for order in orders]
            start = time.perf_counter()
            worlds.accept(engine, commands)
            batches.append(BULK_LINES / (time.perf_counter() - start))
    return {
        "bulk_engine_ratio": ratio(lines[1:], batches[1:]),
        "bulk_lines_s": round(median(lines[1:])),
        "engine_orders_s": round(median(batches[1:])),
    }


def line_of(order: "PayOrder") -> str:
    """An order as a line."""
    amount = f"{order.paid_uyuan // 1_000_000}.{order.paid_uyuan % 1_000_000:06d}"
    said = {"order_id": order.order_id, "member_id": order.member_id, "amount": amount}
    return json.dumps(said | {"received": True}) + "\n"


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' ratios."""
    return round(median(one / other for one, other in zip(ours, theirs, strict=True)), 2)


def main() -> None:
    """Run everything and print it."""
    aliases = ("postgresql_api", "sqlite_api")
    figures: dict[str, float] = {}
    with open_databases(aliases, ()) as made:
        for alias in aliases:
            vendor = alias.partition("_")[0]
            print(f"{vendor}: the API", file=sys.stderr)
            programme, peer, *secrets = prepare(made, alias)
            with serving(made, alias) as url:
                tokens = [token_of(url, *secrets[place : place + 2]) for place in (0, 2)]
                site = Site(url, tokens[0], programme, peer, tokens[1])
                found = compare(site) | bulk(site, alias)
            prefix = "" if vendor == "postgresql" else "sqlite_"
            figures |= {f"{prefix}{name}": value for name, value in found.items()}
        with psycopg.connect(made.server) as connection:
            server = connection.info.server_version
    ran_on = {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": f"{server // 10_000}.{server % 10_000}",
    }
    if "--json" in sys.argv:
        print(json.dumps({"bench": "api", "figures": figures, "machine": ran_on}))
        return
    for name, value in figures.items():
        print(f"{name:32}{value:>14,g}")
    print(", ".join(f"{name} {value}" for name, value in ran_on.items()))


if __name__ == "__main__":
    main()
