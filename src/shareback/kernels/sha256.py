"""SHA-256 for the compiler: one block at a time, or one block of many messages at once.

The compression function is written once, on tuples of 32-bit words, straight through, without
an array or a branch. Compiled into a loop over lanes it becomes vector instructions, and
hashes as many messages abreast as the machine's vectors hold.

Source: FIPS 180-4.
"""

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Word: TypeAlias = np.uint32
"""A word of SHA-256. Sums of two come out wider in compiled code, so each is cut back at once."""

Words: TypeAlias = tuple[np.uint32, ...]
"""The 8 words of a state, or the 16 of a block."""

WordArray: TypeAlias = NDArray[np.uint32]
"""Words in an array."""

LANES: Final = 16
"""Messages hashed abreast: the widest vectors in use hold 16 words."""

_ROUND: Final = (
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
)  # fmt: skip
_K0: Final = tuple(np.uint32(word) for word in _ROUND[0:16])
_K1: Final = tuple(np.uint32(word) for word in _ROUND[16:32])
_K2: Final = tuple(np.uint32(word) for word in _ROUND[32:48])
_K3: Final = tuple(np.uint32(word) for word in _ROUND[48:64])

START: Final = np.frombuffer(
    bytes.fromhex("6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19"), ">u4"
).astype(np.uint32)
"""The state before the first block."""


@njit(forceinline=True)
def _rotated(x: Word, by: int) -> Word:
    return np.uint32(x >> np.uint32(by)) | np.uint32(x << np.uint32(32 - by))


@njit(forceinline=True)
def _round(
    a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word, kw: Word
) -> tuple[Word, Word]:
    """One round; returns what becomes of d and of h, the only words that change."""
    mixed = _rotated(e, 6) ^ _rotated(e, 11) ^ _rotated(e, 25)
    added = np.uint32(h + mixed + (g ^ (e & (f ^ g))) + kw)
    spread = _rotated(a, 2) ^ _rotated(a, 13) ^ _rotated(a, 22)
    return np.uint32(d + added), np.uint32(added + spread + ((a & b) | (c & (a | b))))


@njit(forceinline=True)
def _sixteen_rounds(state: Words, k: Words, w: Words) -> Words:
    a, b, c, d, e, f, g, h = state
    d, h = _round(a, b, c, d, e, f, g, h, np.uint32(k[0] + w[0]))
    c, g = _round(h, a, b, c, d, e, f, g, np.uint32(k[1] + w[1]))
    b, f = _round(g, h, a, b, c, d, e, f, np.uint32(k[2] + w[2]))
    a, e = _round(f, g, h, a, b, c, d, e, np.uint32(k[3] + w[3]))
    h, d = _round(e, f, g, h, a, b, c, d, np.uint32(k[4] + w[4]))
    g, c = _round(d, e, f, g, h, a, b, c, np.uint32(k[5] + w[5]))
    f, b = _round(c, d, e, f, g, h, a, b, np.uint32(k[6] + w[6]))
    e, a = _round(b, c, d, e, f, g, h, a, np.uint32(k[7] + w[7]))
    d, h = _round(a, b, c, d, e, f, g, h, np.uint32(k[8] + w[8]))
    c, g = _round(h, a, b, c, d, e, f, g, np.uint32(k[9] + w[9]))
    b, f = _round(g, h, a, b, c, d, e, f, np.uint32(k[10] + w[10]))
    a, e = _round(f, g, h, a, b, c, d, e, np.uint32(k[11] + w[11]))
    h, d = _round(e, f, g, h, a, b, c, d, np.uint32(k[12] + w[12]))
    g, c = _round(d, e, f, g, h, a, b, c, np.uint32(k[13] + w[13]))
    f, b = _round(c, d, e, f, g, h, a, b, np.uint32(k[14] + w[14]))
    e, a = _round(b, c, d, e, f, g, h, a, np.uint32(k[15] + w[15]))
    return a, b, c, d, e, f, g, h


@njit(forceinline=True)
def _scheduled(w16: Word, w15: Word, w7: Word, w2: Word) -> Word:
    """The schedule's next word, from those 16, 15, 7 and 2 places before it."""
    near = _rotated(w15, 7) ^ _rotated(w15, 18) ^ np.uint32(w15 >> np.uint32(3))
    far = _rotated(w2, 17) ^ _rotated(w2, 19) ^ np.uint32(w2 >> np.uint32(10))
    return np.uint32(w16 + near + w7 + far)


@njit(forceinline=True)
def _next_sixteen(w: Words) -> Words:
    w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15 = w
    w0 = _scheduled(w0, w1, w9, w14)
    w1 = _scheduled(w1, w2, w10, w15)
    w2 = _scheduled(w2, w3, w11, w0)
    w3 = _scheduled(w3, w4, w12, w1)
    w4 = _scheduled(w4, w5, w13, w2)
    w5 = _scheduled(w5, w6, w14, w3)
    w6 = _scheduled(w6, w7, w15, w4)
    w7 = _scheduled(w7, w8, w0, w5)
    w8 = _scheduled(w8, w9, w1, w6)
    w9 = _scheduled(w9, w10, w2, w7)
    w10 = _scheduled(w10, w11, w3, w8)
    w11 = _scheduled(w11, w12, w4, w9)
    w12 = _scheduled(w12, w13, w5, w10)
    w13 = _scheduled(w13, w14, w6, w11)
    w14 = _scheduled(w14, w15, w7, w12)
    w15 = _scheduled(w15, w0, w8, w13)
    return w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15


@njit(forceinline=True)
def _sixty_four_rounds(state: Words, w: Words) -> Words:
    state = _sixteen_rounds(state, _K0, w)
    w = _next_sixteen(w)
    state = _sixteen_rounds(state, _K1, w)
    w = _next_sixteen(w)
    state = _sixteen_rounds(state, _K2, w)
    w = _next_sixteen(w)
    return _sixteen_rounds(state, _K3, w)


@njit(forceinline=True)
def _eight(words: WordArray, at: int) -> Words:
    """Eight words of one lane, the first of them at this place."""
    return (
        words[at],
        words[LANES + at],
        words[2 * LANES + at],
        words[3 * LANES + at],
        words[4 * LANES + at],
        words[5 * LANES + at],
        words[6 * LANES + at],
        words[7 * LANES + at],
    )


@njit(cache=True)
def compress_lanes(
    states: WordArray, words: WordArray, blocks: NDArray[np.int64], block: int
) -> None:
    """Take one block of each lane's message into the lane's state.

    Args:
        states: uint32[8 * LANES], word by word, within each word lane by lane; changed in place.
        words: uint32[16 * LANES], the block of each lane, in the same order.
        blocks: int64[LANES], how many blocks each lane's message has.
        block: Which block this is, from 0; lanes whose message has ended keep their state.
    """
    for lane in range(LANES):
        a, b, c, d, e, f, g, h = _eight(states, lane)
        mixed = _sixty_four_rounds(
            (a, b, c, d, e, f, g, h), _eight(words, lane) + _eight(words, 8 * LANES + lane)
        )
        # A mask, not a branch: a lane that has ended adds nothing.
        going = np.uint32(0xFFFFFFFF) if block < blocks[lane] else np.uint32(0)
        states[lane] = a + (mixed[0] & going)
        states[LANES + lane] = b + (mixed[1] & going)
        states[2 * LANES + lane] = c + (mixed[2] & going)
        states[3 * LANES + lane] = d + (mixed[3] & going)
        states[4 * LANES + lane] = e + (mixed[4] & going)
        states[5 * LANES + lane] = f + (mixed[5] & going)
        states[6 * LANES + lane] = g + (mixed[6] & going)
        states[7 * LANES + lane] = h + (mixed[7] & going)
