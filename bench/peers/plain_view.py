"""The call that pays an order, written as a plain Django view: one transaction an order.

The same rows, log, kept answer and audit row as the engine's, through Django's models and
`select_for_update`; the same authentication, and the same checks of the body.
"""

import hashlib
import json
import secrets

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from bench.peers.usual_rules import ABSENT, RANGE, Terms, Unmeasured, split
from bench.worlds import usual_terms
from shareback.api.access import BEARER, admit
from shareback.api.clients import now_us
from shareback.api.models import Written
from shareback.api.problems import Problem
from shareback.api.schemas import OrderIn
from shareback.api.writing import key_of, scoped
from shareback.journal.models import Answer, Event, Identity, Member, Order, Programme
from shareback.proofs.canonical import encode
from shareback.proofs.commitment import commit, leaf_salt
from shareback.proofs.merkle import append, frontier_from_bytes, frontier_to_bytes, leaf_hash
from shareback.rules.kinds import Kind

TERMS: Terms = usual_terms()


@csrf_exempt
def do_nothing(request: HttpRequest, programme: int) -> HttpResponse:
    """Who is calling, and nothing else."""
    request.auth = BEARER(request)  # type: ignore[attr-defined]
    admit(request, programme, "orders:write")
    return JsonResponse({"done": True})


@csrf_exempt
def pay_order(request: HttpRequest, programme: int) -> HttpResponse:
    """Pay an order (R6.1)."""
    request.auth = BEARER(request)  # type: ignore[attr-defined]
    try:
        caller = admit(request, programme, "orders:write")
        key = scoped(caller, key_of(request))
    except Problem as problem:
        return problem.response(request)
    order = OrderIn.model_validate_json(request.body)
    asked = hashlib.sha256(request.body).digest()
    with transaction.atomic():
        head = Programme.objects.select_for_update().get(pk=programme)
        kept = Answer.objects.filter(programme_id=programme, key=key).first()
        if kept is not None:
            status = 201 if bytes(kept.request) == asked else 422
            return HttpResponse(kept.body, content_type="application/json", status=status)
        number = paid(head, order)
        body = json.dumps({"order_id": order.order_id, "number": number})
        Answer.objects.create(programme_id=programme, key=key, request=asked, body=body)
        Written.objects.create(
            programme_id=programme,
            at=now_us(),
            nonce=secrets.randbits(62),
            client=caller.number,
            address=caller.address,
            method=str(request.method),
            path=request.path,
            key=key,
            request=asked,
            accepted=1,
            refused=0,
            code=0,
        )
    return HttpResponse(body, content_type="application/json", status=201)


def paid(head: Programme, order: OrderIn) -> int:
    """Write an order's rows under the locked head; returns its number."""
    identity = Identity.objects.get(
        programme_id=head.pk, kind=Identity.Kind.MEMBER, outside_id=order.member_id
    )
    member = Member.objects.select_for_update().get(programme_id=head.pk, number=identity.number)
    if member.party or head.phase or order.merchant_id or not order.received:
        raise Unmeasured(order)
    share = split(TERMS, TERMS.backing, ABSENT, order.amount)
    if head.quota_granted + head.quota_pending + share.quota >= RANGE:
        raise ValueError(order.amount)
    head.orders += 1
    Order.objects.create(
        programme_id=head.pk,
        number=head.orders,
        member=member.number,
        merchant=0,
        referrer=member.referrer,
        terms=0,
        backing=TERMS.backing,
        paid=order.amount,
        refunded=0,
        profit=ABSENT,
        state=0,
        paid_day=head.day,
        due_day=head.day + TERMS.maturity_days,
        linked=0,
        order_id=order.order_id,
    )
    digest = commit(bytes(identity.salt), order.order_id)
    ints = (head.orders, member.number, 0, order.amount, None, TERMS.backing, 1)
    body = encode(Kind.PAY_ORDER, head.sequence, head.day, now_us(), ints, digest)
    Event.objects.create(programme_id=head.pk, sequence=head.sequence, body=body)
    leaf = leaf_hash(leaf_salt(bytes(head.key), head.sequence) + body)
    head.frontier = frontier_to_bytes(append(frontier_from_bytes(bytes(head.frontier)), leaf))
    head.sequence += 1
    head.order_escrow += share.contribution + share.dividend
    head.bank += share.contribution + share.dividend
    head.quota_pending += share.quota
    head.orders_pending += 1
    head.save(
        update_fields=[
            "frontier",
            "sequence",
            "order_escrow",
            "bank",
            "quota_pending",
            "orders",
            "orders_pending",
        ]
    )
    return int(head.orders)
