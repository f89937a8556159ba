"""Nothing is sent to where it might do harm."""

import pytest

from shareback.gateways.addresses import AddressRefused, is_public, target_of

OPEN = "93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - to be refused
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:fffe:80ff:fffe",
        "2001:db8::1",
        "no address",
    ],
)
def test_refuses_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused, match="not public"):
        target_of("https://mall.example/", to_private=False, look_up=lambda *_: [address])


@pytest.mark.parametrize("address", [OPEN, "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_takes_a_public_address(address: str) -> None:
    assert is_public(address)
    target = target_of("https://mall.example/x", to_private=False, look_up=lambda *_: [address])
    assert target.url.host == address
    assert (target.host, target.name) == ("mall.example", "mall.example")


def test_refuses_a_name_of_which_one_address_is_private() -> None:
    with pytest.raises(AddressRefused, match="not public"):
        target_of("https://mall.example", to_private=False, look_up=lambda *_: [OPEN, "10.0.0.1"])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://mall.example/", "https://"),
        ("ftp://mall.example/", "https://"),
        ("//mall.example/", "https://"),
        ("https://", "needs a host"),
        ("https://user:password@mall.example/", "password"),
        ("https://mall.example/#part", "fragment"),
        ("https://mall.example:99999/", "port"),
        ("https://mall.example:0/", "port"),
        ("https://mall.example:port/", "no URL"),
        (f"https://mall.example/{'x' * 500}", "longer"),
        ("https://mall.example\r\nX-Forged: 1/", "no URL"),
        ("https://mall.example/\r\nX-Forged: 1", "no URL"),
        ("https://mall.example%0d%0aX-Forged%3a1/", "name is none"),
        ("https://127.0.0.1%00.mall.example/", "name is none"),
        ("https://mall .example/", "name is none"),
        ("https://a,b/", "name is none"),
        ("https://.mall.example/", "name is none"),
        (f"https://{'a' * 64}.example/", "name is none"),
        ("https://[2606:2800:220::1%25eth0]/", "name is none"),
    ],
)
def test_refuses_a_url_to_which_nothing_is_sent(url: str, reason: str) -> None:
    with pytest.raises(AddressRefused, match=reason):
        target_of(url, to_private=False, look_up=lambda *_: [OPEN])


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("mall.example", "mall.example"),
        ("MALL.example.", "mall.example."),
        ("_hooks.mall-1.example", "_hooks.mall-1.example"),
        ("mäll.example", "xn--mll-qla.example"),
        ("商城.example", "xn--czru2d.example"),
        ("[2606:2800:220::1]", "2606:2800:220::1"),
    ],
)
def test_takes_a_host_however_it_is_named(host: str, name: str) -> None:
    target = target_of(f"https://{host}/", to_private=False, look_up=lambda *_: [OPEN])
    assert target.name == name


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost"])
def test_refuses_this_machine_however_it_is_written(host: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(f"https://{host}/", to_private=False)


def test_refuses_a_host_that_nobody_knows() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(AddressRefused, match="unknown"):
        target_of("https://mall.example/", to_private=False, look_up=unknown)


def test_takes_this_machine_only_where_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SHAREBACK_WEBHOOKS_TO_PRIVATE", raising=False)
    with pytest.raises(AddressRefused):
        target_of("http://127.0.0.1:81/x")
    monkeypatch.setenv("SHAREBACK_WEBHOOKS_TO_PRIVATE", "1")
    assert str(target_of("http://127.0.0.1:81/x").url) == "http://127.0.0.1:81/x"


def test_the_port_and_path_stay_when_the_name_becomes_an_address() -> None:
    target = target_of(
        "https://mall.example:8443/a?b=c", to_private=False, look_up=lambda *_: ["2606:2800:220::1"]
    )
    assert str(target.url) == "https://[2606:2800:220::1]:8443/a?b=c"
    assert target.host == "mall.example:8443"
