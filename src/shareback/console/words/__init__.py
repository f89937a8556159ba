"""The console's texts: each key's Chinese and English side by side, so that neither is forgotten.

Pages that come with texts of their own keep them in a module of this package and name it below.
"""

from shareback.console.words import (
    bank,
    books,
    decisions,
    door,
    frame,
    glance,
    outside,
    papers,
    parameters,
    people,
    shop,
    wizard,
)

Words = dict[str, tuple[str, str]]

WORDS: Words = {}
MODULES = (
    frame,
    door,
    glance,
    people,
    books,
    outside,
    decisions,
    parameters,
    wizard,
    shop,
    bank,
    papers,
)
for module in MODULES:
    for key, both in module.WORDS.items():
        if key in WORDS:
            raise ValueError(f"two texts under {key}")
        WORDS[key] = both
