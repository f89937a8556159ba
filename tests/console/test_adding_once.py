"""A form from which something new is made is sent twice: what it makes is there once."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse

from shareback.console.models import AuditEntry
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.offer.models import ConditionalOffer
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.oscar.voucher.models import Voucher
from tests.attacks.at_once import together
from tests.backends.house import House, Opens
from tests.console.desks import Hires, Worker
from tests.console.test_adding import (
    CATEGORY,
    COUPON,
    GOOD,
    MERCHANT,
    OFFER,
    coupon_form,
    faults,
    good_form,
    promise_form,
)

CLICKS = 6
Fills = Callable[[House], dict[str, str]]
Model = Any
"""One of oscar's, which ships no types."""
KINDS: list[tuple[str, Model, Fills]] = [
    (GOOD, Product, good_form),
    (CATEGORY, Category, lambda _: {"name": "白酒", "name_en": "White"}),
    (MERCHANT, Partner, lambda _: {"name": "新茶庄", "trade": "tea", "owner": "13912345678"}),
    (OFFER, ConditionalOffer, lambda _: promise_form()),
    (COUPON, Voucher, lambda _: coupon_form()),
]
each_kind = pytest.mark.parametrize(
    ("path", "model", "fills"), KINDS, ids=[model.__name__ for _, model, _ in KINDS]
)


def shown(worker: Worker, path: str) -> str:
    """The key of a form as it stands on its page."""
    found = re.search(r'name="once" value="([^"]+)"', worker.text(f"{path}add/"))
    assert found is not None
    return found[1]


def rows(model: Model, house: House) -> Any:  # noqa: ANN401 - a queryset of oscar's
    """A programme's rows of a model."""
    return model.objects.filter(programme_id=house.programme)


def place(answer: HttpResponse) -> tuple[int, str]:
    """How a form was answered, and where its sender is led."""
    return answer.status_code, answer.headers.get("Location", "")


@each_kind
def test_a_form_that_is_sent_again_leads_to_what_it_has_made(
    house: House, operator: Worker, path: str, model: Model, fills: Fills
) -> None:
    before = set(rows(model, house).values_list("pk", flat=True))
    form = {**fills(house), "once": shown(operator, path)}
    assert place(operator.post(f"{path}add/", **form)) == (302, f"/console/{path}")
    (made,) = rows(model, house).exclude(pk__in=before).values_list("pk", flat=True)
    for _again in range(2):
        answer = operator.post(f"{path}add/", **form)
        assert place(answer) == (302, f"/console/{path}{made}/change/")
    assert rows(model, house).count() == len(before) + 1
    assert "nothing was added twice" in operator.text(f"{path}{made}/change/")
    label = path.removeprefix("shop/").strip("/").replace("/", "_")
    told = AuditEntry.objects.filter(programme_id=house.programme, changed=True)
    lines = list(told.exclude(page="people").order_by("pk").values_list("detail", flat=True))
    assert lines == [f"{label} {made}: {word}added" for word in ("", *["sent twice, "] * 2)]


@each_kind
def test_of_a_form_that_is_sent_many_times_at_once_one_is_made(
    house: House, operator: Worker, path: str, model: Model, fills: Fills
) -> None:
    before = set(rows(model, house).values_list("pk", flat=True))
    form = {**fills(house), "once": shown(operator, path)}
    works = [partial(operator.post, f"{path}add/", **form) for _click in range(CLICKS)]
    answers = [place(answer) for answer in together(works)]
    (made,) = rows(model, house).exclude(pk__in=before).values_list("pk", flat=True)
    again = (302, f"/console/{path}{made}/change/")
    assert sorted(answers) == sorted([(302, f"/console/{path}"), *[again] * (CLICKS - 1)])


def test_two_forms_with_the_same_words_make_two(house: House, operator: Worker) -> None:
    for _form in range(2):
        form = good_form(house, once=shown(operator, GOOD))
        assert operator.post(f"{GOOD}add/", **form).status_code == 302
    assert rows(Product, house).count() == 2


def test_another_text_under_the_key_of_a_form_that_was_sent_makes_nothing(
    house: House, operator: Worker
) -> None:
    form = good_form(house, once=shown(operator, GOOD))
    assert operator.post(f"{GOOD}add/", **form).status_code == 302
    page = faults(operator, GOOD, {**form, "title": "四人晚餐"})
    assert "send it once more" in page
    assert rows(Product, house).get().title == "双人晚餐"
    # The page that says so has a form with a key of its own.
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    sent = {**form, "title": "四人晚餐", "once": found[1]}
    assert operator.post(f"{GOOD}add/", **sent).status_code == 302
    assert rows(Product, house).count() == 2


def test_a_key_under_which_nothing_was_made_can_be_used_again(
    house: House, operator: Worker
) -> None:
    form = {"name": "新茶庄", "trade": "tea", "owner": "13912345678", "concession": "3"}
    form["once"] = shown(operator, MERCHANT)
    faults(operator, MERCHANT, form)
    assert operator.post(f"{MERCHANT}add/", **{**form, "concession": ""}).status_code == 302
    assert rows(Partner, house).filter(name="新茶庄").count() == 1


def test_a_key_is_its_senders_and_its_programmes_alone(
    house: House, new_house: Opens, operator: Worker, hire: Hires
) -> None:
    other, key = new_house(), shown(operator, CATEGORY)
    form = {"name": "白酒", "once": key}
    for worker in (operator, hire(house.programme, "operator")):
        assert place(worker.post(f"{CATEGORY}add/", **form)) == (302, f"/console/{CATEGORY}")
    operator.granted(other.programme, "operator").at_work(other.programme)
    assert place(operator.post(f"{CATEGORY}add/", **form)) == (302, f"/console/{CATEGORY}")
    assert (rows(Category, house).count(), rows(Category, other).count()) == (2, 1)


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "' or 1=1 --------"])
def test_a_form_without_its_key_is_none_of_ours(house: House, operator: Worker, key: str) -> None:
    for path, _model, fills in KINDS:
        assert operator.post(f"{path}add/", **{**fills(house), "once": key}).status_code == 404
    assert not rows(Product, house).exists()
