"""Attacks over HTTP meet the site as it is served: the fixtures of the API's tests."""

from tests.api.conftest import mall, new_mall, server

__all__ = ["mall", "new_mall", "server"]
