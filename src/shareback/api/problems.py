"""Errors of the API: problem+json (RFC 9457) with a stable code, the rule and its numbers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse

from shareback.api.shop.words import SHOP_WORDS
from shareback.api.words import WORDS
from shareback.engine.commands import Answer
from shareback.rules.codes import RULE_OF, Code
from shareback.rules.decide import document_of
from shareback.units.scales import UCOIN_PER_COIN, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_exact

MEDIA_TYPE = "application/problem+json"

STATUS_OF: dict[Code, int] = {
    Code.PROFILE_FORBIDS: 403,
    Code.NEEDS_TWO_APPROVERS: 403,
    Code.MEMBER_UNKNOWN: 404,
    Code.MERCHANT_UNKNOWN: 404,
    Code.ORDER_UNKNOWN: 404,
    Code.PAYMENT_UNKNOWN: 404,
    Code.AMOUNT_INVALID: 422,
    Code.ID_INVALID: 422,
    Code.KEY_TAKEN: 422,
}
"""The HTTP status of a refusal; any other is 409: the account's state does not allow it now."""

UNIT_OF: dict[Code, int] = {
    Code.POINTS_SHORT: UNITS_PER_POINT,
    Code.SUPPLY_CAP_REACHED: UNITS_PER_POINT,
    Code.COINS_SHORT: UCOIN_PER_COIN,
    Code.ORDERS_PENDING: 1,
}
"""In which units the numbers of a refusal are; any other is about money."""


OURS = frozenset({"body", "query", "path", "pay", "receive", "refund", "join"})
"""Parts of a place in a request that its caller knows nothing of."""


FAULTS_MAX = 20
WHERE_MAX = 200


class Problem(Exception):
    """An answer that is no success.

    Attributes:
        status: The HTTP status.
        code: A stable name, in lower case.
        detail: What and how to mend it, in one line.
        more: Further members of the document.
        headers: Further headers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        """Keep what the answer says."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def document(self, language: str = "en") -> dict[str, Any]:
        """The problem details."""
        title = title_of(self.code, language)
        document: dict[str, Any] = {
            "type": f"urn:shareback:problem:{self.code}",
            "title": title,
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            document["detail"] = self.detail
        return document | {name: value for name, value in self.more.items() if value}

    def response(self, request: HttpRequest) -> HttpResponse:
        """The answer, in the language that the caller prefers."""
        document = self.document(language_of(request))
        body = json.dumps(document, ensure_ascii=False)
        return HttpResponse(body, content_type=MEDIA_TYPE, status=self.status, headers=self.headers)


def title_of(code: str, language: str) -> str:
    """The sentence for a code: the API's own, the rules', or the shop's."""
    if code in WORDS:
        return WORDS[code][language]
    word = SHOP_WORDS[code]
    return word.zh if language == "zh" else word.en


def language_of(request: HttpRequest) -> str:
    """Chinese where the caller asks for it first, else English."""
    return "zh" if request.headers.get("Accept-Language", "").lower().startswith("zh") else "en"


def refusal_problem(answer: Answer) -> Problem:
    """The problem that a refusal of the rules is."""
    code = Code(answer.code)
    unit = UNIT_OF.get(code, UYUAN_PER_YUAN)
    numbers = {}
    if answer.have or answer.need:
        numbers = {
            "have": format_exact(answer.have, unit),
            "need": format_exact(answer.need, unit),
        }
    return Problem(
        STATUS_OF.get(code, 409),
        code.name.lower(),
        headers={"Idempotent-Replayed": "true"} if answer.repeated else None,
        rule=RULE_OF[code],
        document=document_of(code),
        **numbers,
    )


def faults_of(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What pydantic found, a line for each: where, and how to mend it."""
    return [
        {
            "where": where(one["loc"])[:WHERE_MAX],
            "message": str(one["msg"]).removeprefix("Value error, "),
        }
        for one in islice(errors, FAULTS_MAX)
    ]


def where(place: Sequence[object]) -> str:
    """The field that is meant, without the names by which our own code calls a body."""
    parts = [str(part) for part in place]
    while len(parts) > 1 and parts[0] in OURS:
        del parts[0]
    return ".".join(parts)
