"""Shareback: every purchase gives a share back, and the books prove it."""

__version__ = "0.1.0"
