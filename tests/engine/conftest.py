"""The engine's tests have their databases from ``tests.backends.journals``."""
