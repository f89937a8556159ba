"""The API's own server and malls, as its tests have them."""

from tests.api.conftest import mall, new_mall, server

__all__ = ["mall", "new_mall", "server"]
