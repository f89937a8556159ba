"""The cashier's page of the built-in gateway, marked TEST; and the way to any gateway's page."""

from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from shareback.engine.batch import DaysUnclosed
from shareback.gateways.payments import builtin
from shareback.gateways.payments.interface import GatewayUnreachable
from shareback.gateways.payments.models import PlayPayment
from shareback.mall import payments
from shareback.mall.faults import Refused
from shareback.mall.models import Purchase
from shareback.units.text import yuan
from shareback.web.language import language_of

AWAY = (OperationalError, InterfaceError)
"""The database cannot be reached, or has turned away one of two that waited for each other."""

TEXTS = {
    "en": {
        "title": "Test cashier",
        "mark": "TEST",
        "why": "No money moves here. A real shop would send you to its payment service.",
        "amount": "Amount",
        "for": "For",
        "number": "Payment",
        "pay": "Pay (test)",
        "leave": "Do not pay",
        "paid": "This payment has been made.",
        "closed": "This payment is closed; nothing can be paid any more.",
        "back": "Back to the shop",
        "failed": "It was paid, but the shop could not take it yet. It will look again by itself.",
    },
    "zh": {
        "title": "测试收银台",
        "mark": "测试 TEST",
        "why": "此处不会发生真实扣款。正式商城会跳转到其支付服务。",
        "amount": "金额",
        "for": "商品",
        "number": "支付单号",
        "pay": "确认支付（测试）",
        "leave": "暂不支付",
        "paid": "该笔支付已完成。",
        "closed": "该笔支付已关闭，无法继续支付。",
        "back": "返回商城",
        "failed": "已支付，但商城暂未入账，稍后会自动核对。",
    },
}


@require_safe
def pay(request: HttpRequest, number: UUID) -> HttpResponse:
    """To the page on which a purchase is paid; back to the shop where nothing is to be paid."""
    purchase = Purchase.objects.filter(pk=number).first()
    if purchase is None:
        raise Http404(number)
    try:
        return HttpResponseRedirect(payments.start(payments.brought_up(purchase)))
    except (GatewayUnreachable, DaysUnclosed, *AWAY):
        return render(request, "error.html", status=503)


@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest, reference: str) -> HttpResponse:
    """The cashier's page of a payment; its button pays."""
    payment = PlayPayment.objects.filter(reference=reference).first()
    if payment is None:
        raise Http404(reference)
    if request.method != "POST":
        return shown(request, payment)
    try:
        sent = builtin.pay(reference)
    except AWAY:
        return render(request, "error.html", status=503)
    if sent is None:
        payment.refresh_from_db()
        return shown(request, payment, status=409)
    try:
        # As it would come over the wire: signed, and verified on its raw body.
        payments.take_notice(builtin.NAME, sent.body, sent.headers)
    except (payments.NoticeWrong, Refused, DaysUnclosed, *AWAY):
        payment.refresh_from_db()
        return shown(request, payment, said="failed")
    return HttpResponseRedirect(payment.back_url)


def shown(
    request: HttpRequest, payment: PlayPayment, said: str = "", status: int = 200
) -> HttpResponse:
    """The page of a payment."""
    texts = TEXTS[language_of(request)]
    context: dict[str, Any] = {
        "texts": texts,
        "payment": payment,
        "amount": yuan(payment.amount_uyuan),
        "is_open": payment.state == PlayPayment.State.OPEN,
        "said": texts.get(said or payment.state, ""),
    }
    response = render(request, "cashier.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
