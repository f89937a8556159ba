"""A receiver, a clock, a programme that has been lived through, and endpoints of it."""

from collections.abc import Callable, Iterator

import pytest

from shareback.engine.engine import Engine
from shareback.gateways.endpoints import register, set_back
from shareback.gateways.models import Delivery, Endpoint
from tests.backends.once import Once
from tests.gateways.lived import lived
from tests.gateways.receiver import Clock, Receiver, receiving

Registers = Callable[..., Endpoint]


@pytest.fixture(scope="session")
def life(alias: str, once: Once) -> Engine:
    """A programme's whole life; nobody changes it."""
    return once(("life", alias), lambda: lived(alias))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def registers(alias: str, life: Engine, receiver: Receiver) -> Iterator[Registers]:
    """Registers endpoints at the receiver that get the whole life; they go after the test."""
    made: list[Endpoint] = []

    def registered(*types: str, programme: int = 0, client: int = 1) -> Endpoint:
        number = programme or life.id
        one = register(number, client, receiver.url, types, alias, to_private=True)
        set_back(one, 0, alias)
        receiver.secret = one.secret
        made.append(one)
        return Endpoint.objects.using(alias).get(pk=one.pk)

    yield registered
    for one in made:
        Delivery.objects.using(alias).filter(
            programme_id=one.programme_id, endpoint=one.number
        ).delete()
        Endpoint.objects.using(alias).filter(pk=one.pk).delete()
