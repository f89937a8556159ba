"""The words of the pages: one dictionary for each language, with the same keys."""

from shareback.web.texts import en, zh
from shareback.web.texts.keys import Texts

DEFAULT = "zh"
"""Spoken to whoever has not chosen."""

TEXTS: dict[str, Texts] = {"zh": zh.TEXTS, "en": en.TEXTS}
"""Texts by language, then by key; figures stand in them as ``{names}``."""

__all__ = ["DEFAULT", "TEXTS", "Texts"]
