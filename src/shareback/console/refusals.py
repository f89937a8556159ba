"""Why something was not done, in the reader's words."""

from shareback.console.shown import Voice
from shareback.console.words import WORDS
from shareback.engine.batch import DaysUnclosed
from shareback.mall.faults import Refused
from shareback.rules.codes import RULE_OF, Code


def words_of(voice: Voice, name: str) -> str:
    """A refusal of the engine in words, by its name; its rule where we have no words for it."""
    key = f"refused_{name}"
    if key in WORDS:
        return voice.say(key)
    known = Code.__members__.get(name.upper())
    return voice.say("refused_else", code=name, rule=RULE_OF.get(known, "") if known else "")


def why(voice: Voice, fault: Refused | DaysUnclosed) -> str:
    """Why the engine did not do what it was told."""
    if isinstance(fault, Refused):
        return words_of(voice, Code(fault.answer.code).name.lower())
    return voice.say("refused_days_unclosed")
