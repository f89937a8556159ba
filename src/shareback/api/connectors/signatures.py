"""Whether a delivery is the mall's own: signatures over the raw body, compared in constant time.

Source:
    Shopify: https://shopify.dev/docs/apps/build/webhooks/verify-deliveries ·
    WooCommerce: https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks ·
    Youzan: https://doc.youzanyun.com/detail/MSG/201 ·
    Standard Webhooks: https://www.standardwebhooks.com · attack A57.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shareback.api.connectors.paths import NotJson, read_json
from shareback.api.connectors.shapes import Signature

TOLERANCE_S = 300
"""How far the signed time of Standard Webhooks may be off."""


class Sent(NamedTuple):
    """A delivery as it came in: nothing of it is believed yet."""

    headers: Mapping[str, str]
    body: bytes


class Shared(NamedTuple):
    """What a mall and Shareback both know; the client id is no secret, and only Youzan's."""

    secret: str
    client_id: str = ""


def is_signed(signature: Signature, sent: Sent, known: Iterable[Shared]) -> bool:
    """Whether a delivery bears the signature of one of some secrets.

    Args:
        signature: The shape's scheme.
        sent: The delivery.
        known: The secrets that hold now; all are tried, so that the time tells nothing.
    """
    found = [is_signed_with(signature, sent, one) for one in known]
    return any(found)


def is_signed_with(signature: Signature, sent: Sent, shared: Shared) -> bool:
    """Whether a delivery bears the signature of a secret."""
    key = shared.secret.encode()
    match signature.scheme:
        case "hmac-sha256-base64":
            computed = base64.b64encode(hmac.digest(key, sent.body, "sha256"))
            return is_same(computed, sent.headers.get(signature.header, ""))
        case "hmac-sha256-hex":
            computed = hmac.digest(key, sent.body, "sha256").hex().encode()
            given = sent.headers.get(signature.header, "")
            return is_same(computed, given.lower().removeprefix("sha256="))
        case "standard-webhooks":
            return is_standard(sent, shared.secret)
        case "youzan":
            return is_youzan(sent, shared)


def is_same(computed: bytes, given: str) -> bool:
    """Whether a signature is the one that was computed, in constant time."""
    return hmac.compare_digest(computed, given.encode("utf-8", "surrogatepass"))


def is_standard(sent: Sent, secret: str) -> bool:
    """Whether a delivery is signed as Standard Webhooks has it, id and time included."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        at = int(sent.headers.get("Webhook-Timestamp", ""))
    except (binascii.Error, ValueError):
        return False
    if abs(time.time() - at) > TOLERANCE_S:
        return False
    head = f"{sent.headers.get('Webhook-Id', '')}.{at}.".encode()
    computed = b"v1," + base64.b64encode(hmac.digest(key, head + sent.body, "sha256"))
    given = sent.headers.get("Webhook-Signature", "").split()
    return any(is_same(computed, each) for each in given)


def is_youzan(sent: Sent, shared: Shared) -> bool:
    """Whether a delivery is signed as Youzan does: MD5 over client id, text and secret.

    ``Event-Sign`` covers the whole body. Pushes without it carry ``sign``, which covers ``msg``
    alone: the body is read as JSON for these two texts before the signature is known.
    """
    given = sent.headers.get("Event-Sign", "")
    signed: bytes = sent.body
    if not given:
        given, signed = youzan_parts(sent.body)
    parts = shared.client_id.encode() + signed + shared.secret.encode()
    computed = hashlib.md5(parts, usedforsecurity=False).hexdigest()
    return is_same(computed.encode(), given.lower())


def youzan_parts(body: bytes) -> tuple[str, bytes]:
    """The signature in a body and the text that it covers; nothing where they are missing."""
    try:
        envelope = read_json(body)
    except NotJson:
        return "", b""
    if not isinstance(envelope, dict):
        return "", b""
    sign, msg = envelope.get("sign"), envelope.get("msg")
    if not isinstance(sign, str) or not isinstance(msg, str):
        return "", b""
    return sign, msg.encode("utf-8", "surrogatepass")
