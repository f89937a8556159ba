"""The rules that an order's way needs, written down once more in plain integers (ECONOMY R3-R6)."""

from typing import NamedTuple

PPM = 10**6
SCALE = 10**12
RANGE = 2**62
INT64_MAX = 2**63 - 1
ABSENT = -1


class Unmeasured(Exception):
    """The benchmark's world holds a case that the usual way does not write out."""


class Terms(NamedTuple):
    """The parameters that an order's way needs, in ppm and days."""

    backing: int
    margin: int
    dividend: int
    quota_multiple: int
    award: int
    referral: int
    supply_cap: int
    maturity_days: int


class Shares(NamedTuple):
    """What an order's cash comes to, in µ¥: contribution, dividend share, quota."""

    contribution: int
    dividend: int
    quota: int


class Holder(NamedTuple):
    """A member's row, as far as maturing needs it."""

    number: int
    points: int
    cash: int
    quota: int
    used: int
    index: int  # type: ignore[assignment] # the column's name, not the tuple's method
    earned: int
    dividends: int
    receivable: int
    tier: int
    party: int


class Pool(NamedTuple):
    """The programme's row, as far as maturing needs it."""

    reserve: int
    supply: int
    issued: int
    points_members: int
    order_escrow: int
    pot: int
    payable: int
    cash: int
    dividends_in: int
    dividends_credited: int
    weight: int
    quota_granted: int
    quota_pending: int
    quota_open: int
    orders_pending: int
    orders_matured: int
    index: int  # type: ignore[assignment] # as above
    last_price: int


def split(terms: Terms, backing: int, profit: int, paid: int) -> Shares:
    """An order's shares of its cash, nothing of it refunded (R6)."""
    contribution = paid * backing // PPM
    earned = paid * terms.margin // PPM if profit == ABSENT else profit
    dividend = min(earned * terms.dividend // PPM, max(0, earned - contribution))
    return Shares(contribution, dividend, paid * terms.quota_multiple // PPM)


def points_for(pool: Pool, value: int) -> int:
    """Points worth a value at the price now, rounded down (R3.2)."""
    if pool.supply == 0:
        return value * SCALE // pool.last_price
    return value * pool.supply // pool.reserve


def touched(pool: Pool, member: Holder) -> tuple[Pool, Holder]:
    """Both with the member's accrued dividends credited (R4.2, R5.1)."""
    if member.receivable or member.tier:
        raise Unmeasured(member)
    risen = pool.index - member.index
    if risen == 0 or member.points == 0:
        return pool, member._replace(index=pool.index)
    accrued = member.points * risen // SCALE
    credited = min(accrued, max(0, member.quota - member.used))
    pool = pool._replace(
        payable=pool.payable - credited,
        cash=pool.cash + credited,
        dividends_credited=pool.dividends_credited + credited,
    )
    return pool, member._replace(
        cash=member.cash + credited,
        used=member.used + credited,
        earned=member.earned + risen,
        dividends=member.dividends + credited,
        index=pool.index,
    )


def awarded(
    pool: Pool, before: Holder, member: Holder, points: int, quota: int
) -> tuple[Pool, Holder]:
    """Both with points and quota given, and the programme's totals in step (R4.2, R5.1)."""
    after = member._replace(points=member.points + points, quota=member.quota + quota)
    opened = max(0, after.quota - after.used) - max(0, before.quota - before.used)
    return pool._replace(
        supply=pool.supply + points,
        issued=pool.issued + points,
        points_members=pool.points_members + points,
        weight=pool.weight + points,
        quota_granted=pool.quota_granted + quota,
        quota_open=pool.quota_open + opened,
    ), after


def exit_key(member: Holder) -> int:
    """The key under which the member's exit is found (R5.2); 0 for who holds nothing."""
    if member.points == 0:
        return 0
    left = member.quota - member.used
    if left < 0:
        raise Unmeasured(member)
    return min(-(-left * SCALE // member.points) + member.index, INT64_MAX)
