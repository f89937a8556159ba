"""A mall's life as its people tell it, from the first order to the last yuan."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.exporting import write_books
from shareback.engine.reporting import all_members
from shareback.engine.verifying import verify_full
from shareback.journal.models import Identity
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from shareback.rules.programme import Programme, TierTerms
from tests.backends.journals import DAY, OPENED, Opens
from tests.engine.rows import rows_of
from tests.engine.small import POINT, YUAN, code_of, do


class Mall:
    """The story's teller: days pass, and people do things under their own names."""

    def __init__(self, engine: Engine) -> None:
        """Open the doors."""
        self.engine = engine
        self.at = OPENED
        self.told = 0

    def days_pass(self, days: int) -> None:
        """Some nights with their closes."""
        self.at += days * DAY
        self.engine.close(self.engine.calendar.day_of(self.at) - 1)

    def joins(self, name: str, brought_by: str = "") -> None:
        """Somebody new."""
        do(self.engine, cmd.JoinMember(self.at, name, brought_by))

    def buys(self, who: str, yuan: int, at: str = "") -> str:
        """An order that is received at once; returns its id."""
        self.told += 1
        order_id = f"order {self.told}"
        do(self.engine, cmd.PayOrder(self.at, order_id, who, at, yuan * YUAN, None, received=True))
        return order_id

    def figures(self) -> Mapping[str, tuple[int, int, int]]:
        """Each member's points, cash and coins, what has accrued included."""
        rows = Identity.objects.using(self.engine.alias).filter(
            programme_id=self.engine.id, kind=Identity.Kind.MEMBER
        )
        names = dict(rows.values_list("number", "outside_id"))
        return {
            names[one.number]: (one.points, one.cash, one.coins)
            for one in all_members(self.engine, self.engine.alias)
        }

    def price(self) -> float:
        """Yuan a point."""
        head = self.engine.head()
        return head[Head.RESERVE] * POINT / head[Head.SUPPLY] / YUAN


@pytest.fixture
def mall(engine: Opens) -> Mall:
    """Orders mature after a day; who holds sixty points is a partner."""
    partner = TierTerms(name="partner", threshold="60", multiplier="2", partner=True)
    return Mall(engine(maturity_days=1, tiers=(partner,)))


def test_the_life_of_a_mall(mall: Mall, tmp_path: Path) -> None:
    do(mall.engine, cmd.JoinMerchant(mall.at, "tea house"))
    do(mall.engine, cmd.FundTreasury(mall.at, 500 * YUAN))
    anna_and_bert_buy(mall)
    carl_becomes_a_partner(mall)
    bert_sells(mall)
    anna_drinks_tea(mall)
    carl_sends_half_of_it_back(mall)
    the_operator_gives_more(mall)
    all_ends(mall)

    # What is left is dust and the operator's own; books, log and rows agree.
    engine, head = mall.engine, mall.engine.head()
    assert (head[Head.CASH], head[Head.SUPPLY], head[Head.COINS_OWED]) == (0, 0, 0)
    assert head[Head.BANK] == sum(head[: Head.BANK])
    assert verify_full(engine.programme.name, engine.alias).findings == ()
    ledger = write_books(
        engine.programme.name, "beancount", tmp_path, engine.alias, lambda _done, _total: None
    )
    assert "balance Liabilities:Members:Cash" in ledger.read_text(encoding="utf-8")


def anna_and_bert_buy(mall: Mall) -> None:
    """Anna brings Bert; nothing is in the pool before their orders mature, together."""
    mall.joins("anna")
    mall.joins("bert", brought_by="anna")
    mall.buys("anna", 100)
    mall.buys("bert", 100)
    assert mall.engine.head()[Head.RESERVE] == 0
    mall.days_pass(2)
    figures = mall.figures()
    # At the issue price; Anna has a tenth of Bert's contribution as well.
    assert [figures[name][0] for name in ("anna", "bert")] == [24 * POINT, 21 * POINT]
    assert mall.price() == pytest.approx(60 / 45)

    # The night after, the profit's share is paid by points held, to the µ¥.
    mall.days_pass(1)
    figures = mall.figures()
    for name, points in (("anna", 24), ("bert", 21)):
        assert 30 * YUAN * points // 45 - figures[name][1] in (0, 1)


def carl_becomes_a_partner(mall: Mall) -> None:
    """Carl spends much, and his points weigh twice."""
    mall.joins("carl", brought_by="bert")
    mall.buys("carl", 1_000)
    mall.days_pass(2)
    carl = next(row for row in rows_of(mall.engine)["member"] if row[0] == 3)
    assert (carl[1] > 60 * POINT, carl[7]) == (True, 1)


def bert_sells(mall: Mall) -> None:
    """The fee stays with the others, and the price does not fall."""
    before, points = mall.price(), mall.figures()["bert"][0]
    (sold,) = do(mall.engine, cmd.RedeemPoints(mall.at, "bert", points))
    assert sold.fee_uyuan == -(-sold.money_uyuan // 10)
    assert mall.price() > before
    assert mall.figures()["bert"][0] == 0


def anna_drinks_tea(mall: Mall) -> None:
    """She pays in coins, which the tea house turns into points, and these into money."""
    do(mall.engine, cmd.ConvertPoints(mall.at, "anna", 10 * POINT))
    coins = mall.figures()["anna"][2]
    do(mall.engine, cmd.PayCoins(mall.at, "a pot of tea", "tea house", coins, "anna"))
    (got,) = do(mall.engine, cmd.ExchangeCoins(mall.at, "tea house", coins))
    (paid,) = do(mall.engine, cmd.RedeemMerchantPoints(mall.at, "tea house", got.points))
    assert coins - 10 <= paid.money_uyuan <= coins
    money = paid.money_uyuan - paid.fee_uyuan
    do(mall.engine, cmd.SettleMerchant(mall.at, "tea house", money))


def carl_sends_half_of_it_back(mall: Mall) -> None:
    """Late: the treasury bears it, and the others' price does not fall."""
    before = mall.price()
    refund = cmd.RefundOrder(mall.at, "order 3", "too much", 500 * YUAN, 2)
    do(mall.engine, refund)
    assert mall.engine.apply([refund])[0].repeated
    assert mall.price() >= before
    assert mall.engine.head()[Head.FREE] < 500 * YUAN


def the_operator_gives_more(mall: Mall) -> None:
    """From the day after tomorrow on; an order of today keeps today's terms."""
    fields = mall.engine.programme.model_dump(by_alias=True) | {"award_rate": "0.8"}
    changed = Programme.model_validate(fields)
    soon = mall.engine.calendar.day_of(mall.at) + 2
    do(mall.engine, cmd.AmendProgramme(mall.at, soon, 2, changed))
    prices = []
    for _ in range(2):
        mall.buys("bert", 100)
        mall.days_pass(1)
        prices.append(mall.price())
        mall.days_pass(2)
    awards = {row[0]: row[1] * price for row, price in zip(last_two(mall), prices, strict=True)}
    assert awards[4] / POINT == pytest.approx(21)
    assert awards[5] / POINT == pytest.approx(24)


def last_two(mall: Mall) -> list[tuple[int, ...]]:
    """What the last two orders came to when they matured."""
    return rows_of(mall.engine)["maturity"][-2:]


def all_ends(mall: Mall) -> None:
    """Announced and matured; then everybody is paid the same for a point, and takes it home."""
    engine = mall.engine
    do(engine, cmd.AnnounceEnd(mall.at, engine.calendar.day_of(mall.at) + 30, 2))
    assert code_of(engine, cmd.PayOrder(mall.at, "late", "anna", "", YUAN)) is Code.END_ANNOUNCED
    mall.days_pass(30)
    assert engine.head()[Head.RECEIVABLES] == 0
    before = mall.figures()
    do(engine, cmd.EndProgramme(mall.at), cmd.SettleAccounts(mall.at, 1, 3))
    head = engine.head()
    for name, (points, cash, coins) in mall.figures().items():
        held, had, paid_with = before[name]
        share = held * head[Head.FINAL_RESERVE] // head[Head.FINAL_SUPPLY]
        assert (points, cash, coins) == (0, had + share + paid_with, 0)
        do(engine, cmd.WithdrawCash(mall.at, name, cash))
