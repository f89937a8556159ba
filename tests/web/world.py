"""A small realistic world: forty days of a wine mall, written by the production engine."""

import random
from typing import NamedTuple

from django.db.models import QuerySet

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.salts import SeededSalts
from shareback.journal.models import Checkpoint
from shareback.rules.codes import Code
from shareback.rules.programme import TEST_ISSUER, Programme

NAME = "红酒商城 Vintage"
DAYS = 40
MEMBERS = 160
HEAVY = "m7"
"""Buys every day, several times: its statement is long."""

START = 1_772_323_200_000_000
"""2026-03-01 08:00 in Shanghai."""

HOUR = 3_600_000_000
DAY = 24 * HOUR
YUAN = 1_000_000
POINT = 100_000_000
SHOPS = ("s1", "s2", "s3")


class Purchase(NamedTuple):
    """An order that may still be refunded."""

    day: int
    order_id: str
    paid: int


def programme() -> Programme:
    """Terms under which exits happen within the forty days, so that the pages can show them."""
    return Programme.model_validate(
        {
            "name": NAME,
            "issuer": TEST_ISSUER.model_dump(by_alias=True),
            "quota_multiple": "0.9",
            "maturity_days": 3,
            "tiers": [
                {"name": "银卡 Silver", "threshold": "150", "multiplier": "1.1"},
                {"name": "金卡 Gold", "threshold": "600", "multiplier": "1.3", "partner": True},
            ],
        }
    )


class World:
    """Says what people do on each day, the same every time."""

    def __init__(self, engine: Engine) -> None:
        """Start from an open programme."""
        self.engine = engine
        self.random = random.Random(7)
        self.purchases: list[Purchase] = []
        self.joined = 0
        self.placed = 0

    def run(self) -> None:
        """Live through all days; the last stays open."""
        self.apply([cmd.JoinMerchant(START, shop) for shop in SHOPS])
        self.apply([cmd.FundTreasury(START, 5_000 * YUAN)])
        for day in range(DAYS):
            noon = START + day * DAY
            self.join(noon, 40 if day == 0 else 3 + self.random.randrange(2))
            self.buy(day, noon + HOUR)
            self.refund(day, noon + 2 * HOUR)
            self.live(day, noon + 3 * HOUR)

    def apply(self, commands: list[cmd.Command], *, loose: bool = False) -> list[cmd.Answer]:
        """Apply commands; only where ``loose`` may one be refused."""
        answers = self.engine.apply(commands)
        refused = [(c, Code(a.code)) for c, a in zip(commands, answers, strict=True) if a.code]
        if refused and not loose:
            raise AssertionError(refused[:3])
        return answers

    def join(self, at: int, count: int) -> None:
        """New members; every third was brought by an earlier one."""
        count = min(count, MEMBERS - self.joined)
        numbers = range(self.joined + 1, self.joined + count + 1)
        brought = {n: f"m{self.random.randrange(1, min(n, 12))}" for n in numbers if n % 3 == 0}
        self.apply([cmd.JoinMember(at, f"m{n}", brought.get(n, "")) for n in numbers])
        self.joined += count

    def buy(self, day: int, at: int) -> None:
        """The day's orders; some are received later."""
        orders: list[cmd.Command] = []
        buyers = [f"m{self.random.randrange(1, self.joined + 1)}" for _ in range(24 + day)]
        for buyer in [*buyers, *([HEAVY] * 7)]:
            self.placed += 1
            cents = self.random.choice((8_800, 12_900, 19_900, 29_900, 68_000, 128_000))
            order = Purchase(day, f"V{20260301 + self.placed}", cents * 10_000)
            received = self.random.random() < 0.9
            shop = self.random.choice(SHOPS)
            orders.append(cmd.PayOrder(at, order.order_id, buyer, shop, order.paid, None, received))
            self.purchases.append(order)
        self.apply(orders)

    def refund(self, day: int, at: int) -> None:
        """Some early, whole or in part; some late."""
        early = [p for p in self.purchases if p.day == day - 1 and self.random.random() < 0.06]
        late = [p for p in self.purchases if p.day == day - 9 and self.random.random() < 0.03]
        refunds: list[cmd.Command] = [
            cmd.RefundOrder(
                at, p.order_id, f"r-{p.order_id}", p.paid // self.random.choice((1, 2)), 2
            )
            for p in [*early, *late]
        ]
        self.apply(refunds)

    def live(self, day: int, at: int) -> None:
        """What members and shops do with points, coins and cash; not all of it is possible."""
        chosen: list[cmd.Command] = []
        for _ in range(4):
            member = f"m{self.random.randrange(1, self.joined + 1)}"
            points = self.random.randrange(5, 60) * POINT
            chosen += [
                cmd.RedeemPoints(at, member, points),
                cmd.ConvertPoints(at + HOUR, HEAVY if day % 5 == 0 else member, points // 2),
            ]
        if day % 4 == 0:
            chosen += [
                cmd.PayCoins(at + 2 * HOUR, f"c{day}", "s1", 9 * YUAN, HEAVY),
                cmd.SpendPoints(at + 2 * HOUR, f"p{day}", HEAVY, "s2", 12 * POINT),
                cmd.WithdrawCash(at + 2 * HOUR, HEAVY, 5 * YUAN),
                cmd.ExchangeCoins(at + 3 * HOUR, "s1", 6 * YUAN),
            ]
        if day % 8 == 0:
            chosen += [
                cmd.RefundCoins(at + 4 * HOUR, f"c{day}", 2 * YUAN),
                cmd.RefundPointsPayment(at + 4 * HOUR, f"p{day}", 3 * YUAN),
                cmd.AwardFunded(at + 4 * HOUR, "m11", 30 * YUAN, 20 * YUAN),
            ]
        self.apply(chosen, loose=True)


def build(alias: str = "default") -> str:
    """Open the programme in a migrated database, live through its days, and give its name."""
    salts = SeededSalts(b"a world for pages" * 2)
    open_programme(programme(), START, alias, salts)
    engine = Engine(NAME, alias, salts)
    World(engine).run()
    draw_up(engine.id, alias)
    return NAME


def checkpoints(alias: str) -> QuerySet[Checkpoint]:
    """Its checkpoints by day; the database may hold other programmes, with theirs."""
    return Checkpoint.objects.using(alias).filter(programme__name=NAME).order_by("day")
