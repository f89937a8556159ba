"""A programme in which everything happens that a webhook can tell of, the same every time."""

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.gateways.feed import Feed
from shareback.gateways.notices import Notice
from shareback.rules.codes import Code
from tests.backends.journals import DAY, OPENED, open_anew

YUAN, POINT, COIN = 1_000_000, 100_000_000, 1_000_000
TIERS = [{"name": "Silver", "threshold": "20", "multiplier": "1.1"}]


def do(engine: Engine, *commands: cmd.Command) -> None:
    """Apply commands, all of which must be accepted."""
    answers = engine.apply(commands)
    refused = [(c, Code(a.code)) for c, a in zip(commands, answers, strict=True) if a.code]
    assert refused == []


def lived(alias: str, name: str = "Lived") -> Engine:
    """A programme's whole life, in nine days."""
    engine = open_anew(alias, name, maturity_days=1, tiers=TIERS)
    days = [OPENED + number * DAY for number in range(10)]
    first_orders(engine, days[0])
    trade(engine, days[2])
    take_back(engine, days[3])
    amended = engine.programme.model_copy(update={"redemption_fee": 50_000})
    today = engine.calendar.day_of(days[4])
    do(engine, cmd.AmendProgramme(days[4], today + 1, 2, amended))
    do(engine, cmd.AnnounceEnd(days[5], today + 3, 2))
    do(engine, cmd.EndProgramme(days[7]), cmd.SettleAccounts(days[7], 1, 3))
    return engine


def first_orders(engine: Engine, at: int) -> None:
    """Accounts, and orders of which one is given back."""
    do(
        engine,
        cmd.JoinMerchant(at, "winery"),
        cmd.JoinMerchant(at, "flour"),
        cmd.JoinMember(at, "li"),
        cmd.JoinMember(at, "wang", "li"),
        cmd.JoinMember(at, "zhao"),
        cmd.FundTreasury(at, 1_000 * YUAN),
        cmd.PayOrder(at, "o-1", "wang", "winery", 100 * YUAN, received=True),
        cmd.PayOrder(at, "o-2", "li", "", 100 * YUAN, 40 * YUAN, received=True),
        cmd.PayOrder(at, "o-3", "zhao", "winery", 100 * YUAN),
        cmd.RefundOrder(at, "o-3", "r-1", 40 * YUAN),
        cmd.ReceiveOrder(at, "o-3"),
    )


def trade(engine: Engine, at: int) -> None:
    """Points and coins, there and back."""
    do(
        engine,
        cmd.RedeemPoints(at, "li", 2 * POINT),
        cmd.SpendPoints(at, "p-1", "wang", "winery", 2 * POINT),
        cmd.RefundPointsPayment(at, "p-1", YUAN),
        cmd.ConvertPoints(at, "li", 8 * POINT),
        cmd.PayCoins(at, "p-2", "winery", 9 * COIN, "li"),
        cmd.RefundCoins(at, "p-2", 2 * COIN),
        cmd.PayCoins(at, "p-3", "flour", 3 * COIN, "", "winery"),
        cmd.ExchangeCoins(at, "winery", 4 * COIN),
        cmd.RedeemMerchantPoints(at, "winery", POINT),
        cmd.WithdrawCash(at, "li", YUAN),
        cmd.SettleMerchant(at, "winery", YUAN),
        cmd.AwardFunded(at, "zhao", 10 * YUAN, 7 * YUAN),
    )


def take_back(engine: Engine, at: int) -> None:
    """A late refund whose points are partly gone, when they are worth far more than they were."""
    do(
        engine,
        cmd.RedeemPoints(at, "wang", 15 * POINT),
        cmd.WithdrawCash(at, "wang", 20 * YUAN),
        cmd.AwardFunded(at, "zhao", 600 * YUAN, YUAN),
        cmd.RefundOrder(at, "o-1", "r-2", 100 * YUAN),
        cmd.PayOrder(at, "o-4", "wang", "", 50 * YUAN, received=True),
    )


def notices_of(engine: Engine, position: int = 0) -> list[Notice]:
    """All notices of a programme from an event on."""
    feed, line = Feed(engine.id, engine.alias), 0
    found: list[Notice] = []
    while True:
        page = feed.read(position, line)
        if (page.position, page.line) == (position, line):
            return found
        found += page.notices
        position, line = page.position, page.line
