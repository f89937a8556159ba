"""Large late refunds that wait until a second client approves them (R6.4, A54).

The rules want two approvers and cannot know who they are: one is the client that asked, the other
a client with a scope of its own, and the database holds that the two are not the same.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max

from shareback.api import amounts
from shareback.api.access import Caller
from shareback.api.clients import now_us
from shareback.api.models import RefundRequest
from shareback.api.problems import Problem
from shareback.engine import commands as cmd
from shareback.engine.repeats import refused
from shareback.engine.wellformed import is_encodable
from shareback.rules.codes import Code

APPROVERS = 2
LOOKED_UP = 10_000
"""So many requests are looked up at a time: SQLite binds no more than 32,766 values."""


def path_of(order_id: str, refund_id: str) -> str:
    """What stands for a refund, as in its address.

    Ids may hold slashes, so two refunds could have the same address; the second to be asked for
    is refused, and whoever approves an address approves what waits there and nothing else.
    """
    return f"{order_id}/refunds/{refund_id}"


def let_wait(
    caller: Caller, commands: Sequence[cmd.Command], answers: Sequence[cmd.Answer]
) -> list[cmd.Answer]:
    """Take in the refunds that need a second approver, inside the transaction that found it out.

    Args:
        caller: Who asks.
        commands: What was asked.
        answers: What it came to.

    Returns:
        The answers; where another amount waits under the same ids already, ``ID_TAKEN``.
    """
    wanted = {
        place: command
        for place, (command, answer) in enumerate(zip(commands, answers, strict=True))
        if answer.code == Code.NEEDS_TWO_APPROVERS and isinstance(command, cmd.RefundOrder)
    }
    told = list(answers)
    if not wanted:
        return told
    take_in(caller, list(wanted.values()))
    waiting = money_waiting(caller.programme, list(wanted.values()))
    for place, command in wanted.items():
        asked = (command.order_id, command.refund_id, command.money_uyuan)
        if waiting[path_of(command.order_id, command.refund_id)] != asked:
            told[place] = refused(Code.ID_TAKEN)
    return told


def take_in(caller: Caller, commands: Sequence[cmd.RefundOrder]) -> None:
    """Keep requests, each once; the programme is locked, so numbers are given to one at a time."""
    rows = RefundRequest.objects.filter(programme_id=caller.programme)
    top = rows.aggregate(top=Max("number"))["top"] or 0
    at = now_us()
    made = [
        RefundRequest(
            programme_id=caller.programme,
            number=number,
            path=path_of(command.order_id, command.refund_id),
            order_id=command.order_id,
            refund_id=command.refund_id,
            money=command.money_uyuan,
            asked_by=caller.number,
            asked_at=at,
        )
        for number, command in enumerate(commands, top + 1)
    ]
    RefundRequest.objects.bulk_create(made, ignore_conflicts=True)


def money_waiting(
    programme: int, commands: Sequence[cmd.RefundOrder]
) -> dict[str, tuple[str, str, int]]:
    """What was asked for first, by its path."""
    paths = [path_of(command.order_id, command.refund_id) for command in commands]
    found = {}
    for first in range(0, len(paths), LOOKED_UP):
        rows = RefundRequest.objects.filter(
            programme_id=programme, path__in=paths[first : first + LOOKED_UP]
        )
        found.update({row.path: (row.order_id, row.refund_id, row.money) for row in rows})
    return found


def request_of(caller: Caller, order_id: str, refund_id: str) -> RefundRequest:
    """The request that a client may approve.

    Raises:
        Problem: There is none, or the client asked for it itself.
    """
    path = path_of(order_id, refund_id)
    found = None
    if is_encodable(path):
        found = RefundRequest.objects.filter(programme_id=caller.programme, path=path).first()
    if found is None:
        raise Problem(404, "not_found")
    if found.asked_by == caller.number:
        raise Problem(403, "own_request", rule="R6.4")
    return found


def approved(caller: Caller, request: RefundRequest, answers: Sequence[cmd.Answer]) -> None:
    """Note who approved, inside the transaction that gives the money back."""
    if answers[0].code == Code.ACCEPTED:
        rows = RefundRequest.objects.filter(pk=request.pk, approved_by=None)
        rows.update(approved_by=caller.number, approved_at=now_us())


def request_document(row: RefundRequest) -> dict[str, Any]:
    """A request as it is listed."""
    return {
        "number": row.number,
        "order_id": row.order_id,
        "refund_id": row.refund_id,
        "amount": amounts.money(row.money),
        "asked_by": row.asked_by,
        "asked_at": str(row.asked_at),
    }
