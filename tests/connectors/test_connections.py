"""Opening connections: what does not do is told in one line."""

import pytest

from shareback.api.connectors.connections import ConnectionUnfit, change_secret, open_connection
from shareback.api.models import Connection
from tests.connectors.shops import OWN, SECRET

NUMBERS = iter(range(20_000, 32_000))


@pytest.fixture
def programme() -> int:
    """A number that no programme bears: connections are opened without a look at it."""
    return next(NUMBERS)


def test_connections_are_numbered_within_their_programme(programme: int, alias: str) -> None:
    first = open_connection(programme, "a", SECRET, "shopify", alias=alias)
    second = open_connection(programme, "b", SECRET, mapping=OWN, prefix="b-", alias=alias)
    assert (first.number, second.number) == (1, 2)
    other = open_connection(next(NUMBERS), "a", SECRET, "woocommerce", alias=alias)
    assert other.number == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "A shop"}, "name 'A shop': 1 to 60 of a-z, 0-9 and -"),
        ({"name": ""}, "name '': "),
        ({"secret": ""}, "the secret needs 16 to 500 characters"),
        ({"secret": "x" * 15}, "the secret needs 16 to 500 characters"),
        ({"secret": "x" * 501}, "the secret needs 16 to 500 characters"),
        ({"secret": "x" * 20 + "\0"}, "the secret needs 16 to 500 characters"),
        ({"shape": ""}, "name either a shape or a mapping file"),
        ({"mapping": OWN}, "name either a shape or a mapping file"),
        ({"shape": "magento"}, "shape 'magento': choose from shopify, woocommerce, youzan"),
        ({"shape": "", "mapping": "a = 1"}, "signature: Field required"),
        ({"networks": ("here",)}, "network 'here': "),
        ({"shape": "youzan", "client_id": "c"}, "Youzan signs with MD5, which is weak: name the"),
        ({"shape": "youzan", "networks": ("10.0.0.0/8",)}, "Youzan signs with the app's client id"),
        ({"prefix": "p" * 61}, "prefix, merchant_id and client_id: at most 60, 200 and 200"),
        ({"merchant_id": "m\0"}, "prefix, merchant_id and client_id: at most 60, 200 and 200"),
    ],
)
def test_a_connection_that_does_not_do_is_refused(
    programme: int, alias: str, change: dict[str, object], fault: str
) -> None:
    asked: dict[str, object] = {"name": "shop", "secret": SECRET, "shape": "shopify"}
    with pytest.raises(ConnectionUnfit) as told:
        open_connection(programme, alias=alias, **(asked | change))  # type: ignore[arg-type]
    assert str(told.value).startswith(fault)
    assert "\n" not in str(told.value)
    assert not Connection.objects.using(alias).filter(programme_id=programme).exists()


def test_a_name_is_given_once(programme: int, alias: str) -> None:
    open_connection(programme, "shop", SECRET, "shopify", alias=alias)
    with pytest.raises(ConnectionUnfit, match="there is a connection of this name"):
        open_connection(programme, "shop", SECRET, "woocommerce", alias=alias)


def test_a_changed_secret_must_be_as_long_as_the_first(programme: int, alias: str) -> None:
    connection = open_connection(programme, "shop", SECRET, "shopify", alias=alias)
    with pytest.raises(ConnectionUnfit):
        change_secret(connection, "short", alias)
    connection.refresh_from_db(using=alias)
    assert connection.secret == SECRET
