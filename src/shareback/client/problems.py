"""What goes wrong, as exceptions: refusals of the API, and a server that cannot be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one field of a request, and how to mend it."""

    where: str
    message: str


class ProblemError(Exception):
    """An answer that is no success (RFC 9457).

    Attributes:
        status: The HTTP status.
        code: A stable name, such as ``points_short``.
        title: What it means, in the language that the client asks for.
        detail: What and how to mend it.
        rule: The rule of the economy that refuses, or ``""``.
        document: The public document behind that rule, or ``""``.
        have: How much there is, where the refusal is about an amount.
        need: How much it would take.
        errors: What is wrong with the request, field by field.
        key: The idempotency key of the write; a retry under it never does the same thing twice.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str = "",
        detail: str = "",
        *,
        rule: str = "",
        document: str = "",
        have: Decimal | None = None,
        need: Decimal | None = None,
        errors: tuple[Flaw, ...] = (),
        key: str | None = None,
    ) -> None:
        """Keep what the answer says."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.rule = rule
        self.document = document
        self.have = have
        self.need = need
        self.errors = errors
        self.key = key

    def __str__(self) -> str:
        cited = f" ({self.rule})" if self.rule else ""
        told = [f"{self.status} {self.code}{cited}", self.title, self.detail]
        if self.have is not None and self.need is not None:
            told.append(f"have {self.have}, need {self.need}")
        told += [f"{flaw.where}: {flaw.message}" for flaw in self.errors]
        return " · ".join(part for part in told if part)


class Unreachable(ProblemError):
    """No answer came, after all tries. A write may have been done: its key tells it, not we."""

    def __init__(self, detail: str, key: str | None = None) -> None:
        """Keep what was tried, and the key to try it again with."""
        super().__init__(0, "unreachable", "The server did not answer.", detail, key=key)


def problem_from(document: Mapping[str, Any], status: int, key: str | None) -> ProblemError:
    """The exception that a problem's document stands for, whatever it leaves out."""
    errors = document.get("errors")
    flaws = errors if isinstance(errors, list) else []
    return ProblemError(
        status,
        # The token's address speaks OAuth 2: `error` and `error_description` (RFC 6749).
        str(document.get("code") or document.get("error") or f"http_{status}"),
        str(document.get("title") or ""),
        str(document.get("detail") or document.get("error_description") or ""),
        rule=str(document.get("rule") or ""),
        document=str(document.get("document") or ""),
        have=number_of(document.get("have")),
        need=number_of(document.get("need")),
        errors=tuple(
            Flaw(str(flaw.get("where", "")), str(flaw.get("message", "")))
            for flaw in flaws
            if isinstance(flaw, Mapping)
        ),
        key=key,
    )


def number_of(value: object) -> Decimal | None:
    """An amount of a problem; nothing where there is none."""
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None


def problem_of(answer: httpx.Response, key: str | None) -> ProblemError:
    """The exception that an answer stands for; it need not come from our server."""
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {"title": answer.reason_phrase}
    return problem_from(document, answer.status_code, key)
