"""Codes that people read aloud and type."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are taken for one another when read aloud: five bits each."""


def new_letters(length: int) -> str:
    """So many random letters."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))
