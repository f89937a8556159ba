"""What the pages say: figures as the journal has them, lists that go on along a key."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shareback.api.clients import open_client, rotate_secret
from shareback.console.pages import journal, refunds
from shareback.console.shown import Voice
from shareback.engine import commands as cmd
from shareback.gateways.models import Delivery, Endpoint
from shareback.journal.models import Member, Programme
from shareback.mall.engines import now_us
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.pool import price_scaled
from tests.backends.house import YUAN, House, Opens
from tests.console.desks import Hires, Worker

DAY_US = 86_400_000_000


def joined(house: House, count: int) -> None:
    """Members who come from elsewhere."""
    house.tell(*(cmd.JoinMember(now_us(), f"m{number}") for number in range(1, count + 1)))


def test_the_glance_shows_the_head(house: House, operator: Worker) -> None:
    member = house.member()
    house.bought(member, house.good())
    house.tell(cmd.FundTreasury(now_us(), 500 * YUAN))
    head = house.head()
    page, voice = operator.text(), Voice("en")
    price = price_scaled(head.reserve, head.supply, head.last_price)
    for shown in (voice.price(price), voice.money(head.reserve), voice.points(head.supply)):
        assert shown in page
    assert "¥500.00" in page
    assert "Treasury, bound" in page


def test_the_glance_of_a_programme_without_any_day(house: House, operator: Worker) -> None:
    page = operator.text()
    assert "No day has closed yet" in page
    assert "Nothing needs attention" in page


def test_alerts_tell_what_is_wrong(house: House, operator: Worker) -> None:
    client, _secret = open_client(house.programme, "mall", ["orders:write"])
    rotate_secret(client)
    Endpoint.objects.create(
        programme_id=house.programme,
        number=1,
        client=client.number,
        url="https://mall.example/hook",
        secret="whsec_x",
        position=1,
        made_at=now_us(),
    )
    Delivery.objects.create(
        programme_id=house.programme,
        endpoint=1,
        sequence=1,
        line=0,
        member=0,
        type="day.closed",
        state=Delivery.State.FAILED,
        next_at=0,
    )
    Programme.objects.filter(pk=house.programme).update(day=house.head().day - 3)
    page = operator.text()
    assert "The daily close is 3 days late" in page
    assert "1 messages to webhooks failed" in page
    assert "1 API secrets end within 14 days" in page


def test_members_are_found_by_number_id_and_phone(house: House, operator: Worker) -> None:
    membership = house.member()
    membership.user.phone = f"+86138{membership.user.pk % 100_000_000:08}"
    membership.user.name = "李雷 <b>"
    membership.user.save()
    phone = membership.user.phone
    for typed in (str(membership.number), membership.member_id, phone, phone[3:]):
        page = operator.text("members/", q=typed)
        assert membership.member_id in page, typed
        # The name is escaped (A61), the number hidden in part.
        assert "李雷 &lt;b&gt;" in page
        assert "<b>李雷" not in page
        assert f">{phone[3:]}<" not in page
    assert "Nothing found" in operator.text("members/", q="nobody")


@pytest.mark.parametrize("typed", ["0", "-1", "1e9", "9" * 40, "', --", "\uff11"])
def test_what_is_no_number_finds_nobody(house: House, operator: Worker, typed: str) -> None:
    house.member()
    assert operator.get("members/", q=typed).status_code == 200
    assert operator.get("members/", after=typed).status_code == 200


def test_a_list_goes_on_along_its_key(house: House, operator: Worker) -> None:
    joined(house, 120)
    first = operator.text("members/")
    assert ">m120<" in first
    assert ">m70<" not in first
    second = operator.text("members/", after="71")
    assert ">m70<" in second
    assert ">m20<" not in second
    last = operator.text("members/", after="21")
    assert ">m1<" in last
    assert "Next page" not in last


def test_a_members_page_shows_its_account(house: House, operator: Worker) -> None:
    member = house.member()
    order = house.bought(member, house.good())
    page = operator.text(f"members/{member.number}/")
    account = house.account(member)
    for shown in (Voice("en").points(account.points), Voice("en").money(account.quota)):
        assert shown in page
    assert order.number in page
    statement = operator.text(f"members/{member.number}/statement/")
    assert "Order paid" in statement
    assert order.number in statement


def test_an_order_tells_its_life(new_house: Opens, hire: Hires) -> None:
    house = new_house(maturity_days=7)
    worker = hire(house.programme, "operator")
    order = house.bought(house.member(), house.good())
    page = operator_page(worker, order.number)
    assert "Pending" in page
    # 30 % of ¥100 back the award of 70 %.
    assert "¥21.00" in page
    assert "Paid" in page


def operator_page(worker: Worker, order_id: str) -> str:
    """The page of an order that is looked for by its id."""
    found = worker.text("orders/", q=order_id)
    number = re.search(r'href="/console/orders/([0-9]+)/"', found)
    assert number
    return worker.text(f"orders/{number[1]}/")


def next_of(page: str) -> str:
    """Where the next page of a list begins."""
    found = re.search(r'after=([^"&]+)"\s+rel="next"', page)
    return found[1] if found else ""


def test_an_order_that_has_matured_says_so(house: House, operator: Worker) -> None:
    house.tell(
        cmd.JoinMember(now_us(), "li"),
        cmd.PayOrder(now_us(), "o1", "li", "", 100 * YUAN, received=True),
    )
    assert "Matured" in operator.text("orders/")
    page = operator_page(operator, "o1")
    assert "Matured" in page
    assert "21.0000" in page


def test_refunds_are_early_or_late(house: House, operator: Worker) -> None:
    house.tell(
        cmd.FundTreasury(now_us(), 1_000 * YUAN),
        cmd.JoinMember(now_us(), "li"),
        cmd.PayOrder(now_us(), "o1", "li", "", 100 * YUAN),
        cmd.RefundOrder(now_us(), "o1", "early", 10 * YUAN),
        cmd.ReceiveOrder(now_us(), "o1"),
        cmd.RefundOrder(now_us(), "o1", "late", 20 * YUAN, 2),
    )
    page = operator.text("refunds/")
    early, late = (page.partition(f">{name}<")[2][:700] for name in ("early", "late"))
    assert "Before maturity" in early
    assert ">Late<" in late


def test_refunds_go_on_along_their_key(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunds, "A_PAGE", 2)
    house.tell(cmd.JoinMember(now_us(), "li"))
    house.tell(cmd.PayOrder(now_us(), "o1", "li", "", 100 * YUAN))
    house.tell(*(cmd.RefundOrder(now_us(), "o1", f"r{one}", YUAN) for one in range(5)))
    seen, path = [], {"after": ""}
    for _ in range(3):
        page = operator.text("refunds/", **path)
        seen += [name for name in ("r4", "r3", "r2", "r1", "r0") if f">{name}<" in page]
        path["after"] = next_of(page)
    assert seen == ["r4", "r3", "r2", "r1", "r0"]
    assert operator.get("refunds/", after="1-x").status_code == 200


def test_receivables_are_looked_for_so_many_at_a_time(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunds, "LOOKED_THROUGH", 3)
    joined(house, 8)
    owing = {
        "receivable": 5 * YUAN,
        "receivable_treasury": YUAN,
    }
    Member.objects.filter(programme_id=house.programme, number=2).update(**owing)
    assert "Nothing here" in operator.text("receivables/")
    page = operator.text("receivables/", after="3")
    assert ">m2<" in page
    assert "Looked through numbers 1–2" in page


def test_the_journal_by_sequence_day_and_kind(house: House, operator: Worker) -> None:
    house.tell(cmd.JoinMember(now_us(), "li"), cmd.FundTreasury(now_us(), 7 * YUAN))
    everything = operator.text("journal/")
    assert "Member joined" in everything
    assert "Programme opened" in everything
    funded = operator.text("journal/", kind=str(int(Kind.FUND_TREASURY)))
    assert funded.count("Treasury funded") == 2
    assert "money ¥7" in funded
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3_600))
    assert "Member joined" in operator.text("journal/", day=day)
    assert "Nothing found" in operator.text("journal/", day="1999-01-01")
    assert "Nothing found" in operator.text("journal/", day="someday")
    assert "Programme opened" in operator.text("journal/", q="0")


def test_a_kind_is_looked_for_so_many_entries_at_a_time(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LOOKED_THROUGH", 4)
    house.tell(cmd.FundTreasury(now_us(), YUAN))
    joined(house, 6)
    kind = str(int(Kind.FUND_TREASURY))
    page = operator.text("journal/", kind=kind)
    assert "Nothing found" in page
    assert "Look on" in page
    assert "money ¥1" in operator.text("journal/", kind=kind, after=next_of(page))


def test_an_entry_shows_its_fields_and_bytes(house: House, operator: Worker) -> None:
    page = operator.text("journal/0/")
    assert "Programme opened" in page
    assert "&quot;backing_rate&quot;" in page
    house.tell(cmd.JoinMember(now_us(), "li"))
    page = operator.text(f"journal/{house.head().sequence - 1}/")
    assert "a salted hash of the outside id" in page
    assert "Member joined" in page


def test_every_kind_and_field_has_words() -> None:
    voice = Voice("zh")
    for kind in Kind:
        assert voice.say(f"kind_{kind.name.lower()}")
        for field in FIELDS[kind]:
            assert voice.say(f"field_{field}")


def test_days_tell_what_changed(new_house: Opens, hire: Hires) -> None:
    house = new_house()
    worker = hire(house.programme, "auditor")
    start = now_us()
    house.tell(
        cmd.JoinMember(start, "li"),
        cmd.PayOrder(start, "o1", "li", "", 100 * YUAN, received=True),
        cmd.JoinMember(start + 2 * DAY_US, "wang"),
    )
    first = house.head().day - 2
    page = worker.text("days/")
    assert page.count("<tr>") == 3
    close = worker.text(f"days/{first}/")
    assert "¥30.00" in close
    assert "Log root" in close
    assert worker.get(f"days/{first + 7}/").status_code == 404


def test_pages_ask_no_more_of_the_database_for_more_rows(house: House, operator: Worker) -> None:
    paths = ("members/", "orders/", "refunds/", "journal/", "merchants/")

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                operator.text(path)
            counts.append(len(queries))
        return counts

    house.tell(cmd.JoinMember(now_us(), "li"), cmd.PayOrder(now_us(), "o", "li", "", YUAN))
    house.tell(cmd.RefundOrder(now_us(), "o", "r", YUAN // 2))
    few = asked()
    orders = [cmd.PayOrder(now_us(), f"o{n}", "li", "", YUAN) for n in range(40)]
    house.tell(*orders)
    house.tell(*(cmd.RefundOrder(now_us(), f"o{n}", "r", YUAN // 2) for n in range(40)))
    joined(house, 60)
    assert asked() == few


def test_both_languages_open_every_page(house: House, hire: Hires) -> None:
    house.bought(house.member(), house.good())
    worker = hire(house.programme, "operator")
    worker.client.cookies["shareback_language"] = "zh"
    for path, words in {
        "": "覆盖率",
        "members/": "会员",
        "members/1/": "额度",
        "merchants/1/": "应付",
        "orders/1/": "成熟",
        "journal/": "账本",
        "days/": "日结",
        "months/": "月结单",
        "refunds/": "退款",
        "receivables/": "应收",
        "clients/": "接口",
        "webhooks/": "推送",
        "trail/": "审计",
        "team/": "角色",
        "password/": "密码",
    }.items():
        page = worker.text(path)
        assert words in page, path
        assert 'lang="zh-hans"' in page


def test_the_policy_lets_nothing_in_from_elsewhere(house: House, operator: Worker) -> None:
    for answer in (operator.get(), Worker().get("login/")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "no-store" in answer.headers["Cache-Control"]
