"""A new programme from a template: checked by the rules, and open with its shop and merchant."""

import os
from itertools import count

import pytest

from shareback.console.models import AuditEntry, RoleGrant
from shareback.console.shown import Voice
from shareback.console.wizard import TEMPLATES, plan
from shareback.console.worked import worked
from shareback.engine.verifying import verify_full
from shareback.journal.models import Programme, Terms
from shareback.mall.models import Shop
from shareback.mall.oscar.partner.models import Partner
from shareback.rules.programme import TEST_ISSUER
from shareback.rules.programme import Programme as Parameters
from tests.backends.house import House
from tests.console.desks import Worker

NUMBERS = count(1)
CODE = "91350100M000100Y43"
"""A unified social credit code whose check digit is right (GB 32100-2015's own example)."""


def form_of(template: str, **changed: str) -> dict[str, str]:
    """A form of a template, filled in."""
    found = {"template": template}
    for _, fields in plan(Voice("en"), template, {}).groups:
        found |= {field.name: field.value for field in fields}
    number = f"{os.getpid()}-{next(NUMBERS)}"
    words = {
        "name": f"opened {number}",
        "issuer_name": "酒业有限公司",
        "code": CODE,
        "slug": f"opened-{number}",
        "shop_name": "酒庄商城",
        "merchant_name": "酒庄",
    }
    return found | words | changed


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_is_checked_and_opened(house: House, operator: Worker, template: str) -> None:
    assert f"?template={template}" in operator.text("programmes/new/")
    assert "First merchant" in operator.text("programmes/new/", template=template)
    form = form_of(template, tiers="Silver, 150, 1.1\nGold，600，1.3")
    page = operator.text("programmes/new/", **form)
    assert "The first hundred orders of ¥100" in page
    assert not Programme.objects.filter(name=form["name"]).exists()
    answer = operator.post("programmes/new/", **form)
    assert answer.status_code == 302, answer.content.decode()
    found = Programme.objects.get(name=form["name"])
    parameters = Parameters.model_validate_json(Terms.objects.get(programme=found).parameters)
    assert parameters.issuer.code == CODE
    assert [tier.name for tier in parameters.tiers] == ["Silver", "Gold"]
    assert Shop.objects.get(programme=found).slug == form["slug"]
    assert Partner.objects.get(programme=found).number == 1
    assert list(verify_full(form["name"]).findings) == []
    # Whoever opens it is turned to it: as its operator, and nothing else.
    assert form["name"] in operator.text()
    roles = RoleGrant.objects.filter(programme=found).values_list("user", "role")
    assert list(roles) == [(operator.user.pk, "operator")]
    told = AuditEntry.objects.filter(programme_id=house.programme, page="programme_new")
    line = f"programme {found.pk} opened: {form['name']}"
    assert list(told.filter(changed=True).values_list("detail", flat=True)) == [line]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "91350100M000100Y44"}, "check digit wrong"),
        ({"code": ""}, "check digit wrong"),
        ({"issuer_kind": "register"}, "or a foreign register and number"),
        ({"issuer_name": ""}, "Say something here"),
        ({"backing_rate": "60"}, "more would be paid out than sales earn"),
        ({"maturity_days": "x"}, "A number, with at most 0"),
        ({"slug": "Not A Slug"}, "Small letters"),
        ({"timezone": "Mars/Base"}, "no such time zone"),
        ({"timezone": "../../etc/passwd"}, "no such time zone"),
        ({"tiers": "Silver"}, "cannot be read"),
        ({"tiers": "Silver, 5, 1\nGold, 4, 1"}, "Tiers must rise"),
        ({"tiers": "Silver, many, 1"}, "A number is wanted"),
        ({"award_mode": "lottery"}, "no such choice"),
        ({"name": "x" * 201}, "At most 200"),
    ],
)
def test_what_cannot_be_opened_is_told(
    house: House, operator: Worker, changed: dict[str, str], said: str
) -> None:
    form = form_of("wine", **changed)
    assert said in operator.text("programmes/new/", **form)
    answer = operator.post("programmes/new/", **form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Programme.objects.filter(name=form["name"]).exists()
    assert not Shop.objects.filter(slug=form["slug"]).exists()


def test_names_and_addresses_are_taken_once(house: House, operator: Worker) -> None:
    for taken in ({"name": house.name}, {"slug": house.shop.slug}):
        form = form_of("wine", **taken)
        assert operator.post("programmes/new/", **form).status_code == 422
        assert "It is taken" in operator.text("programmes/new/", **form)


def test_a_foreign_and_a_test_issuer(house: House, operator: Worker) -> None:
    foreign = form_of("wine", issuer_kind="register", register="ACRA", number="201912345A")
    play = form_of("wine", issuer_kind="test", code="")
    for form in (foreign, play):
        assert operator.post("programmes/new/", **form).status_code == 302
        operator.at_work(house.programme)
    row = Terms.objects.get(programme__name=play["name"])
    assert Parameters.model_validate_json(row.parameters).issuer.test


def test_there_is_no_other_template(house: House, operator: Worker) -> None:
    form = form_of("wine") | {"template": "lottery"}
    assert operator.post("programmes/new/", **form).status_code == 404


def test_the_example_is_the_seeds_under_the_seeds_parameters() -> None:
    lines = worked(Parameters(issuer=TEST_ISSUER, referral_rate="0", dividend_rate="0"))
    assert [line.award for line in lines[:4]] == [
        2_100_000_000,
        1_470_000_000,
        1_249_500_000,
        1_124_550_000,
    ]
    assert lines[-1].supply == 57_992_568_570
