"""Digests of many messages, a tile of `LANES` at a time; `hashing` is their public face.

Hashes and salts are kept as 32-bit words, most significant byte first, until they leave the
room. A tile is two flat arrays, ``states`` (8 words) and ``words`` (16), each word by word and
within a word lane by lane, as `compress_lanes` takes them.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shareback.kernels.sha256 import LANES, START, Word, WordArray, compress_lanes

LEVELS: Final = 64
"""Levels of the tree that a size of 63 bits can reach, and one to spare."""

_PREFIX_BYTES: Final = 17
_BLOCK_BYTES: Final = 64
_INNER_PAD: Final = np.uint32(0x36363636)
_OUTER_PAD: Final = np.uint32(0x5C5C5C5C)
_END: Final = np.uint32(0x80000000)


@njit(forceinline=True)
def _joined(left: Word, right: Word) -> Word:
    """The word that begins with the last byte of ``left`` and goes on with ``right``."""
    return np.uint32(left << np.uint32(24)) | np.uint32(right >> np.uint32(8))


@njit(forceinline=True)
def _set(words: WordArray, place: int, value: Word) -> None:
    """One word of a tile, the same in every lane."""
    for lane in range(LANES):
        words[place * LANES + lane] = value


@njit(forceinline=True)
def _begin(states: WordArray, state: WordArray) -> None:
    """Put the same state into every lane."""
    for place in range(8):
        _set(states, place, state[place])


@njit(forceinline=True)
def _finish(words: WordArray, place: int, total: int) -> None:
    """End a message of fewer than 2²⁹ bytes: zeros from this word on, then its length in bits."""
    for rest in range(place, 15):
        _set(words, rest, np.uint32(0))
    _set(words, 15, np.uint32(total * 8))


@njit(cache=True)
def hmac_midstates(key: WordArray) -> WordArray:
    """The states of HMAC-SHA-256 after the block of its padded key.

    Args:
        key: uint32[8].

    Returns:
        uint32[2, 8]: of the inner and of the outer hash.

    Source:
        RFC 2104.
    """
    states = np.empty(8 * LANES, np.uint32)
    words = np.empty(16 * LANES, np.uint32)
    blocks = np.ones(LANES, np.int64)
    midstates = np.empty((2, 8), np.uint32)
    for outer in range(2):
        pad = _OUTER_PAD if outer else _INNER_PAD
        for place in range(8):
            _set(words, place, key[place] ^ pad)
            _set(words, 8 + place, pad)
        _begin(states, START)
        compress_lanes(states, words, blocks, 0)
        midstates[outer] = states[::LANES]
    return midstates


@njit(cache=True)
def draw_salts(
    midstates: WordArray, label: WordArray, numbers: NDArray[np.int64], out: WordArray
) -> None:
    """Salts for numbers, each as ``proofs.commitment.drawn`` gives it.

    Args:
        midstates: uint32[2, 8], those of the programme's key.
        label: uint32[4], what is put before each number.
        numbers: int64[n].
        out: uint32[n, 4], filled with the salts.
    """
    states = np.empty(8 * LANES, np.uint32)
    words = np.empty(16 * LANES, np.uint32)
    blocks = np.ones(LANES, np.int64)
    for start in range(0, out.shape[0], LANES):
        for place in range(4):
            _set(words, place, label[place])
        for lane in range(LANES):
            # Lanes beyond the last repeat it.
            number = numbers[min(start + lane, out.shape[0] - 1)]
            words[4 * LANES + lane] = np.uint32(number >> 32)
            words[5 * LANES + lane] = np.uint32(number)
        _set(words, 6, _END)
        _finish(words, 7, _BLOCK_BYTES + 24)
        # One call in a loop, as below: each call repeats the whole compression in the program.
        for outer in range(2):
            if outer:
                words[: 8 * LANES] = states
                _set(words, 8, _END)
                _finish(words, 9, _BLOCK_BYTES + 32)
            _begin(states, midstates[outer])
            compress_lanes(states, words, blocks, 0)
        for lane in range(min(LANES, out.shape[0] - start)):
            for place in range(4):
                out[start + lane, place] = states[place * LANES + lane]


@njit(forceinline=True)
def _edge_word(at: int, total: int, salt: WordArray, texts: NDArray[np.uint8], shift: int) -> Word:
    """A word of a message that its text does not fill: the salt's last byte, text, 0x80."""
    word = np.uint32(0)
    for place in range(at, at + 4):
        byte = np.uint32(0)
        if place < _PREFIX_BYTES:
            byte = np.uint32(salt[3] & np.uint32(0xFF))
        elif place < total:
            byte = np.uint32(texts[place + shift])
        elif place == total:
            byte = np.uint32(0x80)
        word = np.uint32(word << np.uint32(8)) | byte
    return word


@njit(forceinline=True)
def _text_word(texts: NDArray[np.uint8], at: int) -> Word:
    """Four bytes of a text as a word."""
    return np.uint32(
        np.uint32(np.uint32(texts[at]) << np.uint32(24))
        | np.uint32(np.uint32(texts[at + 1]) << np.uint32(16))
        | np.uint32(np.uint32(texts[at + 2]) << np.uint32(8))
        | np.uint32(texts[at + 3])
    )


@njit(forceinline=True)
def _load(
    words: WordArray,
    lane: int,
    block: int,
    prefix: Word,
    salt: WordArray,
    texts: NDArray[np.uint8],
    start: int,
    total: int,
) -> None:
    """Put one block of a message into a lane: prefix, salt, text, padding."""
    first = 0
    if block == 0:
        words[lane] = _joined(prefix, salt[0])
        for place in range(1, 4):
            words[place * LANES + lane] = _joined(salt[place - 1], salt[place])
        first = 4
    shift = start - _PREFIX_BYTES
    length_at = (total + 8) // 64 * 64 + 56
    for place in range(first, 16):
        at = 64 * block + 4 * place
        word = np.uint32(0)
        if at > _PREFIX_BYTES and at + 4 <= total:
            word = _text_word(texts, at + shift)
        elif at <= total:
            word = _edge_word(at, total, salt, texts, shift)
        elif at == length_at:
            word = np.uint32(total >> 29)
        elif at == length_at + 4:
            word = np.uint32(total << 3)
        words[place * LANES + lane] = word


@njit(cache=True, nogil=True)
def salted_digests(
    prefix: int,
    salts: WordArray,
    texts: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    out: WordArray,
) -> None:
    """SHA-256 of a prefix byte, a salt and a text, for many texts.

    Args:
        prefix: The byte.
        salts: uint32[n, 4].
        texts: uint8, one text after another.
        offsets: int64[n + 1], where each text starts and the last ends.
        out: uint32[n, 8], filled with the digests.
    """
    states = np.empty(8 * LANES, np.uint32)
    words = np.zeros(16 * LANES, np.uint32)
    blocks = np.zeros(LANES, np.int64)
    for start in range(0, out.shape[0], LANES):
        lanes = min(LANES, out.shape[0] - start)
        most = 0
        for lane in range(lanes):
            length = offsets[start + lane + 1] - offsets[start + lane]
            blocks[lane] = (_PREFIX_BYTES + length + 8) // 64 + 1
            most = max(most, blocks[lane])
        _begin(states, START)
        for block in range(most):
            for lane in range(lanes):
                if block < blocks[lane]:
                    row = start + lane
                    total = _PREFIX_BYTES + offsets[row + 1] - offsets[row]
                    _load(
                        words,
                        lane,
                        block,
                        np.uint32(prefix),
                        salts[row],
                        texts,
                        offsets[row],
                        total,
                    )
            compress_lanes(states, words, blocks, block)
        for lane in range(lanes):
            for place in range(8):
                out[start + lane, place] = states[place * LANES + lane]


@njit(forceinline=True)
def _pair(words: WordArray, lane: int, left: WordArray, right: WordArray) -> None:
    """Put the first block of a node, 0x01 and two hashes but for the last byte, into a lane."""
    words[lane] = _joined(np.uint32(1), left[0])
    for place in range(1, 8):
        words[place * LANES + lane] = _joined(left[place - 1], left[place])
    words[8 * LANES + lane] = _joined(left[7], right[0])
    for place in range(1, 8):
        words[(8 + place) * LANES + lane] = _joined(right[place - 1], right[place])


@njit(forceinline=True)
def _level(
    nodes: WordArray,
    count: int,
    carried: WordArray,
    states: WordArray,
    words: WordArray,
    blocks: NDArray[np.int64],
) -> None:
    """Replace nodes by the hashes of their pairs, in place.

    ``carried`` is the node to the left of all of them, of shape (1, 8), or of shape (0, 8).
    """
    before = carried.shape[0]
    pairs = (count + before) // 2
    ends = np.empty(LANES, np.uint32)
    for start in range(0, pairs, LANES):
        lanes = min(LANES, pairs - start)
        for lane in range(lanes):
            left = 2 * (start + lane) - before
            right = nodes[left + 1]
            if left < 0:
                _pair(words, lane, carried[0], right)
            else:
                _pair(words, lane, nodes[left], right)
            ends[lane] = np.uint32(right[7] << np.uint32(24)) | np.uint32(0x800000)
        _begin(states, START)
        for block in range(2):
            if block:
                words[:LANES] = ends
                _finish(words, 1, _BLOCK_BYTES + 1)
            compress_lanes(states, words, blocks, 0)
        # A tile writes left of all that later tiles read.
        for lane in range(lanes):
            for place in range(8):
                nodes[start + lane, place] = states[place * LANES + lane]


@njit(cache=True, nogil=True)
def append_leaves(roots: WordArray, size: int, nodes: WordArray) -> None:
    """Append the hashes of leaves to a tree, one level after another.

    Args:
        roots: uint32[LEVELS, 8], changed in place: the root of the perfect subtree of 2^level
            leaves stands in its row where that bit of the size is set.
        size: How many leaves the tree has before.
        nodes: uint32[n, 8], the hashes of the new leaves; used up.
    """
    states = np.empty(8 * LANES, np.uint32)
    words = np.zeros(16 * LANES, np.uint32)
    blocks = np.ones(LANES, np.int64)
    count = nodes.shape[0]
    level = 0
    while count > 0:
        carried = (size >> level) & 1
        last = nodes[count - 1].copy()
        _level(nodes, count, roots[level : level + carried], states, words, blocks)
        if (count + carried) % 2:
            roots[level] = last
        count = (count + carried) // 2
        level += 1


@njit(forceinline=True)
def _row_word(row: WordArray, at: int, prefix: int) -> Word:
    """A word of the message that a prefix byte and a row of words are, with its padding."""
    width = row.shape[0]
    if at == 0:
        return _joined(np.uint32(prefix), row[0])
    if at < width:
        return _joined(row[at - 1], row[at])
    if at == width:
        return np.uint32(row[width - 1] << np.uint32(24)) | np.uint32(0x800000)
    return np.uint32(0)


@njit(cache=True, nogil=True)
def prefixed_digests(prefix: int, rows: WordArray, out: WordArray) -> None:
    """SHA-256 of a prefix byte and a row of words, for many rows.

    Args:
        prefix: The byte.
        rows: uint32[n, w].
        out: uint32[n, at least 8], whose first 8 columns are filled with the digests.
    """
    width = rows.shape[1]
    total = 4 * width + 1
    count = (total + 8) // 64 + 1
    states = np.empty(8 * LANES, np.uint32)
    words = np.zeros(16 * LANES, np.uint32)
    blocks = np.ones(LANES, np.int64)
    for start in range(0, rows.shape[0], LANES):
        lanes = min(LANES, rows.shape[0] - start)
        _begin(states, START)
        for block in range(count):
            for lane in range(lanes):
                for place in range(16):
                    at = 16 * block + place
                    words[place * LANES + lane] = _row_word(rows[start + lane], at, prefix)
            if block == count - 1:
                _set(words, 15, np.uint32(total * 8))
            compress_lanes(states, words, blocks, 0)
        for lane in range(lanes):
            for place in range(8):
                out[start + lane, place] = states[place * LANES + lane]
