"""Random small worlds for Hypothesis: each step is tried, and may be refused."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from shareback.rules.layout import Head, Member, Merchant, Order
from tests.rules.world import COIN, POINT, YUAN, Refused, World

Step = tuple[int, int, int, int]
"""Which command, two accounts, and how much in tenths of a per cent."""

MEMBERS = 4
SHOPS = 2

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.integers(0, 19), st.integers(0, 9), st.integers(0, 9), st.integers(1, 1_000)),
    min_size=15,
    max_size=40,
)


def settled(world: World) -> World:
    """Members of one chain of referrals, two shops, and money in the treasury."""
    for number in range(MEMBERS):
        world.join(referrer=number)
    for _ in range(SHOPS):
        world.open_shop()
    world.fund(500 * YUAN)
    return world


def part(whole: int, thousandths: int) -> int:
    """A share of what there is, at least 1."""
    return max(1, whole * thousandths // 1_000)


def orders_of(world: World, step: Step) -> None:
    """Buy, receive, refund."""
    kind, one, other, much = step
    member, order = one % MEMBERS + 1, one * 10 + other
    if kind <= 3:
        shop = other % (SHOPS + 1)
        world.buy(member, much * YUAN + other, shop, received=int(kind != 3))
    elif order < world.head(Head.ORDERS) + 1 and kind == 4:
        world.receive(order)
    elif order < world.head(Head.ORDERS) + 1:
        world.refund(order, part(world.order(order)[Order.PAID], much))


def points_of(world: World, step: Step) -> None:
    """Redeem, spend, give back, convert, withdraw."""
    kind, one, other, much = step
    member = one % MEMBERS + 1
    points = part(world.points(member), much)
    if kind in (7, 8):
        world.redeem(member, points)
    elif kind == 9:
        world.convert(member, points)
    elif kind == 10:
        world.spend(member, other % SHOPS + 1, points)
    elif kind == 11 and other < world.head(Head.PAYMENTS) + 1:
        world.return_goods(other, much * YUAN // 100)
    else:
        world.withdraw(member, part(world.cash(member), much))


def coins_of(world: World, step: Step) -> None:
    """Pay, give back and exchange coins; a merchant sells its points."""
    kind, one, other, much = step
    member, shop = one % MEMBERS + 1, other % SHOPS + 1
    if kind == 13:
        world.pay_coins(member, shop, part(world.member(member)[Member.COINS], much))
    elif kind == 14 and one < world.head(Head.PAYMENTS) + 1:
        world.refund_coins(one, much * COIN // 100)
    elif kind == 15:
        world.exchange(shop, part(world.shop(shop)[Merchant.COINS], much))
    else:
        world.redeem_merchant(shop, part(world.shop(shop)[Merchant.POINTS], much))


def operator_of(world: World, step: Step) -> None:
    """Close days, fund awards."""
    kind, one, other, much = step
    if kind == 17:
        world.award(one % MEMBERS + 1, much * YUAN // 10, much * YUAN // 20, other % (SHOPS + 1))
    else:
        world.close(1 + other % 2)


def group_of(kind: int) -> Callable[[World, Step], None]:
    """Which of the functions above tries a step."""
    if kind <= 6:
        return orders_of
    if kind <= 12:
        return points_of
    return coins_of if kind <= 16 else operator_of


def walk(world: World, taken: Sequence[Step]) -> int:
    """Try the steps in order; returns how many were accepted."""
    accepted = 0
    for step in taken:
        try:
            group_of(step[0])(world, step)
        except Refused:
            continue
        accepted += 1
    return accepted


__all__ = ["MEMBERS", "POINT", "SHOPS", "YUAN", "Step", "settled", "steps", "walk"]
