"""A resolver that hangs holds nobody for ever, and not everybody."""

import threading
from collections.abc import Iterator

import pytest

from shareback.gateways.addresses import AddressRefused, target_of
from shareback.gateways.lookups import Lookups, LookupsBusy


class Resolver:
    """Finds addresses at once, or hangs until a test lets it go."""

    def __init__(self) -> None:
        self.hangs = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, host: str, _port: int) -> list[str]:
        if host == "hangs.example":
            self.hangs.set()
            self.let_go.wait()
        return ["93.184.216.34"]


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    one = Resolver()
    yield one
    one.let_go.set()


def test_a_name_is_found(resolver: Resolver) -> None:
    assert Lookups().of("a", resolver)("mall.example", 443) == ["93.184.216.34"]


def test_a_resolver_that_hangs_is_given_up(resolver: Resolver) -> None:
    look_up = Lookups().of("a", resolver, 0.05)
    with pytest.raises(TimeoutError):
        look_up("hangs.example", 443)
    with pytest.raises(AddressRefused, match="not found in time"):
        target_of("https://hangs.example/", to_private=False, look_up=look_up)


def test_a_host_that_is_unknown_stays_unknown() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(AddressRefused, match="unknown"):
        target_of("https://x.example/", to_private=False, look_up=Lookups().of("a", unknown))


def test_one_whose_names_hang_leaves_room_for_others(resolver: Resolver) -> None:
    lookups = Lookups(at_once=3, of_one=2)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            lookups.of("a", resolver, 0.01)("hangs.example", 443)
    with pytest.raises(LookupsBusy):
        lookups.of("a", resolver)("mall.example", 443)
    assert lookups.of("b", resolver)("mall.example", 443)


def test_there_is_an_end_to_lookups_that_hang(resolver: Resolver) -> None:
    lookups = Lookups(at_once=2, of_one=2)
    for asker in "ab":
        with pytest.raises(TimeoutError):
            lookups.of(asker, resolver, 0.01)("hangs.example", 443)
    with pytest.raises(LookupsBusy):
        lookups.of("c", resolver)("mall.example", 443)


def test_a_lookup_that_ended_at_last_makes_room_again(resolver: Resolver) -> None:
    lookups = Lookups(at_once=1, of_one=1)
    with pytest.raises(TimeoutError):
        lookups.of("a", resolver, 0.01)("hangs.example", 443)
    (hanging,) = [one for one in threading.enumerate() if one.name == "lookup"]
    resolver.let_go.set()
    hanging.join(10)
    assert lookups.of("a", resolver)("mall.example", 443)
    assert lookups.running == {}
