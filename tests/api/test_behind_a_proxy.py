"""Behind a proxy of one's own: who calls is who the proxy says, and only there is it believed."""

from pathlib import Path

import httpx
import pytest

from shareback.api.models import Written
from tests.backends.servers import Mall, serving


def test_what_a_proxy_says_is_believed_where_there_is_one(
    alias: str, journal_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAREBACK_PROXY", "1")
    monkeypatch.setenv("SHAREBACK_ALLOWED_HOSTS", "points.example,127.0.0.1")
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
    with serving(journal_url, tmp_path / "server.log") as site:
        mall = Mall(site, alias)
        token = httpx.post(
            f"{site.url}/oauth/token",
            auth=(mall.client_id, mall.secret),
            data={"grant_type": "client_credentials"},
            headers=said | {"Host": "points.example"},
            timeout=60,
        )
        assert token.status_code == 200
        mall.http.headers.update(said)
        mall.members("li")
        near = mall.second_client(networks=["203.0.113.0/24"])
        near.http.headers.update(said)
        assert near.get("").status_code == 200
        near.http.headers["X-Forwarded-For"] = "203.0.113.9, 6.6.6.6"
        assert near.get("").json()["code"] == "address_forbidden"
        mall.close()
    rows = Written.objects.using(alias).filter(programme_id=mall.programme)
    assert {row.address for row in rows} == {"203.0.113.9"}


def test_elsewhere_it_is_not(mall: Mall) -> None:
    far = mall.second_client(networks=["203.0.113.0/24"])
    far.http.headers["X-Forwarded-For"] = "203.0.113.9"
    assert far.get("").json()["code"] == "address_forbidden"
