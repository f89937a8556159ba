"""A programme in which everything happens, from a seed: what replays and exports are tested on."""

import random

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.engine.salts import SeededSalts
from shareback.rules.layout import Head
from shareback.rules.programme import TEST_ISSUER, Programme, TierTerms
from shareback.units.scales import UNITS_PER_POINT, UYUAN_PER_YUAN

OPENED = 1_767_225_600_000_000
"""Midnight of 2026-01-01, UTC; some hours into the local day."""

DAY = 86_400_000_000
SALTS = SeededSalts(b"engine tests")
MEMBERS, MERCHANTS = 24, 4


def parameters(name: str, **changes: object) -> Programme:
    """Parameters under which a few days see exits and tiers."""
    terms: dict[str, object] = {
        "name": name,
        "issuer": TEST_ISSUER,
        "maturity_days": 2,
        "quota_multiple": "1.1",
        "tiers": (
            TierTerms(name="silver", threshold="10", multiplier="1.2"),
            TierTerms(name="gold", threshold="25", multiplier="1.5"),
        ),
    }
    return Programme.model_validate({**terms, **changes})


def open_busy(name: str, alias: str) -> Engine:
    """A programme with members, merchants and some money in its treasury."""
    open_programme(parameters(name), OPENED, alias, SALTS)
    engine = Engine(name, alias, SALTS)
    joins: list[cmd.Command] = [cmd.FundTreasury(OPENED, 500 * UYUAN_PER_YUAN)]
    joins += [
        cmd.JoinMember(OPENED, f"m{n}", f"m{n // 2}" if n % 3 == 2 else "", n % 5 * 100)
        for n in range(MEMBERS)
    ]
    joins += [cmd.JoinMerchant(OPENED, f"s{n}", n * 100) for n in range(MERCHANTS)]
    engine.apply(joins)
    return engine


class World:
    """Draws commands at random; refusals are part of it."""

    def __init__(self, seed: int) -> None:
        """Begin with the first order."""
        self.random = random.Random(seed)
        self.orders = 0
        self.payments = 0
        self.refunds = 0
        self.spends: list[str] = []
        self.coins: list[str] = []

    def member(self) -> str:
        """Anybody."""
        return f"m{self.random.randrange(MEMBERS)}"

    def merchant(self) -> str:
        """Any shop."""
        return f"s{self.random.randrange(MERCHANTS)}"

    def order(self) -> str:
        """Any order so far."""
        return f"o{self.random.randrange(max(1, self.orders))}"

    def payment(self, kind: str) -> str:
        """Any payment so far, of those that were tried."""
        tried = self.spends if kind == "spend" else self.coins
        return self.random.choice(tried) if tried else ""

    def money(self, most_yuan: int) -> int:
        """An amount of money, in µ¥."""
        return self.random.randrange(1, most_yuan * UYUAN_PER_YUAN)

    def points(self) -> int:
        """A number of points, in units."""
        return self.random.randrange(1, 4 * UNITS_PER_POINT)

    def pay(self, at: int) -> cmd.Command:
        """A new order."""
        # Orders' ids fall while their numbers rise, so that the log must state their order.
        self.orders += 1
        shop = self.merchant() if self.random.random() < 0.9 else ""
        profit = None if self.random.random() < 0.5 else 0
        received = self.random.random() < 0.7
        paid = self.money(100) + UYUAN_PER_YUAN
        name = f"o{self.orders - 1}"
        return cmd.PayOrder(at, name, self.member(), shop, paid, profit, received)

    def anything(self, at: int) -> cmd.Command:
        """Any other command."""
        draw = self.random
        member, merchant, order = self.member(), self.merchant(), self.order()
        given = self.money(5)
        self.refunds += 1
        refund = f"r{self.refunds}"
        self.payments += 1
        spend, coin = f"spend{self.payments}", f"coin{self.payments}"
        choices: tuple[cmd.Command, ...] = (
            cmd.ReceiveOrder(at, order),
            cmd.RefundOrder(at, order, refund, self.money(60), 2),
            cmd.RedeemPoints(at, member, self.points()),
            cmd.SpendPoints(at, spend, member, merchant, self.points()),
            cmd.RefundPointsPayment(at, self.payment("spend"), self.money(1)),
            cmd.ConvertPoints(at, member, self.points()),
            cmd.ConvertPoints(at, member, 2 * self.points()),
            cmd.PayCoins(at, coin, merchant, self.money(2), member_id=member),
            cmd.PayCoins(at, coin, merchant, self.money(2), payer_merchant_id=self.merchant()),
            cmd.RefundCoins(at, self.payment("coin"), self.money(1)),
            cmd.ExchangeCoins(at, merchant, self.money(2)),
            cmd.RedeemMerchantPoints(at, merchant, self.points() // 40),
            cmd.AwardFunded(at, member, given, given),
            cmd.AwardFunded(at, member, given, given * 2 // 3, merchant),
            cmd.FundTreasury(at, self.money(50)),
            cmd.WithdrawTreasury(at, self.money(20), 2),
            cmd.WithdrawCash(at, member, self.money(2)),
            cmd.SettleMerchant(at, merchant, self.money(2)),
            cmd.RecordUnmatched(at, self.money(50)),
            cmd.LinkParty(at, draw.randrange(500), member, ""),
            cmd.SetReferrer(at, member, self.member()),
        )
        chosen = draw.choice(choices)
        if isinstance(chosen, cmd.SpendPoints):
            self.spends.append(spend)
        if isinstance(chosen, cmd.PayCoins):
            self.coins.append(coin)
        return chosen

    def day(self, at: int, count: int) -> list[cmd.Command]:
        """Commands of one moment, about half of them orders."""
        return [
            self.pay(at) if self.random.random() < 0.5 else self.anything(at) for _ in range(count)
        ]


def busy_programme(name: str, alias: str, seed: int = 1, days: int = 12, count: int = 80) -> Engine:
    """A programme after some days, in batches that begin and end in the middle of a day.

    Args:
        name: The programme's name.
        alias: Which database.
        seed: Of its commands.
        days: How many days are closed.
        count: How many commands a day has.
    """
    engine = open_busy(name, alias)
    world = World(seed)
    waiting: list[cmd.Command] = []
    for day in range(days):
        at = OPENED + day * DAY
        waiting += world.day(at, count)
        if day == days // 2:
            changed = parameters(name, backing_rate="0.25", maturity_days=1)
            opened = engine.calendar.day_of(OPENED)
            waiting.append(cmd.AmendProgramme(at, opened + day + 2, 2, changed))
        if day % 3 != 1:
            cut = len(waiting) - world.random.randrange(20)
            engine.apply(waiting[:cut])
            waiting = waiting[cut:]
        if day % 5 == 4:
            engine.forget()
    engine.apply(waiting)
    engine.close(engine.calendar.day_of(OPENED) + days - 1)
    engine.apply(world.day(OPENED + days * DAY, count))
    return engine


def end(engine: Engine) -> None:
    """Announce a programme's end, mature what is pending, settle everybody."""
    at = engine.calendar.start_of(engine.head()[Head.DAY])
    today = engine.calendar.day_of(at)
    engine.apply([cmd.AnnounceEnd(at, today + 5, 2)])
    engine.apply([cmd.ReceiveOrder(at, f"o{number}") for number in range(1_000)])
    at += 6 * DAY
    engine.apply([cmd.EndProgramme(at)])
    # Members are settled in the order of their numbers, as a writer that starts anew finds them.
    engine.forget()
    engine.apply([cmd.SettleAccounts(at, 1, 10), cmd.SettleAccounts(at, 11, MEMBERS)])
    engine.apply([cmd.WithdrawCash(at + DAY, "m3", UYUAN_PER_YUAN)])
