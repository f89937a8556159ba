"""How a call becomes an answer: tokens, keys, retries; all but the sending and the waiting.

A talk is a generator. It yields what is to be done next, is sent what came of it, and returns the
answer. So it neither knows nor cares whether it is driven by a thread or by an event loop.
"""

import random
import time
from base64 import b64encode
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar

import httpx

from shareback.client.problems import ProblemError, Unreachable, problem_of
from shareback.client.request import Request, reader

T = TypeVar("T")

PASSING = frozenset({429, 502, 503, 504})
"""Statuses that pass: too many calls, too many wait, a server behind a proxy that restarts."""

PAUSE_S, PAUSE_MAX_S = 0.25, 8.0
"""The longest pause after the first try, doubled with each; and the longest of all."""

RETRY_AFTER_MAX_S = 120.0
"""A server that asks for more patience than this is left to the caller."""

TOKEN_MARGIN_S = 30.0
"""A token is renewed so long before it ends, or after half its life where that is shorter."""


HEADERS = {"User-Agent": "shareback-client", "Accept-Encoding": "gzip, deflate"}


class Authorise(NamedTuple):
    """A token is needed; not the one that was refused, if one was."""

    refused: str | None


class Pause(NamedTuple):
    """So many seconds are to be waited."""

    seconds: float


Talk: TypeAlias = Generator[Authorise | Pause | httpx.Request, Any, T]
"""Sent back: for `Authorise` a token, for a request its response or the fault, else nothing."""


class Token(NamedTuple):
    """An access token, and when by the session's clock it is not to be used any more."""

    text: str
    ends: float


@dataclass(frozen=True)
class Granted:
    """What the token's address answers (RFC 6749, section 5.1)."""

    access_token: str
    expires_in: float = 60.0


GRANTED = reader(Granted)


@dataclass
class Session:
    """A client of a programme.

    Attributes:
        base_url: Of the API, such as ``https://points.example/api/v1``.
        client_id: Under which it asks for tokens.
        client_secret: Which proves that it is the one.
        programme: The programme's number.
        tries: How often a call is sent at most, the first time included.
        language: Of problems' titles: ``en`` or ``zh``.
        clock: Seconds; it never goes back.
        chance: A random number, 0 <= chance < 1.
        token: The one in use.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    programme: int
    tries: int
    language: str
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.SystemRandom().random
    token: Token | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what could never be sent.

        Raises:
            ValueError: The address is none, or not a single try is allowed.
        """
        url = httpx.URL(self.base_url)
        plain = not (url.userinfo or url.query or url.fragment)
        if url.scheme not in {"http", "https"} or not url.host or not plain:
            # A user's name in it would take the token's place.
            raise ValueError("base_url: give one such as https://points.example/api/v1")
        if self.tries < 1:
            raise ValueError(f"tries {self.tries}: give 1 or more")
        self.base_url = self.base_url.rstrip("/")

    def call(self, request: Request[T]) -> Talk[T]:
        """Send a request until it is answered.

        Raises:
            ProblemError: The answer is no success, or cannot be read.
            Unreachable: There was none.
        """
        token: str = yield Authorise(None)
        answer = yield from self.tried(self.prepared(request, token), request.key)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            # The token may have ended early: a key of the server's was withdrawn, a clock was set.
            token = yield Authorise(token)
            answer = yield from self.tried(self.prepared(request, token), request.key)
        return readable(answer, request.read, request.key)

    def prepared(self, request: Request[T], token: str) -> httpx.Request:
        """A request as it goes out."""
        headers = HEADERS | {
            "Authorization": f"Bearer {token}",
            "Accept-Language": self.language,
        }
        if request.key is not None:
            headers["Idempotency-Key"] = request.key
        if request.body is not None:
            headers["Content-Type"] = request.media_type
        url = f"{self.base_url}/programmes/{self.programme:d}{request.path}"
        params = dict(request.params) or None
        return httpx.Request(
            request.method, url, params=params, headers=headers, content=request.body
        )

    def authorised(self, refused: str | None) -> Talk[str]:
        """The token in use, or a new one; one talk at a time.

        Args:
            refused: A token that the server has refused.

        Raises:
            ProblemError: The client is not known, or its secret is wrong.
            Unreachable: There was no answer.
        """
        kept = self.token
        if kept is not None and kept.text != refused and self.clock() < kept.ends:
            return kept.text
        asked_at = self.clock()
        order = httpx.Request(
            "POST",
            f"{self.base_url}/oauth/token",
            headers=HEADERS | {"Authorization": basic(self.client_id, self.client_secret)},
            data={"grant_type": "client_credentials"},
        )
        answer = yield from self.tried(order, None)
        granted = readable(answer, GRANTED, None)
        life = granted.expires_in - min(TOKEN_MARGIN_S, granted.expires_in / 2)
        self.token = Token(granted.access_token, asked_at + life)
        return granted.access_token

    def tried(self, order: httpx.Request, key: str | None) -> Talk[httpx.Response]:
        """Send an order, again and again while what hinders it may pass.

        Every try carries the same key, so that it is done once however often it arrives.

        Returns:
            The last answer, be it a success or not.

        Raises:
            Unreachable: The last try got none.
        """
        tries = 0
        while True:
            heard: httpx.Response | httpx.RequestError = yield order
            tries += 1
            if isinstance(heard, httpx.Response) and not is_passing(heard):
                return heard
            seconds = self.pause(heard, tries)
            if tries >= self.tries or seconds is None:
                break
            yield Pause(seconds)
        if isinstance(heard, httpx.Response):
            return heard
        told = f"{order.method} {order.url}, tries: {tries}: {type(heard).__name__}: {heard}"
        raise Unreachable(told, key) from heard

    def pause(self, heard: httpx.Response | httpx.RequestError, tries: int) -> float | None:
        """How long to wait before the next try; nothing where it would be too long.

        Exponential back-off with full jitter, on top of what the server asks for.
        """
        jitter = self.chance() * min(PAUSE_MAX_S, PAUSE_S * 2.0 ** (tries - 1))
        asked = retry_after(heard) if isinstance(heard, httpx.Response) else 0.0
        return asked + jitter if asked <= RETRY_AFTER_MAX_S else None


def basic(client_id: str, client_secret: str) -> str:
    """The header by which a client proves who it is (RFC 6749, section 2.3.1)."""
    return f"Basic {b64encode(f'{client_id}:{client_secret}'.encode()).decode()}"


def readable(answer: httpx.Response, read: Callable[[bytes], T], key: str | None) -> T:
    """What an answer says.

    Raises:
        ProblemError: It is no success, or is not what our server would say.
    """
    if not answer.is_success:
        raise problem_of(answer, key)
    try:
        return read(answer.content)
    except (ValueError, LookupError, TypeError) as fault:
        told = str(fault).partition("\n")[0]
        title = "The answer is not what the API says."
        raise ProblemError(answer.status_code, "answer_unreadable", title, told, key=key) from fault


def is_passing(answer: httpx.Response) -> bool:
    """Whether a later try may be answered otherwise."""
    if answer.status_code == httpx.codes.CONFLICT:
        # Our own earlier try is still being worked on; any other conflict is a refusal.
        return problem_of(answer, None).code == "key_in_flight"
    return answer.status_code in PASSING


def retry_after(answer: httpx.Response) -> float:
    """How many seconds a server asks to wait: as a number, or until a moment (RFC 9110)."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
