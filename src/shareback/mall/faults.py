"""What the mall cannot do as it is asked: known cases, with the word that tells people why."""

from shareback.engine.commands import Answer


class Refused(Exception):
    """The engine refused a command of the mall.

    Attributes:
        answer: With the code of the rule, and its numbers.
    """

    def __init__(self, answer: Answer) -> None:
        """Keep the engine's answer."""
        super().__init__(answer.code)
        self.answer = answer


class CannotBe(Exception):
    """The mall itself refuses.

    Attributes:
        code: A stable name; its words stand in `api.shop.words`.
        detail: What and how to mend it, in one line; may be empty.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code
        self.detail = detail
