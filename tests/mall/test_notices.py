"""Notices of payments: verified on the raw body, fitting their payment, taken once (A57, A58)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from shareback.gateways.payments import builtin
from shareback.gateways.payments.builtin import Sent, seal
from shareback.gateways.payments.interface import Found, NoticeForged
from shareback.gateways.payments.models import PlayPayment
from shareback.mall import chores, payments
from shareback.mall.faults import CannotBe
from shareback.mall.models import CashPayment, Purchase
from shareback.mall.payments import NoticeWrong
from shareback.rules.programme import Issuer
from tests.backends.house import YUAN, House
from tests.shop.callers import Caller

PLACE = "/api/v1/payments/test/notices"
LATE = timedelta(minutes=6)


def started(house: House, price: str = "100.00") -> PlayPayment:
    """A payment that was started at the gateway."""
    purchase = house.buy(house.member(), house.good(price))
    payments.start(purchase)
    return PlayPayment.objects.get(payment_id=str(CashPayment.objects.get(purchase=purchase).pk))


def signed(body: bytes, at: datetime | None = None) -> Sent:
    """A body signed by the gateway's own key."""
    at = at or datetime.now(UTC)
    values = ("play_1", str(int(at.timestamp())), seal().sign("play_1", at, body.decode()))
    return Sent(body, dict(zip(builtin.SIGNED, values, strict=True)))


def post(sent: Sent) -> Any:
    """Send a notice over HTTP."""
    headers = dict(sent.headers.items())
    return Client().post(PLACE, sent.body, content_type="application/json", headers=headers)


def is_unpaid(payment: PlayPayment) -> bool:
    """Whether nothing came of it."""
    purchase = Purchase.objects.get(payment=UUID(payment.payment_id))
    return (
        purchase.state == Purchase.State.AWAITING
        and not purchase.orders.exclude(status="awaiting_payment").exists()
    )


def test_a_genuine_notice_pays_and_may_come_again(house: House) -> None:
    payment = started(house)
    sent = builtin.notice_of(payment)
    for _time in range(2):
        answer = post(sent)
        assert (answer.status_code, answer.json()) == (200, {"state": "paid"})
    assert not is_unpaid(payment)


FORGERIES: dict[str, Callable[[Sent], Sent]] = {
    "another body": lambda sent: sent._replace(body=sent.body.replace(b"test", b"") + b" "),
    "no signature": lambda sent: Sent(sent.body, {}),
    "another signature": lambda sent: Sent(
        sent.body, {**sent.headers, "webhook-signature": "v1,AAAA"}
    ),
    "an empty signature": lambda sent: Sent(sent.body, {**sent.headers, "webhook-signature": ""}),
    "another id": lambda sent: Sent(sent.body, {**sent.headers, "webhook-id": "play_2"}),
    "an old one": lambda sent: signed(sent.body, datetime.now(UTC) - LATE),
    "no json": lambda _sent: signed(b"hello"),
    "no utf-8": lambda sent: Sent(b"\xff\xfe", sent.headers),
    "more fields": lambda sent: signed(json.dumps({**json.loads(sent.body), "x": 1}).encode()),
    "a text for an amount": lambda sent: signed(
        json.dumps({**json.loads(sent.body), "amount_uyuan": "100000000"}).encode()
    ),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_notice_changes_nothing(house: House, forge: Callable[[Sent], Sent]) -> None:
    payment = started(house)
    sent = forge(builtin.notice_of(payment))
    with pytest.raises(NoticeForged):
        payments.take_notice("test", sent.body, sent.headers)
    assert post(sent).status_code == 401
    assert is_unpaid(payment)


def test_no_other_gateway_is_known(house: House) -> None:
    sent = builtin.notice_of(started(house))
    with pytest.raises(NoticeForged):
        payments.take_notice("wechat", sent.body, sent.headers)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_uyuan": 1 * YUAN},
        {"amount_uyuan": -100 * YUAN},
        {"currency": "USD"},
        {"reference": "another"},
        {"payment_id": "none"},
        {"payment_id": "0b8f6a52-0000-4000-8000-000000000000"},
    ],
    ids=str,
)
def test_a_genuine_notice_that_does_not_fit_changes_nothing(
    house: House, change: dict[str, Any]
) -> None:
    payment = started(house)
    body = {**json.loads(builtin.notice_of(payment).body), **change}
    sent = signed(json.dumps(body).encode())
    with pytest.raises(NoticeWrong):
        payments.take_notice("test", sent.body, sent.headers)
    assert post(sent).status_code == 409
    assert is_unpaid(payment)


def test_a_cheap_payment_does_not_pay_a_dear_purchase(house: House) -> None:
    cheap, dear = started(house, "1.00"), started(house, "900.00")
    body = {**json.loads(builtin.notice_of(cheap).body), "payment_id": dear.payment_id}
    sent = signed(json.dumps(body).encode())
    with pytest.raises(NoticeWrong):
        payments.take_notice("test", sent.body, sent.headers)
    assert is_unpaid(cheap)
    assert is_unpaid(dear)


def test_the_test_gateway_serves_test_issuers_alone(new_house: Callable[..., House]) -> None:
    issuer = Issuer.model_validate(
        {"name": "A company", "register": "Companies House", "number": "1"}
    )
    house = new_house(issuer=issuer)
    li = house.member()
    with pytest.raises(CannotBe, match="no_gateway"):
        house.buy(li, house.good("100.00"))
    house.endow(li, coins=100)
    assert house.buy(li, house.good("100.00"), coins=-1).state == Purchase.State.PAID


def test_the_cashiers_page_pays_in_both_languages(house: House) -> None:
    purchase = house.buy(house.member(), house.good("100.00"))
    browser = Client()
    answer = browser.get(f"/pay/{purchase.pk}")
    assert answer.status_code == 302
    there = answer.headers["Location"]
    page = browser.get(there).content.decode()
    assert "测试收银台" in page
    assert "TEST" in page
    assert "100.00" in page
    browser.get(f"{there}?lang=en")
    assert "No money moves here." in browser.get(there).content.decode()
    paid = browser.post(there)
    back = f"/m/{house.shop.slug}/pay/{purchase.pk}"
    assert (paid.status_code, paid.headers["Location"]) == (302, back)
    assert house.order(purchase).status == "paid"
    assert "This payment has been made." in browser.get(there).content.decode()
    assert browser.get(f"/pay/{purchase.pk}").headers["Location"] == back
    assert browser.get("/cashier/none").status_code == 404


def test_the_cashiers_page_wants_its_own_token(house: House) -> None:
    payment = started(house)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{builtin.CASHIER}{payment.reference}").status_code == 403
    assert is_unpaid(payment)


def test_a_closed_payment_cannot_be_paid(house: House) -> None:
    li = house.member()
    purchase = house.buy(li, house.good("100.00"))
    place = payments.start(purchase)
    payments.cancel(li, purchase.pk)
    answer = Client().post(place)
    assert answer.status_code == 409
    assert "已关闭" in answer.content.decode()


def test_cash_that_comes_too_late_goes_back_and_the_buyer_is_told(house: House) -> None:
    li = house.member()
    caller = Caller(house, li.user)
    purchase = house.buy(li, house.good("100.00"))
    payments.start(purchase)
    payment = CashPayment.objects.get(purchase=purchase)
    sent = builtin.pay(payment.reference)
    assert sent is not None
    Purchase.objects.filter(pk=purchase.pk).update(state=Purchase.State.CLOSED)
    payments.take_notice("test", sent.body, sent.headers)
    assert house.given_back(purchase) == 100 * YUAN
    told = caller.told(f"/purchases/{purchase.pk}")
    assert (told["state"], told["problem"]["code"]) == ("closed", "paid_late")
    assert "goes back" in told["problem"]["detail"]


def test_a_gateway_that_tells_of_another_amount_stops_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = house.member()
    caller = Caller(house, li.user)
    amiss = house.buy(li, house.good("100.00"))
    payments.start(amiss)
    fine = house.buy(house.member(), house.good("50.00"))
    payments.start(fine)
    theirs = CashPayment.objects.get(purchase=amiss)
    asks = builtin.BuiltinGateway.close

    def close(gateway: builtin.BuiltinGateway, payment_id: str) -> Found:
        found = asks(gateway, payment_id)
        if payment_id == str(theirs.pk):
            return found._replace(state="paid", amount_uyuan=1)
        return found

    monkeypatch.setattr(builtin.BuiltinGateway, "close", close)
    later = timezone.now() + timedelta(minutes=31)
    tally = chores.run(house.programme, later)
    assert (tally.expired, tally.waiting) == (1, 1)
    Purchase.objects.filter(pk=amiss.pk).update(expires_at=timezone.now())
    assert caller.told(f"/purchases/{amiss.pk}")["state"] == "awaiting_payment"


def test_the_mall_goes_on_once_the_database_is_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> list[int]:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(chores, "programmes", gone)
        assert chores.round_of(lasting=True) == []
        with pytest.raises(OperationalError):
            chores.round_of(lasting=False)
    assert len(chores.round_of(lasting=True)) == len(chores.programmes())
