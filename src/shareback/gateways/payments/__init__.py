"""Gateways for payments in cash: the one interface, and the built-in gateway for tests."""
