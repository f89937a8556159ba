"""A55: another tenant's id in the path is as unknown as one that is not there."""

from collections.abc import Callable

import pytest

from tests.backends.servers import Mall

ORDER: dict[str, object] = {"order_id": "o", "member_id": "li", "amount": "1"}
WRITES: list[tuple[str, dict[str, object]]] = [
    ("/members", {"member_id": "x"}),
    ("/orders", ORDER),
    ("/orders/o/received", {}),
    ("/orders/o/refunds", {"refund_id": "r", "amount": "1"}),
    ("/members/li/redemptions", {"points": "1"}),
    ("/treasury/funds", {"amount": "1"}),
]
READS = ["", "/members/li", "/members/li/statement", "/orders/o", "/journal", "/days"]


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_a_write_to_another_programme_finds_nothing(
    mall: Mall, new_mall: Callable[..., Mall], path: str, body: dict[str, object]
) -> None:
    other = new_mall()
    other.members("li")
    other.done("/orders", ORDER)
    before = other.get("").json()
    answer = mall.http.post(other.url + path, json=body, headers={"Idempotency-Key": "k"})
    none = mall.http.post(
        f"{mall.server.url}/programmes/32000{path}", json=body, headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == none.status_code == 404
    assert answer.content == none.content
    assert other.get("").json() == before


@pytest.mark.parametrize("path", READS)
def test_a_read_of_another_programme_finds_nothing(
    mall: Mall, new_mall: Callable[..., Mall], path: str
) -> None:
    other = new_mall()
    other.members("li")
    other.done("/orders", ORDER)
    answer = mall.http.get(other.url + path)
    none = mall.http.get(f"{mall.server.url}/programmes/32000{path}")
    assert answer.status_code == none.status_code == 404
    assert answer.content == none.content
