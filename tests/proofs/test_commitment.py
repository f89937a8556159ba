"""Commitments and the salts of leaves."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.commitment import commit, leaf_salt

salts = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)


@given(salts, st.text())
def test_commits_to_the_salt_and_the_text(salt: bytes, text: str) -> None:
    expected = hashlib.sha256(b"\x02" + salt + text.encode("utf-8")).digest()[:16]
    assert commit(salt, text) == expected


@given(salts, salts, st.text(), st.text())
def test_another_salt_or_text_gives_another_commitment(
    salt: bytes, other_salt: bytes, text: str, other_text: str
) -> None:
    same = (salt, text) == (other_salt, other_text)
    assert (commit(salt, text) == commit(other_salt, other_text)) is same


def test_two_spellings_of_one_letter_stay_apart() -> None:
    assert commit(bytes(16), "\u00e9") != commit(bytes(16), "e\u0301")


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_refuses_a_salt_of_another_length(length: int) -> None:
    with pytest.raises(ValueError, match=f"16 bytes, not {length}"):
        commit(bytes(length), "order-1")


def test_refuses_a_text_that_is_no_unicode() -> None:
    with pytest.raises(UnicodeEncodeError):
        commit(bytes(16), "\ud800")


@given(keys, st.integers(0, 2**63 - 1))
def test_salts_come_from_the_key_and_the_sequence(key: bytes, sequence: int) -> None:
    message = b"shareback/leaf/1" + sequence.to_bytes(8, "big")
    assert leaf_salt(key, sequence) == hmac.new(key, message, hashlib.sha256).digest()[:16]


def test_neighbouring_leaves_have_unlike_salts() -> None:
    assert len({leaf_salt(bytes(32), sequence) for sequence in range(1_000)}) == 1_000


@pytest.mark.parametrize("length", [0, 31, 33])
def test_refuses_a_key_of_another_length(length: int) -> None:
    with pytest.raises(ValueError, match=f"32 bytes, not {length}"):
        leaf_salt(bytes(length), 0)


@pytest.mark.parametrize("sequence", [-1, 2**64])
def test_refuses_a_sequence_that_does_not_fit(sequence: int) -> None:
    with pytest.raises(OverflowError):
        leaf_salt(bytes(32), sequence)
