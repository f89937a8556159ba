"""Calls about orders: paid, received, refunded, one by one or many at once."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from shareback.client.amounts import Amount, amount_text
from shareback.client.answers import (
    LineAnswer,
    Listed,
    OrderPaid,
    Refunded,
    RefundRequest,
    RefundWaiting,
)
from shareback.client.lines import Line, PayLine
from shareback.client.problems import problem_from
from shareback.client.request import (
    PAGE_SIZE,
    Page,
    Request,
    Walk,
    encoded,
    key_for,
    nothing,
    pages,
    part,
    reader,
    write,
)

LINES_MAX = 20_000
BYTES_MAX = 16_000_000
"""A batch holds no more of either; the API takes 20,000 lines and 16 MiB."""

MEDIA_TYPE = "application/x-ndjson"
ACCEPTED = range(200, 300)

ORDER_PAID = reader(OrderPaid)
REFUNDED = reader(Refunded)
REFUND: Callable[[bytes], Refunded | RefundWaiting] = TypeAdapter(
    Refunded | RefundWaiting
).validate_json
REQUESTS = reader(Listed[RefundRequest])
LINE_ANSWER = TypeAdapter(LineAnswer)


def pay_order(
    order_id: str,
    member_id: str,
    amount: Amount,
    *,
    merchant_id: str | None = None,
    profit: Amount | None = None,
    category: str | None = None,
    received: bool = False,
    key: str | None = None,
) -> Request[OrderPaid]:
    """Pay an order; it matures when it was received and its return window has closed.

    Args:
        order_id: The caller's own.
        member_id: Who bought.
        amount: What was paid with cash, in yuan.
        merchant_id: Who sold; nobody where the mall itself did.
        profit: In yuan, where the programme awards by profit.
        category: Of goods, where the programme backs by category.
        received: Whether the buyer has it already.
        key: The idempotency key; a new one where there is none.
    """
    line = PayLine(order_id, member_id, amount, merchant_id, profit, category, received)
    return write("/orders", line.document(), ORDER_PAID, key)


def receive_order(order_id: str, *, key: str | None = None) -> Request[None]:
    """Mark an order as received: its return window opens."""
    return write(f"/orders/{part(order_id)}/received", None, nothing, key)


def refund_order(
    order_id: str, refund_id: str, amount: Amount, *, key: str | None = None
) -> Request[Refunded | RefundWaiting]:
    """Give back money of an order, in yuan, before or after it matured.

    A late refund above the programme's limit waits until another client approves it.
    """
    document = {"refund_id": refund_id, "amount": amount_text(amount)}
    return write(f"/orders/{part(order_id)}/refunds", document, REFUND, key)


def approve_refund(order_id: str, refund_id: str, *, key: str | None = None) -> Request[Refunded]:
    """Approve a refund that another client asked for: its money is given back."""
    path = f"/orders/{part(order_id)}/refunds/{part(refund_id)}/approval"
    return write(path, None, REFUNDED, key)


def refund_requests(after: int = -1, *, page_size: int = PAGE_SIZE) -> Walk[RefundRequest]:
    """The refunds that wait for approval, after one by its number."""
    return pages("/refund-requests", REQUESTS, after, page_size)


def pay_orders(lines: Iterable[Line], *, key: str | None = None) -> Walk[LineAnswer]:
    """Pay many orders; lines may also mark as received, refund, or open accounts.

    Lines are drawn as they are needed, and go out in batches, each of which is done as a whole
    when its first answer comes. One bad line hurts no other.

    Args:
        lines: What to do, in order.
        key: The batches go under ``key.1``, ``key.2`` and so on: whoever gives the same lines
            under the same key again gets the first answers again. A new one where there is none.

    Returns:
        An answer for each line, in order.
    """
    named = key_for(key)

    def requests() -> Iterator[Request[Page[LineAnswer]]]:
        before = 0
        for number, batch in enumerate(batches(lines), 1):
            yield batch_request(batch, before, f"{named}.{number}", following)
            before += len(batch)

    waiting = requests()

    def following() -> Request[Page[LineAnswer]] | None:
        return next(waiting, None)

    return following


def batches(lines: Iterable[Line]) -> Iterator[list[bytes]]:
    """Lines as they are sent, so many together as the API takes at once."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        text = encoded(line.document()) + b"\n"
        if held and (len(held) == LINES_MAX or size + len(text) > BYTES_MAX):
            yield held
            held, size = [], 0
        held.append(text)
        size += len(text)
    if held:
        yield held


def batch_request(
    batch: Sequence[bytes], before: int, key: str, following: Walk[LineAnswer]
) -> Request[Page[LineAnswer]]:
    """The call that sends a batch.

    Args:
        batch: Its lines.
        before: How many lines went before it.
        key: Its own.
        following: Gives the next batch.
    """

    def read(body: bytes) -> Page[LineAnswer]:
        told = body.splitlines()
        if len(told) != len(batch):
            raise ValueError(f"{len(told)} answers to {len(batch)} lines")
        answers = [line_answer(json.loads(text), before, key) for text in told]
        return Page(answers, following)

    return Request("POST", "/orders:batch", read, b"".join(batch), key_for(key), {}, MEDIA_TYPE)


def line_answer(document: Mapping[str, Any], before: int, key: str) -> LineAnswer:
    """What a line came to."""
    place, status = int(document["line"]) + before, int(document["status"])
    if status in ACCEPTED:
        return LINE_ANSWER.validate_python({**document, "line": place})
    return LineAnswer(place, status, problem=problem_from(document, status, key))
