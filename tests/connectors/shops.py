"""Malls that send webhooks: they sign as their documentation says, by code of their own."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import httpx

from shareback.api.connectors.connections import open_connection
from tests.backends.servers import Mall

PAYLOADS = Path(__file__).parent / "payloads"
SECRET = "shpss_0123456789abcdef"
CLIENT_ID = "afcd2eb5b88fbdbd90"
LOCAL = ("127.0.0.1/32",)
OWN = """
signature = { scheme = "hmac-sha256-hex", header = "X-Signature" }
topic = { path = "event" }
time = { path = "sent_at" }
age_max_s = 600

[[rules]]
topics = ["paid"]
does = "pay"
order = "order.no"
member = "order.buyer.open_id | order.buyer.phone"
merchant = "order.seller"
amount = "order.total_cents"
minus = "sum(order.vouchers[kind == gift_card, credit].cents) | '0'"
unit = "cent"
currency = "order.currency"

[[rules]]
topics = ["arrived"]
does = "receive"
order = "order.no"

[[rules]]
topics = ["given back"]
does = "refund"
order = "order.no"
refund = "refund.no"
amount = "sum(refund.lines[].cents)"
unit = "cent"
currency = "'CNY'"
"""

Document: TypeAlias = dict[str, object]


def recorded(name: str) -> Document:
    """A payload as the mall's documentation shows it."""
    document: Document = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return document


def hmac_of(body: bytes, secret: str = SECRET) -> bytes:
    """HMAC-SHA256, computed here and not by the code under test."""
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


class Shop:
    """A mall that is connected to a programme."""

    def __init__(self, mall: Mall, shape: str = "", mapping: str = "", **options: str) -> None:
        """Connect it, under the name of its shape where it is given none."""
        self.name = options.get("name", shape or "own")
        self.url = f"{mall.url}/connections/{self.name}"
        self.ids = count(1)
        self.connection = open_connection(
            mall.programme,
            self.name,
            SECRET,
            shape,
            mapping,
            CLIENT_ID if shape == "youzan" else "",
            LOCAL if shape == "youzan" else (),
            options.get("prefix", ""),
            options.get("merchant_id", ""),
            mall.alias,
        )

    def post(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Post a body as it is."""
        return httpx.post(self.url, content=body, headers=dict(headers), timeout=60)

    def shopify(
        self, topic: str, document: object, delivery: str = "", **headers: str
    ) -> httpx.Response:
        """Send an event as Shopify does."""
        body = json.dumps(document).encode()
        sent = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Webhook-Id": delivery or f"b54557e4-{next(self.ids)}",
            "X-Shopify-Triggered-At": datetime.now(UTC).isoformat(),
            "X-Shopify-Hmac-Sha256": base64.b64encode(hmac_of(body)).decode(),
        }
        return self.post(body, sent | {name.replace("_", "-"): headers[name] for name in headers})

    def woocommerce(self, document: object, delivery: str = "") -> httpx.Response:
        """Send ``order.updated`` as WooCommerce does."""
        body = json.dumps(document).encode()
        sent = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Topic": "order.updated",
            "X-WC-Webhook-Delivery-ID": delivery or f"36e520ebabc2{next(self.ids)}",
            "X-WC-Webhook-Signature": base64.b64encode(hmac_of(body)).decode(),
        }
        return self.post(body, sent)

    def youzan(self, document: Document, *, event_sign: bool = True) -> httpx.Response:
        """Send a push as Youzan does: with ``Event-Sign``, or with ``sign`` alone."""
        msg = str(document["msg"])
        sign = hashlib.md5(f"{CLIENT_ID}{msg}{SECRET}".encode()).hexdigest()  # noqa: S324
        body = json.dumps(document | {"sign": sign}).encode()
        whole = hashlib.md5(CLIENT_ID.encode() + body + SECRET.encode())  # noqa: S324
        return self.post(body, {"Event-Sign": whole.hexdigest()} if event_sign else {})

    def own(self, document: object) -> httpx.Response:
        """Send an event of the shape `OWN`."""
        body = json.dumps(document).encode()
        return self.post(body, {"X-Signature": "sha256=" + hmac_of(body).hex()})


def with_msg(document: Document, **fields: object) -> Document:
    """A push of Youzan's with another message."""
    return document | {"msg": quote(json.dumps(fields))}
