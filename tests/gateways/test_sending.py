"""One message on its way: redirects, endless answers, certificates, and patience."""

import datetime as dt
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shareback.gateways.addresses import target_of
from shareback.gateways.sending import (
    AT_ONCE,
    UNANSWERED,
    Letter,
    Outcome,
    headers_of,
    post_all,
)
from tests.gateways.dripping import (
    Waster,
    dripping,
    endless_crumbs,
    endless_head,
    endless_hints,
    mute,
    wasting,
)
from tests.gateways.receiver import Clock, Receiver, receiving

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # the specification's example
Waste = Callable[[socket.socket, Waster], None]
LETTER = Letter("1-2-3", '{"data":{}}')


def send(url: str, context: ssl.SSLContext | None = None, deadline_s: float = 20) -> Outcome:
    target = target_of(url, to_private=True, look_up=lambda *_: ["127.0.0.1"])
    (outcome,) = post_all(target, SECRET, [LETTER], Clock()(), context, deadline_s)
    assert outcome is not None
    return outcome


def test_a_message_is_taken_with_its_headers(receiver: Receiver) -> None:
    receiver.secret = SECRET
    assert send(receiver.url) == Outcome(delivered=True, status=204, error="")
    assert [one.name for one in receiver.got] == ["1-2-3"]


def test_the_signature_is_that_of_the_specification() -> None:
    letter = Letter("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}')
    assert headers_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", letter, 1_614_265_330_000_000) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _document: status
    receiver.headers = {"Location": receiver.url}
    told = f"answered {status}"
    assert send(receiver.url) == Outcome(delivered=False, status=status, error=told)
    assert len(receiver.got) == 1


def test_of_a_long_answer_only_a_part_is_read(receiver: Receiver) -> None:
    receiver.answer, receiver.body = lambda _document: 200, b"x" * 50_000_000
    assert send(receiver.url).delivered


def test_a_proxy_of_the_environment_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send(receiver.url).delivered


def test_where_nobody_listens_is_told_in_a_word() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        outcome = send(f"http://127.0.0.1:{held.getsockname()[1]}/")
    assert outcome == Outcome(delivered=False, status=0, error="ConnectError")


def test_an_answer_that_drips_is_cut_at_the_deadline() -> None:
    with wasting(dripping(0.01)) as waster:
        assert send(waster.url, deadline_s=0.2) == UNANSWERED


def test_a_handshake_that_never_ends_is_given_up() -> None:
    with wasting(mute) as waster:
        assert send(f"https://127.0.0.1:{waster.port}/", deadline_s=0.2) == UNANSWERED


@pytest.mark.parametrize("waste", [endless_head, endless_hints])
def test_a_head_that_never_ends_is_not_read_to_its_end(waste: Waste) -> None:
    with wasting(waste) as waster:
        outcome = send(waster.url, deadline_s=3_600)
    assert outcome == Outcome(delivered=False, status=0, error="HeadTooLong")


def test_of_an_answer_in_tiny_pieces_only_some_are_read() -> None:
    with wasting(endless_crumbs) as waster:
        assert send(waster.url, deadline_s=3_600).delivered


def test_a_head_of_some_length_is_none_too_long(receiver: Receiver) -> None:
    receiver.answer, receiver.body = lambda _document: 200, b"x" * 50_000
    receiver.headers = {f"X-{n}": "x" * 100 for n in range(80)}
    letters = [Letter(f"1-{n}-0", '{"data":{}}') for n in range(3 * AT_ONCE)]
    outcomes = post_all(target_of(receiver.url, to_private=True), SECRET, letters, Clock()())
    assert {outcome.status for outcome in outcomes if outcome is not None} == {200}
    assert len(receiver.got) == len(letters)


def test_what_the_deadline_left_no_time_for_is_not_sent() -> None:
    letters = [Letter(f"1-{n}-0", "{}") for n in range(AT_ONCE + 5)]
    with wasting(dripping(0.01)) as waster:
        target = target_of(waster.url, to_private=True)
        outcomes = post_all(target, SECRET, letters, Clock()(), None, 0.4)
        came = sum(waster.came.acquire(blocking=False) for _ in letters)
    assert outcomes == [UNANSWERED] * AT_ONCE + [None] * 5
    assert came == AT_ONCE


def test_an_answer_has_no_say_in_the_next_request(receiver: Receiver) -> None:
    receiver.headers = {"Set-Cookie": "who=me; Path=/"}
    letters = [Letter(f"1-{n}-0", '{"data":{}}') for n in range(3 * AT_ONCE)]
    post_all(target_of(receiver.url, to_private=True), SECRET, letters, Clock()())
    assert len(receiver.got) == len(letters)
    assert not any("cookie" in one for one in receiver.heads)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of its own for hooks.example."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def sealed(certificate: Path) -> Iterator[Receiver]:
    """A receiver behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with receiving(context) as one:
        yield one


def test_the_certificate_of_the_name_is_asked_for_at_the_checked_address(
    sealed: Receiver, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    assert send(f"https://hooks.example:{sealed.port}/", trusting).delivered
    assert not send(f"https://other.example:{sealed.port}/", trusting).delivered
    assert not send(f"https://hooks.example:{sealed.port}/", httpx.create_ssl_context()).delivered
    assert len(sealed.got) == 1
