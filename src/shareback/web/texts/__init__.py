"""The words of the pages: one dictionary for each language, with the same keys."""

from shareback.web.texts import en, proofs, zh
from shareback.web.texts.keys import Texts

DEFAULT = "zh"
"""Spoken to whoever has not chosen."""

TEXTS: dict[str, Texts] = {"zh": {**zh.TEXTS, **proofs.ZH}, "en": {**en.TEXTS, **proofs.EN}}
"""Texts by language, then by key; figures stand in them as ``{names}``."""

__all__ = ["DEFAULT", "TEXTS", "Texts"]
