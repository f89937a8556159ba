"""The pool, touching, receivables and exits (R3, R5)."""

from math import ceil, floor

from shareback.rules.codes import Code
from tests.model.parameters import PPM, SCALE, TOP_UYUAN_PER_UNIT
from tests.model.state import Member, Phase, State, refuse

DUST_UNITS = 10**6
DUST_UYUAN = 10**6


def share_up(amount: int, rate_ppm: int) -> int:
    """A share of an amount, rounded up: what somebody pays."""
    return -(-amount * rate_ppm // PPM)


def bind_excess(state: State) -> None:
    """R3.5: what belongs to nobody, and what lies above the top, goes to the bound treasury."""
    top = state.supply * TOP_UYUAN_PER_UNIT
    if state.reserve > top:
        state.saw("all of R bound" if state.supply == 0 else "above the top")
        state.bound += state.reserve - top
        state.reserve = top


def mint(state: State, points: int, money: int) -> None:
    """New points against new money (R3.1)."""
    assert points <= max(0, state.cap - state.issued), "above the cap"
    state.reserve += money
    state.supply += points
    state.issued += points
    bind_excess(state)


def burn(state: State, points: int, pays: int) -> None:
    """Points are gone for ever, and money leaves the reserve (R3.1)."""
    assert pays <= points * state.price, "a burn pays more than the price"
    price_before = state.price_scaled
    state.reserve -= pays
    state.supply -= points
    state.burned += points
    if points > 0 and state.supply == 0:
        state.last_price = price_before
        state.emptied += 1
    bind_excess(state)


def to_reserve(state: State, money: int) -> None:
    """Money that nobody gets points for."""
    state.reserve += money
    bind_excess(state)


def treasury_gets(state: State, money: int) -> None:
    """What comes back to the treasury restores first what was drawn of its bound part (D3)."""
    restored = min(money, state.bound_drawn)
    state.bound_drawn -= restored
    state.bound += restored
    state.free += money - restored
    if restored:
        state.saw("bound restored")


def treasury_pays(state: State, money: int) -> None:
    """From free, then bound, then the surplus of the coin escrow (D3)."""
    from_free = min(money, state.free)
    from_bound = min(money - from_free, state.bound)
    rest = money - from_free - from_bound
    state.free -= from_free
    state.bound -= from_bound
    state.bound_drawn += from_bound
    if from_bound:
        state.saw("bound drawn")
    if rest == 0:
        return
    surplus = state.points_escrow - ceil(state.coins_outstanding / state.price)
    needed = ceil(rest / state.price)
    refuse(Code.TREASURY_SHORT, when=needed > surplus)
    state.points_escrow -= needed
    burn(state, needed, rest)
    state.bound_drawn += rest
    state.saw("escrow surplus burned")


def repay(state: State, member: Member, money: int) -> int:
    """A receivable is paid: the rest goes into R; returns the treasury's part, not yet given."""
    assert money <= member.receivable, "more is collected than is owed"
    treasury = min(money, member.receivable_treasury)
    member.receivable_treasury -= treasury
    member.receivable -= money
    state.treasury_receipts += treasury
    to_reserve(state, money - treasury)
    return treasury


def credit_cash(state: State, member: Member, money: int) -> None:
    """Money for a member pays first what the member owes (D5)."""
    owed = min(money, member.receivable)
    if owed:
        state.saw("receivable collected from a credit")
    treasury_gets(state, repay(state, member, owed))
    member.cash += money - owed


def touch(state: State, member: Member) -> None:
    """Credit what has accrued, as far as the quota reaches (R5, D5)."""
    rise = state.index - member.index
    accrued = member.weight * rise // SCALE
    if member.points > 0:
        member.earned += share_up(member.multiplier, rise)
    member.index = state.index
    credited = min(accrued, max(0, member.left))
    member.dividends += credited
    if credited < accrued:
        state.saw("accrued above the quota left")
    state.payable -= credited
    state.dividends_credited += credited
    member.used += credited
    credit_cash(state, member, credited)


def exit_key(member: Member) -> int:
    """K of R5.2, for a member with points."""
    return -(-member.left * SCALE // member.points) + member.multiplier * member.index // PPM


def exit_key_now(state: State, member: Member) -> int:
    """K − ⌊m·A/10⁶⌋: the scaled price from which on the member is due."""
    return exit_key(member) - member.multiplier * state.index // PPM


def is_due(state: State, member: Member) -> bool:
    """R5.2, the integer definition."""
    return member.points > 0 and state.price_scaled >= exit_key_now(state, member)


def run_exits(state: State) -> None:
    """R5.3: one after the other, the least key first, until none is due."""
    if state.phase is Phase.ENDED:
        return
    before = state.exits
    while due := [member for member in state.members.values() if is_due(state, member)]:
        first = min(due, key=lambda member: (exit_key_now(state, member), member.number))
        exit_member(state, first)
    if state.exits > before + 1:
        state.saw("several exits")


def exit_member(state: State, member: Member) -> None:
    """All points are sold at once; what they are worth above the quota left stays in R."""
    touch(state, member)
    points = member.points
    worth = floor(points * state.price)
    gross = min(worth, max(0, member.left))
    member.points = 0
    member.used = max(member.used + gross, member.granted)
    state.exits += 1
    state.saw("exit")
    if gross < worth:
        state.saw("exit worth more than the quota left")
    if state.parameters.money_out:
        pays = gross - share_up(gross, state.parameters.fee_ppm)
        state.redeemed += gross
        burn(state, points, pays)
        credit_cash(state, member, pays)
    else:
        state.points_escrow += points
        state.coins_issued += gross
        member.coins += gross
        state.saw("exit into coins")


def whole_if_dust(state: State, held: int, points: int) -> int:
    """R3.6: what would leave dust takes the whole holding."""
    rest = held - points
    if rest > 0 and (rest < DUST_UNITS or rest * state.price < DUST_UYUAN):
        state.saw("dust taken along")
        return held
    return points


def claim(state: State, member: Member, held: int, points: int) -> tuple[int, int]:
    """Points that a member gives up, with the dust, and what they count for (R3.3, D7)."""
    given = whole_if_dust(state, held, points)
    refuse(Code.QUOTA_USED_UP, when=member.left <= 0)
    gross = min(floor(given * state.price), member.left)
    refuse(Code.NOTHING_TO_PAY, when=gross == 0)
    return given, gross
