"""Access tokens: JWTs that name a client, signed under a key that the installation keeps."""

import secrets
import threading
import time
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey

from shareback.api.clients import now_us
from shareback.api.models import SigningKey

ISSUER = "shareback"
ALGORITHMS = ["HS256"]
LIFETIME_S = 900
KEPT_TOKENS = 4_096
RELOAD_S = 1.0
MICROSECONDS = 1_000_000


class Claims(NamedTuple):
    """What a token says.

    Attributes:
        client_id: Whose it is.
        scopes: What it was given for.
        ends_at: When it ends, seconds UTC.
    """

    client_id: str
    scopes: frozenset[str]
    ends_at: int


class TokenRefused(Exception):
    """A token that is none, is signed by nobody we know, or has ended."""


class Tokens:
    """Signs and reads tokens; one that was read is kept, since a client sends it with each call."""

    def __init__(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Read the keys when the first token is signed or read."""
        self.alias = alias
        self.lock = threading.Lock()
        self.keys: dict[str, OctKey] = {}
        self.kept: dict[str, Claims] = {}
        self.loaded = float("-inf")

    def sign(self, client_id: str, scopes: str) -> str:
        """A token for a client, good for `LIFETIME_S`."""
        kid = self.newest()
        now = now_us() // MICROSECONDS
        claims = {
            "iss": ISSUER,
            "sub": client_id,
            "scope": scopes,
            "iat": now,
            "exp": now + LIFETIME_S,
            "jti": secrets.token_urlsafe(12),
        }
        return jwt.encode({"alg": ALGORITHMS[0], "kid": kid}, claims, self.keys[kid], ALGORITHMS)

    def read(self, token: str) -> Claims:
        """What a token says, if it is ours and has not ended.

        Raises:
            TokenRefused: It is not, or has.
        """
        claims = self.kept.get(token)
        if claims is None:
            claims = self.verified(token)
            if len(self.kept) >= KEPT_TOKENS:
                self.kept.clear()
            self.kept[token] = claims
        if claims.ends_at <= now_us() // MICROSECONDS:
            self.kept.pop(token, None)
            raise TokenRefused
        return claims

    def verified(self, token: str) -> Claims:
        """The claims of a token whose signature is right."""
        try:
            found = jwt.decode(token, self.key_of, ALGORITHMS).claims
            registry = jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": ISSUER},
                sub={"essential": True},
                exp={"essential": True},
            )
            registry.validate(found)
            return Claims(
                str(found["sub"]), frozenset(str(found.get("scope", "")).split()), int(found["exp"])
            )
        except (JoseError, ValueError, KeyError, TypeError) as fault:
            raise TokenRefused from fault

    def key_of(self, token: GuestProtocol) -> OctKey:
        """The key that a token's header names; read anew where another process made it."""
        kid = str(token.headers().get("kid", ""))
        if kid not in self.keys:
            # Who comes while another looks waits for what that one finds.
            with self.lock:
                # Anybody can make up a name: one look a second for names that nobody knows.
                if kid not in self.keys and time.monotonic() - self.loaded > RELOAD_S:
                    self.load()
        return self.keys[kid]

    def newest(self) -> str:
        """The key that signs; made where there is none yet."""
        with self.lock:
            self.load()
            if not self.keys:
                SigningKey.objects.using(self.alias).create(
                    kid=secrets.token_hex(8), key=secrets.token_bytes(32), made_at=now_us()
                )
                self.load()
            return next(reversed(self.keys))

    def load(self) -> None:
        """Read all keys, the newest last; whoever calls holds the lock."""
        rows = SigningKey.objects.using(self.alias).order_by("made_at", "kid")
        self.keys = {row.kid: OctKey.import_key(bytes(row.key)) for row in rows}
        self.loaded = time.monotonic()


TOKENS = Tokens()
