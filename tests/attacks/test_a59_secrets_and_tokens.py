"""A59 and access: secrets in constant time, tokens that are signed, scopes, networks, rates."""

import base64
import json
from secrets import compare_digest

import httpx
import pytest

from shareback.api import clients
from shareback.api.clients import ClientRefused, open_client, rotate_secret, switch_off
from shareback.api.models import Client, Secret
from shareback.api.scopes import SCOPES
from shareback.gateways.endpoints import register
from tests.backends.servers import Mall


def token_with(mall: Mall, secret: str) -> httpx.Response:
    """Ask for a token with some secret."""
    return httpx.post(
        f"{mall.server.url}/oauth/token",
        auth=(mall.client_id, secret),
        data={"grant_type": "client_credentials"},
        timeout=60,
    )


def row_of(mall: Mall) -> Client:
    """The mall's client."""
    return Client.objects.using(mall.alias).get(client_id=mall.client_id)


def test_a_secret_is_compared_in_constant_time_and_kept_nowhere(
    mall: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert token_with(mall, mall.secret[:-1]).status_code == 401
    assert token_with(mall, "").status_code == 401
    compared = []

    def watched(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return compare_digest(one, other)

    monkeypatch.setattr("shareback.api.clients.secrets.compare_digest", watched)
    rotate_secret(row_of(mall), mall.alias)
    for secret, is_right in ((mall.secret, True), (mall.secret[:-1] + "!", False)):
        compared.clear()
        assert clients.secret_is_right(row_of(mall), secret, mall.alias) is is_right
        # All of a client's secrets, whole digests each, whichever it is.
        assert [(len(one), len(other)) for one, other in compared] == [(32, 32)] * 2
    kept = [*Secret.objects.using(mall.alias).values(), *Client.objects.using(mall.alias).values()]
    assert mall.client_id in repr(kept)
    assert mall.secret not in repr(kept)
    assert mall.secret.encode().hex() not in repr(kept)


def test_a_rotated_secret_goes_on_for_a_day_beside_the_new_one(mall: Mall) -> None:
    fresh = rotate_secret(row_of(mall), mall.alias)
    assert token_with(mall, fresh).status_code == 200
    assert token_with(mall, mall.secret).status_code == 200
    Secret.objects.using(mall.alias).filter(programme_id=mall.programme).exclude(
        ends_at=None
    ).update(ends_at=1)
    assert token_with(mall, mall.secret).status_code == 401
    assert token_with(mall, fresh).status_code == 200


def test_a_token_that_was_changed_is_none(mall: Mall) -> None:
    header, claims, signature = mall.http.headers["Authorization"][7:].split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    more = base64.urlsafe_b64encode(json.dumps(said | {"exp": 2**40}).encode()).rstrip(b"=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for forged in (
        f"{header}.{more.decode()}.{signature}",
        f"{unsigned}.{claims}.",
        f"{header}.{claims}.{signature[:-4]}AAAA",
        "nonsense",
    ):
        answer = mall.http.get(mall.url, headers={"Authorization": f"Bearer {forged}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("scope", "path", "body"),
    [
        ("orders:write", "/orders", {"order_id": "o", "member_id": "li", "amount": "1"}),
        ("members:write", "/members", {"member_id": "x"}),
        ("points:write", "/members/li/redemptions", {"points": "1"}),
        ("treasury:write", "/treasury/funds", {"amount": "1"}),
        ("payouts:write", "/members/li/withdrawals", {"amount": "1"}),
        ("merchants:write", "/merchants", {"merchant_id": "m"}),
    ],
)
def test_what_a_scope_does_not_open_stays_shut(
    mall: Mall, scope: str, path: str, body: dict[str, object]
) -> None:
    other = mall.second_client(set(SCOPES) - {scope})
    answer = other.post(path, body)
    assert (answer.status_code, answer.json()["detail"]) == (403, f"needs the scope {scope}")
    narrowed = mall.token(scope="programme:read")
    answer = mall.http.post(
        mall.url + path,
        json=body,
        headers={"Authorization": f"Bearer {narrowed}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 403


def test_a_client_calls_from_its_own_networks_only(mall: Mall) -> None:
    assert mall.second_client(networks=["127.0.0.0/8"]).get("").status_code == 200
    answer = mall.second_client(networks=["10.0.0.0/8", "2001:db8::/32"]).get("")
    assert (answer.status_code, answer.json()["code"]) == (403, "address_forbidden")


def test_whoever_calls_too_often_is_told_when_to_come_back(mall: Mall) -> None:
    eager = mall.second_client(requests_per_minute=5)
    answers = [eager.get("") for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert answers[0].headers["RateLimit-Policy"] == '"client";q=5;w=60'
    assert answers[0].headers["RateLimit"].startswith('"client";r=4;')
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert mall.get("").status_code == 200


def test_a_client_that_was_switched_off_gets_no_token_and_no_messages(mall: Mall) -> None:
    endpoint = register(
        mall.programme, row_of(mall).number, "https://127.0.0.1/", (), mall.alias, to_private=True
    )
    switch_off(row_of(mall), mall.alias)
    endpoint.refresh_from_db(using=mall.alias)
    assert not endpoint.active
    assert token_with(mall, mall.secret).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "networks", "words"),
    [
        (["orders:read", "money:print"], [], "scope money:print: choose from"),
        ([], [], r"scope \(none\): choose from"),
        (["orders:read"], ["10.0.0.1/8"], "has host bits set"),
        (["orders:read"], ["everywhere"], "does not appear to be"),
    ],
)
def test_a_client_that_cannot_be_is_refused(
    mall: Mall, scopes: list[str], networks: list[str], words: str
) -> None:
    with pytest.raises(ClientRefused, match=words):
        open_client(mall.programme, "x", scopes, networks, alias=mall.alias)


def test_every_write_leaves_a_row_of_who_wrote_it(mall: Mall) -> None:
    from shareback.api.models import Written  # noqa: PLC0415

    mall.done("/treasury/funds", {"amount": "1"}, "funded")
    mall.post("/members/li/redemptions", {"points": "1"}, "refused")
    rows = Written.objects.using(mall.alias).filter(programme_id=mall.programme)
    found = {row.key.partition(":")[2]: row for row in rows}
    assert (found["funded"].accepted, found["funded"].refused) == (1, 0)
    assert (found["refused"].accepted, found["refused"].refused) == (0, 1)
    assert found["funded"].address == "127.0.0.1"
    assert found["funded"].path.endswith("/treasury/funds")
    assert len(bytes(found["funded"].request)) == 32


@pytest.mark.parametrize("credentials", [b"\xff\xfe:x", b"no colon", b"a\x00b:c"])
def test_credentials_that_are_none_are_told_so(mall: Mall, credentials: bytes) -> None:
    answer = httpx.post(
        f"{mall.server.url}/oauth/token",
        headers={"Authorization": f"Basic {base64.b64encode(credentials).decode()}"},
        data={"grant_type": "client_credentials"},
        timeout=60,
    )
    assert answer.status_code in {400, 401}


def test_a_path_that_no_database_can_hold_is_refused_in_words(mall: Mall) -> None:
    answer = mall.post("/members/a%00b/redemptions", {"points": "1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "id_invalid")
    assert mall.http.get(f"{mall.url}?lang=en").status_code == 200
    away = f"{mall.server.url}/programmes/-99999999999999999999/connections/x"
    assert httpx.post(away, content=b"{}", timeout=60).status_code == 404


def test_nobody_reads_the_journal_through_webhooks_without_its_scope(mall: Mall) -> None:
    other = mall.second_client(["webhooks:write"])
    answer = other.post("/webhooks", {"url": "https://example.com/"})
    assert (answer.status_code, answer.json()["detail"]) == (403, "needs the scope journal:read")
