"""A57: a forged notification, and a deliberately bad signature; verified on the raw body."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from tests.backends.servers import Mall
from tests.connectors.shops import OWN, Shop, hmac_of

PAID = {
    "event": "paid",
    "order": {
        "no": "o-1",
        "buyer": {"open_id": "li"},
        "seller": "winery",
        "total_cents": "10000",
        "vouchers": [],
        "currency": "CNY",
    },
}


def test_only_a_signature_over_the_very_bytes_is_taken(new_mall: Callable[..., Mall]) -> None:
    mall = new_mall()
    shop = Shop(mall, mapping=OWN)
    document = PAID | {"sent_at": datetime.now(UTC).isoformat()}
    body = json.dumps(document).encode()
    before = mall.get("").json()
    right = hmac_of(body).hex()
    same_meaning = json.dumps(document, indent=1).encode()
    for sent, signature in (
        (body, right[:-1] + ("0" if right[-1] != "0" else "1")),
        (body, hmac_of(body, "guessed").hex()),
        (body, ""),
        (body.replace(b"10000", b"99999"), right),
        (same_meaning, right),
        (b"", right),
    ):
        answer = shop.post(sent, {"X-Signature": f"sha256={signature}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert shop.post(body, {}).status_code == 401
    assert mall.get("").json() == before
    assert shop.post(body, {"X-Signature": f"sha256={right}"}).status_code == 200
    assert mall.get("").json()["orders"] == 1
