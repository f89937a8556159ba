"""A62: huge bodies, slow bodies, and many lines with one bad one at the end."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from shareback.api.middleware import BODY_MAX, BULK_MAX
from shareback.api.problems import FAULTS_MAX
from shareback.api.routes.bulk import LINE_MAX, LINES_MAX
from tests.backends.servers import Mall


@pytest.mark.parametrize(("path", "most"), [("/orders", BODY_MAX), ("/orders:batch", BULK_MAX)])
def test_a_body_that_says_it_is_too_large_is_refused_unread(
    mall: Mall, path: str, most: int
) -> None:
    site = urlsplit(mall.url)
    head = (
        f"POST {site.path}{path} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\n"
        f"Authorization: {mall.http.headers['Authorization']}\r\nContent-Length: {most + 1}\r\n\r\n"
    )
    with socket.create_connection((site.hostname or "", site.port or 0), timeout=30) as raw:
        raw.sendall(head.encode())
        raw.shutdown(socket.SHUT_WR)
        answer = raw.recv(4_096).decode()
    assert answer.startswith("HTTP/1.1 413"), answer
    assert mall.get("").status_code == 200


def test_a_body_of_the_greatest_length_is_looked_at(mall: Mall) -> None:
    answer = mall.http.post(
        f"{mall.url}/orders", content=b" " * BODY_MAX, headers={"Idempotency-Key": "k"}
    )
    assert answer.json()["code"] == "invalid"


def test_too_many_lines_are_refused_whole(mall: Mall) -> None:
    line = json.dumps({"order_id": "o", "member_id": "li", "amount": "1"})
    answer = mall.batch("\n".join([line] * (LINES_MAX + 1)).encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert mall.get("").json()["orders"] == 0


def test_a_bad_line_at_the_end_hurts_none_before_it(mall: Mall) -> None:
    lines = [
        json.dumps({"order_id": f"o{n}", "member_id": "li", "amount": "1"}) for n in range(2_000)
    ]
    answer = mall.batch("\n".join([*lines, '{"order_id": "cut']).encode())
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["status"] for one in told] == [201] * 2_000 + [422]
    assert mall.get("").json()["orders"] == 2_000


def test_bodies_that_never_come_do_not_keep_others_waiting(mall: Mall) -> None:
    site = urlsplit(mall.url)
    head = (
        f"POST {site.path}/orders HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\n"
        f"Authorization: {mall.http.headers['Authorization']}\r\nContent-Length: 100\r\n\r\n"
    )
    slow = [
        socket.create_connection((site.hostname or "", site.port or 0), timeout=30)
        for _ in range(100)
    ]
    other = mall.second_client()
    try:
        for one in slow:
            one.sendall(head.encode())
        assert other.get("").status_code == 200
        other.done("/orders", {"order_id": "o", "member_id": "li", "amount": "1"})
    finally:
        for one in slow:
            one.close()


def test_strangers_whose_bodies_never_come_do_not_keep_others_waiting(mall: Mall) -> None:
    site = urlsplit(mall.url)
    head = "POST /api/v1/oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    slow = [
        socket.create_connection((site.hostname or "", site.port or 0), timeout=30)
        for _ in range(80)
    ]
    try:
        for one in slow:
            one.sendall(head.encode())
        assert mall.get("").status_code == 200
    finally:
        for one in slow:
            one.close()


def test_a_line_without_end_is_refused_alone_and_its_faults_are_few(mall: Mall) -> None:
    many = ",".join(f'"f{n}":1' for n in range(2_000))
    lines = [
        f'{{"order_id":"a","member_id":"li","amount":"1",{many}}}',
        json.dumps({"order_id": "x" * LINE_MAX, "member_id": "li", "amount": "1"}),
        json.dumps({"order_id": "b", "member_id": "li", "amount": "1"}),
    ]
    told = [json.loads(line) for line in mall.batch("\n".join(lines).encode()).text.splitlines()]
    assert [one["status"] for one in told] == [422, 413, 201]
    assert len(told[0]["errors"]) == FAULTS_MAX
