"""What finance books alone: money into the treasury, and what was paid to merchants."""

import re

import pytest

from shareback.console.models import AuditEntry
from shareback.engine import commands as cmd
from shareback.mall.engines import now_us
from tests.backends.house import YUAN, House, Opens
from tests.console.desks import Hires, Worker


@pytest.fixture
def finance(house: House, hire: Hires) -> Worker:
    """Somebody of finance."""
    return hire(house.programme, "finance")


def token(worker: Worker, path: str) -> str:
    """The key that a form bears."""
    found = re.search(r'name="once" value="([^"]+)"', worker.text(path))
    assert found is not None
    return found[1]


def lines(house: House) -> list[str]:
    """The changes that the trail tells of, in their order."""
    rows = AuditEntry.objects.filter(programme_id=house.programme, changed=True)
    return list(rows.exclude(page="people").order_by("pk").values_list("detail", flat=True))


def test_the_treasury_is_funded_once_however_often_a_form_is_sent(
    house: House, finance: Worker
) -> None:
    form = {"money": "1,234.5", "note": "bank 42", "once": token(finance, "treasury/")}
    assert finance.post("treasury/", **form).status_code == 302
    answer = finance.post("treasury/", **form)
    assert answer.status_code == 422
    assert "nothing was booked twice" in answer.content.decode()
    assert house.head().free == 1_234_500_000
    assert lines(house) == ["treasury funded: 1234.50, bank 42"]
    house.check()


@pytest.mark.parametrize(
    ("money", "note"), [("", "n"), ("0", "n"), ("-5", "n"), ("1.0000001", "n"), ("5", "")]
)
def test_what_cannot_be_read_is_not_booked(
    house: House, finance: Worker, money: str, note: str
) -> None:
    form = {"money": money, "note": note, "once": token(finance, "treasury/")}
    assert finance.post("treasury/", **form).status_code == 422
    assert house.head().free == 0


def test_a_form_without_its_key_is_none_of_ours(house: House, finance: Worker) -> None:
    for once in ("", "short", "x" * 65, "' or 1=1 --------"):
        assert finance.post("treasury/", money="5", note="n", once=once).status_code == 404
    assert house.head().free == 0


def test_others_look_and_do_not_book(house: House, operator: Worker, finance: Worker) -> None:
    page = operator.text("treasury/")
    assert "Take money out of the treasury" in page
    assert 'name="once"' not in page
    form = {"money": "5", "note": "n", "once": token(finance, "treasury/")}
    assert operator.post("treasury/", **form).status_code == 403
    assert operator.get(f"merchants/{house.partner.number}/settle/").status_code == 403
    assert house.head().free == 0


def test_a_merchant_is_settled(house: House, finance: Worker) -> None:
    # Goods that are paid with points are owed to their merchant (R3.4).
    member = house.member()
    house.endow(member, points_yuan=60)
    house.buy(member, house.good("50.00"), points=house.account(member).points)
    owed = house.merchant_account().payable
    number = house.partner.number
    path = f"merchants/{number}/settle/"
    assert f"/console/{path}" in finance.text(f"merchants/{number}/")
    too_much = {"money": str(owed // YUAN + 1), "note": "n", "once": token(finance, path)}
    answer = finance.post(path, **too_much)
    assert answer.status_code == 422
    assert "More than the merchant is owed" in answer.content.decode()
    form = {"money": "10", "note": "bank 43", "once": token(finance, path)}
    assert finance.post(path, **form).status_code == 302
    assert finance.post(path, **form).status_code == 422
    assert house.merchant_account().payable == owed - 10 * YUAN
    assert lines(house) == [f"merchant {number} settled: 10.00, bank 43"]
    house.check()


def test_another_programmes_merchant_is_not_there(
    house: House, new_house: Opens, finance: Worker
) -> None:
    other = new_house()
    other.tell(cmd.FundTreasury(now_us(), YUAN))
    assert finance.get("merchants/999/settle/").status_code == 404
    assert finance.get("merchants/0/settle/").status_code == 404
    assert other.head().free == YUAN
