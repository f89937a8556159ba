"""Access tokens: asked for when needed, kept while they last, renewed once where one is refused."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from shareback.client import Mall, ProblemError
from shareback.client.session import TOKEN_MARGIN_S
from tests.backends.servers import Mall as Served
from tests.client.proxies import Proxy, drop_answer, drop_unread, says, says_plainly

LIFETIME_S = 900
Connects = Callable[..., Mall]


@pytest.fixture
def through(mall: Served, proxy: Proxy, connect: Connects) -> Mall:
    """A client that calls through the proxy."""
    return connect(mall, proxy.url)


def test_a_token_is_kept_until_shortly_before_it_ends(through: Mall, proxy: Proxy) -> None:
    now = [1_000.0]
    through.session.clock = lambda: now[0]
    assert proxy.seen_tokens == []
    for later, tokens in [(0, 1), (LIFETIME_S - TOKEN_MARGIN_S - 1, 1), (1, 2), (1, 2)]:
        now[0] += later
        through.member("li")
        assert len(proxy.seen_tokens) == tokens
    assert len({call.token for call in proxy.seen}) == 2


def test_a_refused_token_is_renewed_and_the_order_sent_again_under_its_key(
    through: Mall, proxy: Proxy
) -> None:
    through.member("li")
    proxy.planned = [says(401, "unauthorised")]
    through.pay_order("o1", "li", 100)
    assert len(proxy.seen_tokens) == 2
    _read, first, second = proxy.seen
    assert first.key == second.key
    assert first.token != second.token
    through.member("li")
    assert len(proxy.seen_tokens) == 2


def test_a_token_is_renewed_once_only(through: Mall, proxy: Proxy) -> None:
    proxy.planned = [says(401, "unauthorised")] * 2
    with pytest.raises(ProblemError, match="401 unauthorised"):
        through.member("li")
    assert (len(proxy.seen), len(proxy.seen_tokens)) == (2, 2)


def test_a_token_is_asked_for_again_where_the_network_fails(through: Mall, proxy: Proxy) -> None:
    proxy.planned_tokens = [drop_unread, drop_answer, says(503, "busy")]
    assert through.member("li").number == 1
    assert len(proxy.seen_tokens) == 4


def test_a_wrong_secret_is_told_and_not_tried_again(
    mall: Served, proxy: Proxy, connect: Connects
) -> None:
    mall.secret = "wrong"
    client = connect(mall, proxy.url)
    with pytest.raises(ProblemError, match="401 invalid_client"):
        client.member("li")
    assert (len(proxy.seen), len(proxy.seen_tokens)) == (0, 1)


def test_a_token_s_address_that_speaks_no_oauth_is_told(through: Mall, proxy: Proxy) -> None:
    proxy.planned_tokens = [says_plainly(200, b"<html>")]
    with pytest.raises(ProblemError, match="200 answer_unreadable"):
        through.member("li")


def test_threads_that_share_a_client_ask_for_one_token(through: Mall, proxy: Proxy) -> None:
    together = threading.Barrier(8)

    def read(_number: int) -> str:
        together.wait(60)
        return through.member("li").member_id

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == ["li"] * 8
    assert len(proxy.seen_tokens) == 1


def test_no_secret_is_shown_with_the_client(client: Mall, mall: Served) -> None:
    client.member("li")
    token = client.session.token
    assert token is not None
    shown = f"{client!r} {client.session!r}"
    assert mall.secret not in shown
    assert token.text not in shown


@pytest.mark.parametrize(
    "url",
    [
        *("", "points.example/api/v1", "ftp://points.example", "https://"),
        *("https://u:p@points.example", "https://points.example/?a=1", "https://points.example/#a"),
    ],
)
def test_an_address_that_could_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url: give one such as"):
        Mall(url, "id", "secret", 1)


def test_not_a_single_try_is_refused() -> None:
    with pytest.raises(ValueError, match="tries 0: give 1 or more"):
        Mall("https://points.example/api/v1", "id", "secret", 1, tries=0)
