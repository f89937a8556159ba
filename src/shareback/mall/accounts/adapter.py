"""How accounts are kept: phones, codes, and how codes are sent."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts by phone number."""
