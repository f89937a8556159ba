"""A delivery: believed or not, new or known, done and answered.

Order of things: address, signature, age; then what the body says. Orders, refunds and accounts
are once by their own ids, so no delivery can double anything, whatever its own id says. The
first answer of a delivery that went well is kept for ever; one that was refused is worked on
anew when the mall sends it again, since what it lacked may be there then.
"""

import hashlib
import ipaddress
import json
import time
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from shareback.api import amounts
from shareback.api.access import Caller, address_of, is_within, read_stranger
from shareback.api.approvals import let_wait
from shareback.api.clients import now_us
from shareback.api.connectors import conflicts
from shareback.api.connectors.connections import known_secrets, shape_of
from shareback.api.connectors.mapping import (
    Act,
    Meant,
    Passed,
    Terms,
    Unmapped,
    meaning,
    payload_of,
)
from shareback.api.connectors.paths import Json, NotThere, Scope, single
from shareback.api.connectors.shapes import Shape, Source
from shareback.api.connectors.signatures import Sent, is_signed
from shareback.api.models import BulkAnswer, Connection
from shareback.api.problems import Problem, refusal_problem
from shareback.api.writing import submit
from shareback.engine import commands as cmd
from shareback.engine.repeats import done
from shareback.engine.wellformed import is_encodable
from shareback.journal.models import Terms as JournaledTerms
from shareback.rules.codes import Code
from shareback.units.scales import INT64_MAX

AHEAD_MAX_S = 300
"""How far a mall's clock may be ahead of ours."""

SECONDS_DIGITS_MAX = 12
PING_MAX = 64

QUIET = {
    ("receive", Code.ALREADY_RECEIVED),
    ("receive", Code.ORDER_CLOSED),
}
"""Refusals that only say that an earlier event has been here: they are no fault of the mall's."""

WAITING = ("refund", Code.NEEDS_TWO_APPROVERS)
"""A refund that was taken in and waits for somebody's approval: there is nothing to send again."""

CONFLICT = ("pay", Code.ID_TAKEN)
"""A payment for an order that is there, under other terms: people must look, the mall need not."""


class Delivery(NamedTuple):
    """A delivery that is believed.

    Attributes:
        connection: Through which it came.
        caller: The connection as the writer of the commands.
        topic: The event's name.
        key: Under which its answer is kept.
        payload: What it says.
    """

    connection: Connection
    caller: Caller
    topic: str
    key: str
    payload: Json


def deliver(request: HttpRequest, programme: int, name: str) -> HttpResponse:
    """Take a delivery, and answer with what was done.

    Raises:
        Problem: It is not believed, cannot be read, or is refused by the rules.
    """
    connection = reached(request, programme, name)
    shape = shape_of(connection)
    if is_ping(shape, request.body):
        return answer(rendered(shape, [Passed("a trial, which carries nothing")], []))
    check_signature(request, connection, shape)
    try:
        delivery = opened(request, connection, shape)
        kept = kept_answer(delivery)
        if kept is not None:
            return answer(kept, repeated=True)
        meant = meaning(shape, delivery.topic, delivery.payload, terms_of(connection))
    except Unmapped as fault:
        raise Problem(422, "invalid", writable(str(fault))) from None
    return answer(*perform(request, delivery, shape, meant))


def writable(text: str) -> str:
    """A text without the halves of characters that JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "backslashreplace").decode()


def reached(request: HttpRequest, programme: int, name: str) -> Connection:
    """The connection that a delivery is meant for.

    Raises:
        Problem: There is no such connection, or the delivery comes from elsewhere.
    """
    rows = Connection.objects.filter(programme_id=programme, name=name, active=True)
    connection = rows.first() if 0 < programme <= INT64_MAX and is_encodable(name) else None
    if connection is None:
        raise Problem(404, "not_found")
    networks = tuple(ipaddress.ip_network(text) for text in connection.networks.split())
    if networks and not is_within(address_of(request), networks):
        raise Problem(403, "address_forbidden")
    read_stranger(request, "deliveries")
    return connection


def is_ping(shape: Shape, body: bytes) -> bool:
    """Whether a delivery is a mall's unsigned trial, such as WooCommerce sends at the start."""
    return shape.ping is not None and len(body) <= PING_MAX and body.startswith(shape.ping.encode())


def check_signature(request: HttpRequest, connection: Connection, shape: Shape) -> None:
    """Refuse a delivery that is not the mall's own (A57).

    Raises:
        Problem: It is not signed with a secret of the connection.
    """
    sent = Sent(request.headers, request.body)
    if not is_signed(shape.signature, sent, known_secrets(connection)):
        detail = "the signature is not that of this body; compare the secret on both sides"
        raise Problem(401, "unauthorised", detail)


def opened(request: HttpRequest, connection: Connection, shape: Shape) -> Delivery:
    """A delivery with its topic, key and payload.

    Raises:
        Problem: It is too old.
        Unmapped: It is no JSON object, or names no topic.
    """
    payload = payload_of(shape, request.body)
    topic = source(shape.topic, "topic", request, payload)
    given = "" if shape.delivery is None else source(shape.delivery, "delivery", request, payload)
    check_age(shape, request, payload)
    # Malls reuse an id for several bodies: WooCommerce's is the same for a whole second.
    named = f"{topic}\0{given}\0".encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(named + request.body).hexdigest()
    caller = Caller(
        connection.programme_id,
        -connection.number,
        frozenset(),
        address_of(request),
    )
    return Delivery(connection, caller, topic, f"connection:{connection.name}:{digest}", payload)


def source(where: Source, field: str, request: HttpRequest, payload: Json) -> str:
    """A text from a header, or from the payload."""
    if where.header is not None:
        found = request.headers.get(where.header, "")
        if not found:
            raise Unmapped(f"{field}: the header {where.header} is missing; the mall must send it")
        return found
    if where.path is None:
        raise Unmapped(f"{field}: names no place")
    try:
        return single(where.path, Scope(payload))
    except NotThere as fault:
        raise Unmapped(f"{field}: {fault}; mend the shape's {field}") from None


def check_age(shape: Shape, request: HttpRequest, payload: Json) -> None:
    """Refuse a delivery that was sent long ago, or that comes from the future."""
    if shape.time is None or shape.age_max_s is None:
        return
    told = source(shape.time, "time", request, payload)
    age = time.time() - seconds_of(told)
    if not -AHEAD_MAX_S <= age <= shape.age_max_s:
        bound = f"at most {shape.age_max_s} s"
        raise Unmapped(f"time: {told[:40]} is too old or lies ahead; {bound}, and set the clocks")


def seconds_of(text: str) -> float:
    """Seconds since 1970 of a moment in ISO 8601 or in such seconds."""
    if text.isdecimal() and len(text) <= SECONDS_DIGITS_MAX:
        return float(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unmapped(f"time: {text[:40]!r} is neither ISO 8601 nor seconds since 1970") from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


def terms_of(connection: Connection) -> Terms:
    """What a connection adds to its shape."""
    rows = JournaledTerms.objects.filter(programme_id=connection.programme_id)
    parameters = rows.order_by("-version").values_list("parameters", flat=True)[0]
    currency = str(json.loads(parameters)["currency"])
    return Terms(currency, connection.prefix, connection.merchant_id)


def commands_of(act: Act, at: int) -> list[cmd.Command]:
    """The commands that an act stands for; who is new joins first."""
    order, money = act.order_id, act.money_uyuan
    if act.does == "receive":
        return [cmd.ReceiveOrder(at, order)]
    if act.does == "refund":
        return [cmd.RefundOrder(at, order, act.refund_id, money)]
    joins: list[cmd.Command] = [cmd.JoinMember(at, act.member_id)]
    if act.merchant_id:
        joins.append(cmd.JoinMerchant(at, act.merchant_id))
    return [*joins, cmd.PayOrder(at, order, act.member_id, act.merchant_id, money)]


def perform(
    request: HttpRequest, delivery: Delivery, shape: Shape, meant: Sequence[Meant]
) -> tuple[bytes, bool]:
    """Do what a delivery means, in one transaction with its answer.

    Returns:
        The answer, and whether it is the first one of an earlier delivery.

    Raises:
        Problem: The rules refuse a part; the other parts stand, and are not done twice later.
    """
    acts = [one for one in meant if isinstance(one, Act)]
    at = now_us()
    groups = [commands_of(act, at) for act in acts]
    commands = [command for group in groups for command in group]
    if not commands:
        return rendered(shape, meant, []), False

    ended: list[cmd.Answer] = []

    def keep(answers: Sequence[cmd.Answer]) -> None:
        ended[:] = parted(groups, let_wait(delivery.caller, commands, answers))
        if all(is_fine(act, end) for act, end in zip(acts, ended, strict=True)):
            BulkAnswer.objects.create(
                programme_id=delivery.caller.programme,
                key=delivery.key,
                request=hashlib.sha256(request.body).digest(),
                body=zlib.compress(rendered(shape, meant, ended), 1),
            )

    try:
        submit(request, delivery.caller, commands, delivery.key, keep)
    except IntegrityError:
        # Another process was at the same delivery.
        kept = kept_answer(delivery)
        if kept is None:
            raise
        return kept, True
    ended[:] = [compared(delivery, act, end) for act, end in zip(acts, ended, strict=True)]
    for act, end in zip(acts, ended, strict=True):
        if not is_fine(act, end) and (act.does, end.code) != CONFLICT:
            raise refused(act, end)
    return rendered(shape, meant, ended), False


def compared(delivery: Delivery, act: Act, answer: cmd.Answer) -> cmd.Answer:
    """The answer to an act; a payment that is not the one known is kept for people to look at.

    Such a delivery's answer is not kept: should we stop here, it comes again and is told again.
    """
    if (act.does, answer.code) != CONFLICT:
        return answer
    if not conflicts.is_another(delivery.caller.programme, act):
        return done(0)
    conflicts.keep(delivery.connection, act)
    return answer


def parted(
    groups: Sequence[Sequence[cmd.Command]], answers: Sequence[cmd.Answer]
) -> list[cmd.Answer]:
    """What each act came to: its last command's answer, or the refusal of one before it."""
    waiting = iter(answers)
    ended = []
    for group in groups:
        own = [next(waiting) for _command in group]
        stopped = [one for one in own[:-1] if one.code != Code.ACCEPTED]
        ended.append(own[-1] if own[-1].code == Code.ACCEPTED or not stopped else stopped[0])
    return ended


def is_fine(act: Act, answer: cmd.Answer) -> bool:
    """Whether an act was done, now or before, or need not be done."""
    if answer.code == Code.ORDER_UNKNOWN and act.may_be_unknown:
        return True
    told = (act.does, answer.code)
    return answer.code == Code.ACCEPTED or told in QUIET or told == WAITING


def refused(act: Act, answer: cmd.Answer) -> Problem:
    """The problem that a refused act is."""
    problem = refusal_problem(answer)
    problem.detail = writable(f"{act.does} of order {act.order_id}")
    return problem


def rendered(shape: Shape, meant: Sequence[Meant], ended: Sequence[cmd.Answer]) -> bytes:
    """The answer's document: what the mall wants to read, what was done, what was passed over."""
    waiting = iter(ended)
    done = [told(one, next(waiting)) for one in meant if isinstance(one, Act)]
    passed = [one.reason for one in meant if isinstance(one, Passed)]
    document = {**shape.answer, "done": done, "passed": passed}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )


def told(act: Act, answer: cmd.Answer) -> dict[str, Any]:
    """What an act came to; ``already`` where an earlier event had done it.

    ``conflict`` where the order's payment is another, ``waiting`` where somebody must approve.
    """
    document: dict[str, Any] = {"does": act.does, "order_id": act.order_id}
    if act.does == "refund":
        document["refund_id"] = act.refund_id
    if act.does == "pay":
        document["member_id"] = act.member_id
    if act.money_uyuan:
        document["amount"] = amounts.money(act.money_uyuan)
    if answer.code == Code.ORDER_UNKNOWN:
        document["unknown"] = True
    elif (act.does, answer.code) == CONFLICT:
        document["conflict"] = True
    elif (act.does, answer.code) == WAITING:
        document["waiting"] = True
    elif answer.repeated or answer.code != Code.ACCEPTED:
        document["already"] = True
    return document


def kept_answer(delivery: Delivery) -> bytes | None:
    """The first answer of a delivery that went well before."""
    rows = BulkAnswer.objects.filter(programme_id=delivery.caller.programme, key=delivery.key)
    kept = rows.first()
    return None if kept is None else zlib.decompress(bytes(kept.body))


def answer(body: bytes, repeated: bool = False) -> HttpResponse:  # noqa: FBT001, FBT002
    """A JSON answer."""
    response = HttpResponse(body, content_type="application/json")
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response
