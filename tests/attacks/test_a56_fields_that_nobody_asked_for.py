"""A56: `points`, `role`, `programme` in a body are refused, and change nothing."""

import pytest

from tests.backends.servers import Mall

BODIES: dict[str, dict[str, object]] = {
    "/members": {"member_id": "x"},
    "/orders": {"order_id": "o", "member_id": "li", "amount": "1"},
    "/merchants": {"merchant_id": "m"},
    "/treasury/funds": {"amount": "1"},
    "/members/li/redemptions": {"points": "1"},
    "/parties": {"party": 1, "member_id": "li"},
}
EXTRA: dict[str, object] = {
    "programme": 1,
    "role": "operator",
    "approvals": 2,
    "cash": "100",
    "price": "1",
    "key": "k",
    "at": 0,
}


@pytest.mark.parametrize("path", BODIES)
def test_a_field_that_is_not_in_the_document_is_refused(mall: Mall, path: str) -> None:
    before = mall.get("").json()
    for field, value in EXTRA.items():
        answer = mall.post(path, BODIES[path] | {field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert [error["where"] for error in answer.json()["errors"]] == [field]
    assert mall.get("").json() == before
