"""A62: bodies that never come, on every path of the house, keep nobody else waiting."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from shareback.api.middleware import BODY_MAX, PICTURE_MAX
from tests.backends.servers import Mall, Server
from tests.connectors.shops import Shop, recorded

MUTE, SECOND, OTHER = "127.0.0.2", "127.0.0.3", "127.0.0.4"
THREADS = 64
SOON_S = 10
PATHS = [
    "/api/v1/oauth/token",
    "/api/v1/payments/test/notices",
    "/api/v1/shops/any/auth/verify",
    "/api/v1/shops/any/merchant/1/goods/1/pictures",
    "/console/login/",
    "/cashier/any",
    "/m/any/",
]


def head(path: str, length: int, *more: str) -> bytes:
    """The head of a post, whose body is another matter."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def called(server: Server, address: str = OTHER) -> socket.socket:
    """A connection from an address."""
    site = urlsplit(server.url)
    there = (site.hostname or "", site.port or 0)
    return socket.create_connection(there, timeout=30, source_address=(address, 0))


@contextmanager
def mute(server: Server, path: str, number: int, *addresses: str) -> Iterator[None]:
    """Callers who say from each address that a body comes, and send none."""
    with ExitStack() as open_ones:
        for address in addresses:
            for _one in range(number):
                raw = open_ones.enter_context(called(server, address))
                raw.sendall(head(path, 100))
        yield


def answer_to(server: Server, sent: bytes) -> str:
    """What is answered to a head and, perhaps, the beginning of a body."""
    with called(server) as raw:
        raw.sendall(sent)
        return raw.recv(4_096).decode()


def stranger(server: Server, method: str, path: str) -> int:
    """What somebody else is answered, soon."""
    site = urlsplit(server.url)
    transport = httpx.HTTPTransport(local_address=OTHER)
    with httpx.Client(transport=transport, timeout=SOON_S) as client:
        body = None if method == "GET" else {"a": "b"}
        address = f"http://{site.netloc}{path}"
        return client.request(method, address, data=body).status_code


def everybody_is_served(mall: Mall, shop: Shop) -> None:
    """A token, calls with it, a connected mall's delivery, and pages."""
    mall.http.headers["Authorization"] = f"Bearer {mall.token()}"
    assert mall.http.get(mall.url, timeout=SOON_S).status_code == 200
    assert mall.post("/members", {"member_id": "somebody"}).is_success
    paid = shop.shopify("orders/paid", recorded("shopify.orders_paid"))
    assert paid.status_code == 200, paid.text
    assert stranger(mall.server, "GET", "/") == 200
    assert stranger(mall.server, "POST", "/api/v1/shops/any/auth/verify") == 404


@pytest.mark.parametrize("path", [*PATHS, "own connection"])
def test_sixty_four_mute_callers_from_one_address_hold_up_nobody(
    new_mall: Callable[..., Mall], path: str
) -> None:
    mall = new_mall(currency="USD", maturity_days=7)
    shop = Shop(mall, "shopify")
    path = urlsplit(shop.url).path if path == "own connection" else path
    with mute(mall.server, path, THREADS, MUTE):
        everybody_is_served(mall, shop)


@pytest.mark.parametrize("path", PATHS[1:])
def test_mute_callers_from_many_addresses_hold_up_their_own_kind_alone(
    new_mall: Callable[..., Mall], path: str
) -> None:
    mall = new_mall(currency="USD", maturity_days=7)
    shop = Shop(mall, "shopify")
    with mute(mall.server, path, THREADS // 2, MUTE, SECOND):
        assert mall.token()
        paid = shop.shopify("orders/paid", recorded("shopify.orders_paid"))
        assert paid.status_code == 200, paid.text


@pytest.mark.parametrize("path", [*PATHS, "/", "/nowhere"])
def test_no_path_takes_a_body_without_end(server: Server, path: str) -> None:
    most = PICTURE_MAX if path.endswith("/pictures") else BODY_MAX
    form = "Content-Type: multipart/form-data; boundary=b"
    for length in (most + 1, 10**11, 10**30):
        assert answer_to(server, head(path, length, form))[9:12] in ("413", "400"), length
    assert answer_to(server, head(path, most + 1, form))[9:12] == "413"


def test_a_body_in_chunks_is_refused_before_it_is_read(server: Server) -> None:
    sent = head("/console/login/", 0, "Transfer-Encoding: chunked")
    sent = sent.replace(b"Content-Length: 0\r\n", b"")
    assert answer_to(server, sent)[9:12] == "411"


def test_half_of_a_body_does_nothing(mall: Mall) -> None:
    lines = [
        json.dumps({"order_id": f"o{n}", "member_id": "li", "amount": "1"}) for n in range(100)
    ]
    body = "\n".join(lines).encode()
    path = urlsplit(mall.url).path + "/orders:batch"
    sent = head(
        path,
        len(body) + 1,
        "Idempotency-Key: half",
        f"Authorization: {mall.http.headers['Authorization']}",
    )
    with called(mall.server) as raw:
        raw.sendall(sent + body)
        raw.shutdown(socket.SHUT_WR)
        assert "201" not in raw.recv(4_096).decode()
    assert mall.get("").json()["orders"] == 0
    # The same under the same key, whole, is taken.
    told = mall.batch(body, "half").text.splitlines()
    assert [json.loads(line)["status"] for line in told] == [201] * 100
