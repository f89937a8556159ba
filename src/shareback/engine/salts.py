"""Where the salts of commitments come from."""

import hashlib
import hmac
import secrets
from typing import Protocol

SALT_BYTES = 16


class SaltSource(Protocol):
    """Gives each new account its salt, and each programme its key."""

    def key(self) -> bytes:
        """32 bytes for a new programme."""
        ...

    def salt(self, kind: int, outside_id: str) -> bytes:
        """16 bytes for an account: its identity kind and its outside id."""
        ...


class RandomSalts:
    """Unpredictable salts, for every programme that is real."""

    def key(self) -> bytes:
        """32 random bytes."""
        return secrets.token_bytes(32)

    def salt(self, kind: int, outside_id: str) -> bytes:  # noqa: ARG002 - the same for all
        """16 random bytes."""
        return secrets.token_bytes(SALT_BYTES)


class SeededSalts:
    """Salts that follow from a seed, so that a replay of test data gives the same log again.

    They do not depend on when an account joined or what was in memory then: a replay that was
    cut off goes on to the same log.
    """

    def __init__(self, seed: bytes) -> None:
        """Keep the seed; it is no secret, and what rests on it is marked as a test."""
        self.seed = seed

    def key(self) -> bytes:
        """32 bytes of the seed."""
        return hmac.digest(self.seed, b"shareback/key/1", hashlib.sha256)

    def salt(self, kind: int, outside_id: str) -> bytes:
        """16 bytes of the seed for an account."""
        label = f"shareback/salt/1/{kind}/{outside_id}".encode()
        return hmac.digest(self.seed, label, hashlib.sha256)[:SALT_BYTES]
