"""Names for exports that name nobody: the same in every export, and told only by a key.

A pseudonym is as good as random to whoever lacks the programme's key: it says neither the number
that it stands for nor which other one it belongs to.
"""

from enum import IntEnum

import numpy as np

from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import bytes_of, salt_words

LABEL = b"shareback/mask/1"
"""Sets pseudonyms apart from whatever else a programme's key may serve."""

OCTETS = 10
BITS_OF_A_LETTER = 5
LETTERS = 8 * OCTETS // BITS_OF_A_LETTER
"""How long a pseudonym is: 16 letters, 80 bits."""

# Base32 of RFC 4648, small. Hexadecimal would give some that a spreadsheet takes for numbers.
ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
WORTH = 1 << np.arange(BITS_OF_A_LETTER)[::-1]
KIND_SHIFT = 56
"""Numbers are far below 2⁵⁶; above them stands of what they are."""


class Of(IntEnum):
    """What has a pseudonym."""

    MEMBER = 1
    MERCHANT = 2
    ORDER = 3
    PAYMENT = 4


def pseudonyms(key: bytes, kind: Of, numbers: Integers) -> list[str]:
    """The pseudonyms of members, merchants, orders or payments.

    Args:
        key: The programme's, 32 bytes.
        kind: Of what.
        numbers: int64[n], theirs in the programme, from 1 on.

    Returns:
        n texts of `LETTERS` letters: the first 80 bits of
        HMAC-SHA256(key, `LABEL` || kind · 2⁵⁶ + number as 8 bytes, the most significant first).

    Source:
        docs/reference/commands.md, "Pseudonyms".
    """
    drawn = bytes_of(salt_words(key, LABEL, kind << KIND_SHIFT | numbers))[:, :OCTETS]
    bits = np.unpackbits(drawn, axis=1).reshape(-1, LETTERS, BITS_OF_A_LETTER)
    letters = ALPHABET[bits @ WORTH].tobytes().decode()
    return [letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS)]


def pseudonyms_or_none(key: bytes, kind: Of, numbers: Integers) -> list[str | None]:
    """The same, with nothing for a number that stands for none."""
    return [
        name if number > 0 else None
        for name, number in zip(
            pseudonyms(key, kind, np.maximum(numbers, 0)), numbers.tolist(), strict=True
        )
    ]
