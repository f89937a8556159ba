"""Many orders at once: NDJSON in, an answer line for each line, in order."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Annotated, Any, Literal

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Discriminator, Tag, TypeAdapter, ValidationError

from shareback.api import amounts
from shareback.api.access import admit, with_rate_headers
from shareback.api.amounts import Id
from shareback.api.approvals import let_wait
from shareback.api.clients import now_us
from shareback.api.models import BulkAnswer
from shareback.api.problems import Problem, faults_of, refusal_problem
from shareback.api.routes.orders import paid
from shareback.api.schemas import MemberIn, OrderIn, RefundIn, Taken
from shareback.api.writing import key_of, scoped, submit
from shareback.engine import commands as cmd
from shareback.journal.models import Answer
from shareback.rules.codes import Code

LINES_MAX = 20_000
LINE_MAX = 65_536
TAKEN = json.dumps([Code.KEY_TAKEN, 0, 0, 0, 0, 0, 0])
MEDIA_TYPE = "application/x-ndjson"

router = Router(tags=["orders"])


class PayLine(OrderIn):
    """Pay an order; what a line is where it does not say."""

    op: Literal["pay"] = "pay"


class ReceiveLine(Taken):
    """Mark an order as received."""

    op: Literal["receive"]
    order_id: Id


class RefundLine(RefundIn):
    """Give back money of an order."""

    op: Literal["refund"]
    order_id: Id


class JoinLine(MemberIn):
    """Open a member's account."""

    op: Literal["join"]


def op_of(value: Any) -> str:  # noqa: ANN401 - whatever a line holds
    """What a line asks for."""
    said = value.get("op", "pay") if isinstance(value, dict) else getattr(value, "op", "pay")
    return said if isinstance(said, str) else ""


Line = Annotated[
    Annotated[PayLine, Tag("pay")]
    | Annotated[ReceiveLine, Tag("receive")]
    | Annotated[RefundLine, Tag("refund")]
    | Annotated[JoinLine, Tag("join")],
    Discriminator(op_of),
]
LINE: TypeAdapter[Line] = TypeAdapter(Line)
PAY_LINE = TypeAdapter(PayLine)


def command_of(line: Line, at: int) -> cmd.Command:
    """The command that a line stands for."""
    match line:
        case PayLine():
            return paid(line, at)
        case ReceiveLine():
            return cmd.ReceiveOrder(at, line.order_id)
        case RefundLine():
            return cmd.RefundOrder(at, line.order_id, line.refund_id, line.amount)
        case JoinLine():
            return cmd.JoinMember(at, line.member_id, line.referrer_id or "")


def parse(body: bytes) -> list[Line | Problem]:
    """Each line, or what is wrong with it.

    Raises:
        Problem: There are too many, or none.
    """
    if body.count(b"\n") > LINES_MAX:
        raise Problem(422, "invalid", f"needs 1 to {LINES_MAX:,} lines, one JSON object each")
    lines = body.split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    if not 0 < len(lines) <= LINES_MAX:
        raise Problem(422, "invalid", f"needs 1 to {LINES_MAX:,} lines, one JSON object each")
    found: list[Line | Problem] = []
    for text in lines:
        if len(text) > LINE_MAX:
            found.append(Problem(413, "too_large", f"at most {LINE_MAX:,} bytes a line"))
            continue
        # Most lines pay, and say so by leaving it out: no need to look which kind they are.
        kind: TypeAdapter[Any] = LINE if b'"op"' in text else PAY_LINE
        try:
            found.append(kind.validate_json(text))
        except ValidationError as fault:
            found.append(Problem(422, "invalid", errors=faults_of(fault.errors())))
    return found


def answer_line(place: int, line: Line, answer: cmd.Answer) -> dict[str, Any]:
    """What a line came to."""
    told: dict[str, Any] = {"line": place}
    if isinstance(line, RefundLine) and answer.code == Code.NEEDS_TWO_APPROVERS:
        told |= {"status": 202, "order_id": line.order_id, "refund_id": line.refund_id}
        return told | {"waiting": True}
    if answer.code != Code.ACCEPTED:
        return told | refusal_problem(answer).document()
    match line:
        case PayLine():
            told |= {"status": 201, "order_id": line.order_id, "number": answer.number}
        case ReceiveLine():
            told |= {"status": 200, "order_id": line.order_id}
        case RefundLine():
            told |= {"status": 201, "order_id": line.order_id, "refund_id": line.refund_id}
            told["paid_out"] = amounts.money(answer.money_uyuan)
        case JoinLine():
            told |= {"status": 201, "member_id": line.member_id, "number": answer.number}
    return told


def render(lines: Sequence[Line | Problem], answers: Sequence[cmd.Answer]) -> bytes:
    """The answer: a line for each line."""
    waiting = iter(answers)
    told = []
    for place, line in enumerate(lines, 1):
        if isinstance(line, Problem):
            told.append(compact({"line": place, **line.document()}))
            continue
        answer = next(waiting)
        if type(line) is PayLine and answer.code == Code.ACCEPTED:
            # Nearly all lines: written by hand, since a document for each takes twice as long.
            order = encode_basestring(line.order_id)
            number = answer.number
            told.append(f'{{"line":{place},"status":201,"order_id":{order},"number":{number}}}\n')
        else:
            told.append(compact(answer_line(place, line, answer)))
    return "".join(told).encode()


def compact(document: dict[str, Any]) -> str:
    """A document as one line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def kept_answer(programme: int, key: str, digest: bytes) -> bytes | None:
    """The answer that a key got before.

    Raises:
        Problem: With another body, or as a single call's.
    """
    # Whether it is a single call's: found out within the batch, whoever shares that would pay.
    if not Answer.objects.filter(programme_id=programme, key=key).exists():
        return None
    kept = BulkAnswer.objects.filter(programme_id=programme, key=key).first()
    if kept is None or bytes(kept.request) != digest:
        raise key_taken()
    return zlib.decompress(bytes(kept.body))


def key_taken() -> Problem:
    """The answer to a key that belongs to another request."""
    return Problem(422, Code.KEY_TAKEN.name.lower(), rule="R10")


def answered_already(
    programme: int, key: str, digest: bytes, answers: Sequence[cmd.Answer]
) -> bytes | None:
    """The answer that another process gave to the same request while this one waited its turn.

    Nothing new may have come of it this time: a line that was refused then and accepted now must
    not be told as refused. Then the batch is undone, which costs those who share it a moment.
    """
    if any(answer.code == Code.ACCEPTED and not answer.repeated for answer in answers):
        return None
    kept = BulkAnswer.objects.filter(programme_id=programme, key=key).first()
    if kept is None or bytes(kept.request) != digest:
        return None
    return zlib.decompress(bytes(kept.body))


@router.post("/{programme}/orders:batch", operation_id="batch_orders")
def batch(request: HttpRequest, programme: int) -> HttpResponse:
    """Pay, receive and refund many orders, and open accounts, in one durable transaction.

    Each line is a JSON object as the single calls take it, with ``op``: ``pay`` (where it is left
    out), ``receive``, ``refund`` or ``join``. One bad line hurts no other. The whole answer is
    kept under the key: the same request gets it again, byte for byte.
    """
    caller = admit(request, programme, "orders:write")
    key, digest = scoped(caller, key_of(request)), hashlib.sha256(request.body).digest()
    body = kept_answer(programme, key, digest)
    if body is not None:
        return ndjson(request, body, repeated=True)
    lines, at = parse(request.body), now_us()
    if any(isinstance(line, JoinLine) for line in lines) and "members:write" not in caller.scopes:
        raise Problem(403, "forbidden", "needs the scope members:write")
    commands = [command_of(line, at) for line in lines if not isinstance(line, Problem)]
    before: list[bytes | None] = [None]
    written = [b""]

    def keep(answers: Sequence[cmd.Answer]) -> None:
        before[0] = answered_already(programme, key, digest, answers)
        if before[0] is not None:
            return
        written[0] = render(lines, let_wait(caller, commands, answers))
        BulkAnswer.objects.create(
            programme_id=programme, key=key, request=digest, body=zlib.compress(written[0], 1)
        )
        # A single call under this key finds it taken, and one that came first holds it already.
        Answer.objects.create(programme_id=programme, key=key, request=digest, body=TAKEN)

    try:
        submit(request, caller, commands, key, keep, len(lines) - len(commands))
    except IntegrityError:
        # Another process was at it under the same key, or the key is a single call's.
        before[0] = kept_answer(programme, key, digest)
        if before[0] is None:
            raise key_taken() from None
    if before[0] is not None:
        return ndjson(request, before[0], repeated=True)
    return ndjson(request, written[0])


def ndjson(request: HttpRequest, body: bytes, *, repeated: bool = False) -> HttpResponse:
    """An NDJSON answer."""
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return with_rate_headers(request, response)
