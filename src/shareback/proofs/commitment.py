"""What hides: salted commitments to outside ids, and the salts of the log's leaves."""

import hashlib
import hmac

SALT_BYTES = 16
"""Salts of commitments and of leaves."""

KEY_BYTES = 32
"""The programme's key, from which the salts of its leaves come."""

COMMITMENT_PREFIX = b"\x02"
"""Sets a commitment apart from a leaf (0x00) and a node (0x01)."""

LEAF_LABEL = b"shareback/leaf/1"
"""Sets the salts of leaves apart from whatever else a programme's key may serve."""

_DIGEST_KEPT = 16


def commit(salt: bytes, text: str) -> bytes:
    """The commitment to an outside id, which tells nothing once the salt is erased.

    Args:
        salt: 16 random bytes, the same for all ids of one member or merchant.
        text: The outside id as it came; no normalisation.

    Returns:
        16 bytes.

    Raises:
        ValueError: The salt has another length, or the text is no valid Unicode.

    Source:
        docs/reference/log.md, "Commitments".
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(COMMITMENT_PREFIX + salt + text.encode()).digest()[:_DIGEST_KEPT]


def drawn(programme_key: bytes, label: bytes, number: int) -> bytes:
    """Sixteen bytes that only who has a programme's key can tell; without it they are random.

    Args:
        programme_key: 32 secret random bytes.
        label: 16 bytes: what they are for.
        number: Which of those that are for it, 0 <= number < 2⁶³.

    Returns:
        16 bytes.

    Raises:
        ValueError: The key has another length.
        OverflowError: The number is negative or does not fit.
    """
    if len(programme_key) != KEY_BYTES:
        raise ValueError(f"a programme's key has {KEY_BYTES} bytes, not {len(programme_key)}")
    message = label + number.to_bytes(8, "big")
    return hmac.digest(programme_key, message, "sha256")[:SALT_BYTES]


def leaf_salt(programme_key: bytes, sequence: int) -> bytes:
    """The salt of the leaf at a place in the log.

    Args:
        programme_key: 32 secret random bytes.
        sequence: The event's place in the log, 0 <= sequence < 2⁶³.

    Returns:
        16 bytes.

    Raises:
        ValueError: The key has another length.
        OverflowError: The sequence is negative or does not fit.

    Source:
        docs/reference/log.md, "Leaves".
    """
    return drawn(programme_key, LEAF_LABEL, sequence)
