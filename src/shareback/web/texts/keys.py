"""What a language's dictionary is."""

from typing import TypeAlias

Texts: TypeAlias = dict[str, str]
"""Texts by key."""
