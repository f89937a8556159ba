"""Signatures: right ones, and their nearest negatives."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

import pytest

from shareback.api.connectors.shapes import Signature
from shareback.api.connectors.signatures import Sent, Shared, is_signed
from tests.connectors.shops import CLIENT_ID, SECRET, hmac_of

BODY = b'{"id": 1, "note": "\xe6\x9c\xa8"}'
BASE64 = Signature(scheme="hmac-sha256-base64", header="X-Sign")
HEX = Signature(scheme="hmac-sha256-hex", header="X-Sign")
STANDARD = Signature(scheme="standard-webhooks")
YOUZAN = Signature(scheme="youzan")
KNOWN = [Shared("another secret 12345", CLIENT_ID), Shared(SECRET, CLIENT_ID)]


def accepts(signature: Signature, headers: Mapping[str, str], body: bytes = BODY) -> bool:
    """Whether a delivery is believed."""
    return is_signed(signature, Sent(headers, body), KNOWN)


def test_an_hmac_is_right_in_its_own_writing_alone() -> None:
    in_base64, in_hex = base64.b64encode(hmac_of(BODY)).decode(), hmac_of(BODY).hex()
    assert accepts(BASE64, {"X-Sign": in_base64})
    assert accepts(HEX, {"X-Sign": in_hex})
    assert accepts(HEX, {"X-Sign": f"sha256={in_hex.upper()}"})
    assert not accepts(BASE64, {"X-Sign": in_hex})
    assert not accepts(HEX, {"X-Sign": in_base64})


@pytest.mark.parametrize("given", ["", "A", "=", "µ", "\udcff", " "])
@pytest.mark.parametrize("signature", [BASE64, HEX, STANDARD, YOUZAN])
def test_what_is_no_signature_is_refused(signature: Signature, given: str) -> None:
    headers = dict.fromkeys(("X-Sign", "Webhook-Signature", "Event-Sign"), given)
    assert not accepts(signature, headers | {"Webhook-Timestamp": str(int(time.time()))})
    assert not accepts(signature, {})


def test_one_changed_byte_of_the_body_or_another_secret_is_refused() -> None:
    sign = base64.b64encode(hmac_of(BODY)).decode()
    assert not accepts(BASE64, {"X-Sign": sign}, BODY + b" ")
    other = base64.b64encode(hmac_of(BODY, "yet another secret")).decode()
    assert not accepts(BASE64, {"X-Sign": other})


def standard(at: int, identity: str = "msg_1") -> dict[str, str]:
    """The headers of Standard Webhooks, for a secret that is base64 itself."""
    signed = f"{identity}.{at}.".encode() + BODY
    digest = hmac.new(b"0123456789abcdef", signed, hashlib.sha256).digest()
    return {
        "Webhook-Id": identity,
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": "v1,AAAA v1," + base64.b64encode(digest).decode(),
    }


def test_standard_webhooks_cover_the_id_and_a_fresh_time() -> None:
    known = [Shared("whsec_" + base64.b64encode(b"0123456789abcdef").decode())]
    now = int(time.time())
    good = standard(now)
    assert is_signed(STANDARD, Sent(good, BODY), known)
    assert not is_signed(STANDARD, Sent(standard(now - 400), BODY), known)
    assert not is_signed(STANDARD, Sent(standard(now + 400), BODY), known)
    assert not is_signed(STANDARD, Sent(good | {"Webhook-Id": "msg_2"}, BODY), known)
    assert not is_signed(STANDARD, Sent(good | {"Webhook-Timestamp": str(now - 1)}, BODY), known)
    assert not is_signed(STANDARD, Sent(good | {"Webhook-Timestamp": "soon"}, BODY), known)


def md5(*parts: bytes) -> str:
    """MD5 in hex, as Youzan writes it."""
    return hashlib.md5(b"".join(parts)).hexdigest()  # noqa: S324


def test_youzan_signs_the_body_or_in_older_pushes_the_message() -> None:
    body = json.dumps({"msg": "%7B%7D", "type": "t"}).encode()
    whole = md5(CLIENT_ID.encode(), body, SECRET.encode())
    assert accepts(YOUZAN, {"Event-Sign": whole}, body)
    assert not accepts(YOUZAN, {"Event-Sign": whole}, body + b" ")
    assert not accepts(YOUZAN, {"Event-Sign": md5(body, SECRET.encode())}, body)
    sign = md5(CLIENT_ID.encode(), b"%7B%7D", SECRET.encode())
    older = json.dumps({"msg": "%7B%7D", "sign": sign}).encode()
    assert accepts(YOUZAN, {}, older)
    assert not accepts(YOUZAN, {"Event-Sign": "0" * 32}, older)
    assert not accepts(YOUZAN, {}, older.replace(b"%7B%7D", b"%7B%20%7D"))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"nonsense", b'{"sign": 1, "msg": "a"}', b'{"sign": "a"}']
)
def test_a_body_without_a_signature_is_refused(body: bytes) -> None:
    assert not accepts(YOUZAN, {}, body)
