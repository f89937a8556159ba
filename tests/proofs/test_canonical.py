"""The canonical bytes of events: one encoding each, and no other is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.proofs.canonical import Entry, EntryUnreadable, EntryUnwritable, decode, encode
from shareback.rules.kinds import BLOBBED, COMMITTED, FIELDS, OPTIONAL, Kind
from shareback.units.scales import INT64_MAX

values = st.one_of(
    st.integers(0, INT64_MAX),
    st.sampled_from([edge for bits in range(0, 63, 8) for edge in (1 << bits, (1 << bits) - 1)]),
)
unsound = st.sampled_from([-1, INT64_MAX + 1, 1 << 64])


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any event that can stand in a log."""
    kind = draw(st.sampled_from(Kind))
    ints = tuple(
        draw(st.none() | values if name in OPTIONAL[kind] else values) for name in FIELDS[kind]
    )
    commitment = draw(st.just(b"") | st.binary(min_size=16, max_size=16))
    blob = draw(st.binary(max_size=300))
    return Entry(
        kind,
        draw(values),
        draw(values),
        draw(values),
        ints,
        commitment if kind in COMMITTED else b"",
        blob if kind in BLOBBED else b"",
    )


def test_every_kind_has_its_fields_and_only_profit_is_optional() -> None:
    assert set(FIELDS) == set(OPTIONAL) == set(Kind)
    assert [int(kind) for kind in Kind] == list(range(1, 28))
    assert {(kind, *names) for kind, names in OPTIONAL.items() if names} == {
        (Kind.PAY_ORDER, "profit")
    }
    assert max(map(len, FIELDS.values())) <= 8


def test_writes_a_payment_as_the_reference_shows_it() -> None:
    body = encode(
        Kind.PAY_ORDER,
        5,
        7,
        1_700_000_000_000_000,
        (1, 2, 3, 100_000_000, None, 300_000, 1),
        bytes(16),
    )
    assert body.hex() == (
        "0105" + "0105" + "0107" + "07060a24181e4000" + "07" + "0101" + "0102" + "0103"
        "0405f5e100" + "ff" + "030493e0" + "0101" + "10" + 32 * "0" + "00000000"
    )


@given(entries())
def test_reads_back_what_it_wrote(entry: Entry) -> None:
    assert decode(encode(*entry)) == entry


@given(entries(), st.data())
def test_no_other_bytes_read_as_the_same_event(entry: Entry, data: st.DataObject) -> None:
    body = bytearray(encode(*entry))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    try:
        other = decode(bytes(body))
    except EntryUnreadable:
        return
    assert other != entry
    assert encode(*other) == body


@given(st.binary(max_size=80))
def test_bytes_that_read_are_those_it_would_write(body: bytes) -> None:
    try:
        entry = decode(b"\x01" + body)
    except EntryUnreadable:
        return
    assert encode(*entry) == b"\x01" + body


@given(entries())
def test_refuses_an_entry_cut_off_anywhere(entry: Entry) -> None:
    body = encode(*entry)
    for length in range(len(body)):
        with pytest.raises(EntryUnreadable, match="cut off") as caught:
            decode(body[:length])
        assert caught.value.offset == length


@given(entries(), st.binary(min_size=1, max_size=3))
def test_refuses_bytes_after_the_entry(entry: Entry, more: bytes) -> None:
    body = encode(*entry)
    with pytest.raises(EntryUnreadable, match="follow the entry") as caught:
        decode(body + more)
    assert caught.value.offset == len(body)


@given(unsound)
def test_refuses_to_write_integers_outside_63_bits(value: int) -> None:
    for field in range(3):
        heads = [1, 1, 1]
        heads[field] = value
        with pytest.raises(EntryUnwritable, match="outside"):
            encode(Kind.END_PROGRAMME, heads[0], heads[1], heads[2], ())
    with pytest.raises(EntryUnwritable, match=r"order is -?[0-9]+, outside") as caught:
        encode(Kind.RECEIVE_ORDER, 4, 1, 1, (value,))
    assert caught.value.sequence == 4


@pytest.mark.parametrize("value", [0, 1, 255, 256, INT64_MAX - 1, INT64_MAX])
def test_writes_the_edges_of_an_integers_range(value: int) -> None:
    body = encode(Kind.RECEIVE_ORDER, value, value, value, (value,))
    assert decode(body) == Entry(Kind.RECEIVE_ORDER, value, value, value, (value,), b"", b"")


@pytest.mark.parametrize(
    ("kind", "ints", "commitment", "blob", "reason"),
    [
        (Kind.RECEIVE_ORDER, (), b"", b"", "has 1 integers, not 0"),
        (Kind.RECEIVE_ORDER, (1, 2), b"", b"", "has 1 integers, not 2"),
        (Kind.RECEIVE_ORDER, (None,), b"", b"", "order may not be absent"),
        (Kind.PAY_ORDER, (1, 1, 1, None, None, 1, 1), b"", b"", "paid may not be absent"),
        (Kind.RECEIVE_ORDER, (1,), bytes(16), b"", "carries no commitment"),
        (Kind.JOIN_MERCHANT, (1, 1), bytes(15), b"", "commitment of 15 bytes"),
        (Kind.JOIN_MERCHANT, (1, 1), bytes(17), b"", "commitment of 17 bytes"),
        (Kind.JOIN_MERCHANT, (1, 1), b"", b"{}", "carries no blob"),
    ],
)
def test_refuses_to_write_what_does_not_belong_to_the_kind(
    kind: Kind, ints: tuple[int | None, ...], commitment: bytes, blob: bytes, reason: str
) -> None:
    with pytest.raises(EntryUnwritable, match=reason):
        encode(kind, 0, 0, 0, ints, commitment, blob)
