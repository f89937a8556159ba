"""Where gateways for cash say that a payment was made."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shareback.api.problems import Problem
from shareback.engine.batch import DaysUnclosed
from shareback.gateways.payments.interface import NoticeForged
from shareback.mall.faults import Refused
from shareback.mall.payments import NoticeWrong, take_notice

LOG = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def notice(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a notice; it is verified on its raw body, and nothing happens where it is forged (A57).

    A notice that was taken before is answered as if for the first time. Any answer but 200 lets
    the gateway send it again.
    """
    try:
        purchase = take_notice(gateway, request.body, dict(request.headers))
    except NoticeForged as fault:
        LOG.warning("notice of %s refused: %s", gateway, fault)
        return Problem(401, "unauthorised").response(request)
    except NoticeWrong as fault:
        LOG.warning("notice of %s does not fit: %s", gateway, fault)
        return Problem(409, "notice_wrong").response(request)
    except (Refused, DaysUnclosed, OperationalError, InterfaceError) as fault:
        # Of two transactions that wait for each other the database turns one away.
        LOG.warning("notice of %s cannot be taken now: %r", gateway, fault)
        return Problem(503, "unavailable", headers={"Retry-After": "60"}).response(request)
    return JsonResponse({"state": purchase.state})
