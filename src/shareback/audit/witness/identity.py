"""The witness' own key, in a file that nobody else reads."""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shareback.proofs.notes import (
    KEY_BYTES,
    Purpose,
    Signature,
    Verifier,
    cosign,
    decoded,
    is_name,
    public_key,
)

BEFORE = "PRIVATE+KEY+"
"""Before a secret key in a file, as programs for signed notes write it."""

NAME_MAX = 200
OTHERS = 0o077
"""The rights that everybody but the file's owner may have."""


class IdentityUnreadable(ValueError):
    """A file that holds no witness' key, or not safely."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep which file, and what is wrong with it."""
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class Identity(NamedTuple):
    """Who the witness is.

    Attributes:
        name: Its key's, such as ``witness.example.com/w1``.
        secret: Its Ed25519 secret key, 32 bytes.
    """

    name: str
    secret: bytes

    @property
    def verifier(self) -> Verifier:
        """What others check its cosignatures with."""
        return Verifier(self.name, Purpose.COSIGNATURE, public_key(self.secret))

    def cosigned(self, text: str, at: int) -> Signature:
        """Its cosignature under a checkpoint's text, at a time in seconds UTC."""
        return cosign(text, self.name, self.secret, at)

    def to_text(self) -> str:
        """As it stands in its file."""
        key = base64.b64encode(bytes((Purpose.COSIGNATURE,)) + self.secret).decode()
        return f"{BEFORE}{self.name}+{self.verifier.key_id.hex()}+{key}\n"


def read_identity(path: Path) -> Identity:
    """Read a witness' key.

    Raises:
        IdentityUnreadable: The file holds none, or others may read it too.
        FileNotFoundError: There is no such file.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & OTHERS:
            raise IdentityUnreadable(path, "others may read this key; take their rights: chmod 600")
        raw = file.read(1_024)
    try:
        text = raw.decode()
        name, told_id, told_key = text.removeprefix(BEFORE).removesuffix("\n").split("+", 2)
        key = decoded(told_key)
    except ValueError:
        raise IdentityUnreadable(path, "holds no witness' key") from None
    found = Identity(name, key[1:])
    is_whole = is_name(name) and len(key) == 1 + KEY_BYTES and key[0] == Purpose.COSIGNATURE
    if not is_whole or found.to_text() != text or found.verifier.key_id.hex() != told_id:
        raise IdentityUnreadable(path, "holds no witness' key")
    return found


def make_identity(path: Path, name: str) -> Identity:
    """Make a key in a new file; where another program was faster, it is that one's.

    Raises:
        IdentityUnreadable: A key cannot be called so.
    """
    if not is_name(name) or len(name) > NAME_MAX:
        raise IdentityUnreadable(
            path, f"a witness is called by 1 to {NAME_MAX} characters without spaces or plus signs"
        )
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(Identity(name, secrets.token_bytes(KEY_BYTES)).to_text())
            file.flush()
            os.fsync(file.fileno())
        # A link is made only where there is no such file yet, so that no key is ever replaced.
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return read_identity(path)
