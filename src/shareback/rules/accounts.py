"""Touching a member, paying it, and keeping the programme's totals in step (R4, R5)."""

from shareback.rules import queue
from shareback.rules.layout import (
    Command,
    Cursor,
    Effect,
    EffectKind,
    Head,
    Member,
    Merchant,
    Row,
    State,
    Table,
    Tier,
)
from shareback.rules.member import credit, exit_key, left, weight
from shareback.rules.pool import bind_surplus
from shareback.units.exact import mul_div_up
from shareback.units.scales import PPM

__compiled__ = True


def note(
    state: State,
    kind: int,
    member: int,
    merchant: int,
    order: int,
    points: int,
    gross: int,
    money: int,
    coins: int,
) -> None:
    """Record what happened to an account, by numbers, for statements and notices."""
    place = state.cursor[Cursor.EFFECTS]
    effect = state.effects[place]
    effect[Effect.KIND] = kind
    effect[Effect.SEQUENCE] = state.head[Head.SEQUENCE]
    effect[Effect.DAY] = state.head[Head.DAY]
    effect[Effect.MEMBER] = member
    effect[Effect.MERCHANT] = merchant
    effect[Effect.ORDER] = order
    effect[Effect.POINTS] = points
    effect[Effect.GROSS] = gross
    effect[Effect.MONEY] = money
    effect[Effect.COINS] = coins
    state.cursor[Cursor.EFFECTS] = place + 1


def treasury_receives(head: Row, money_uyuan: int) -> None:
    """Book money that comes back to the treasury: what it drew on is made whole first (R6.4)."""
    restored = min(money_uyuan, head[Head.BOUND_DRAWN])
    head[Head.BOUND_DRAWN] -= restored
    head[Head.BOUND] += restored
    head[Head.FREE] += money_uyuan - restored


def collect(state: State, slot: int, money_uyuan: int) -> None:
    """Take money towards a member's receivable: the treasury's part first, the rest into R.

    Args:
        state: The state; whoever calls takes the money from where it was.
        slot: The member.
        money_uyuan: At most the receivable, in µ¥.

    Source:
        R6.4.
    """
    head, member = state.head, state.members[slot]
    to_treasury = min(money_uyuan, member[Member.RECEIVABLE_TREASURY])
    member[Member.RECEIVABLE] -= money_uyuan
    member[Member.RECEIVABLE_TREASURY] -= to_treasury
    head[Head.RECEIVABLES] -= money_uyuan
    treasury_receives(head, to_treasury)
    head[Head.RESERVE] += money_uyuan - to_treasury
    bind_surplus(head)
    note(state, EffectKind.RECEIVABLE_COLLECTED, member[Member.NUMBER], 0, 0, 0, 0, money_uyuan, 0)


def pay_cash(state: State, slot: int, money_uyuan: int) -> None:
    """Pay money into a member's cash balance; what the member owes is taken first (R6.4)."""
    member = state.members[slot]
    taken = min(money_uyuan, member[Member.RECEIVABLE])
    if taken > 0:
        collect(state, slot, taken)
    member[Member.CASH] += money_uyuan - taken
    state.head[Head.CASH] += money_uyuan - taken


def multiplier_of(state: State, slot: int) -> int:
    """The multiplier of a member's tier, in ppm (R5.1)."""
    return state.tiers[state.members[slot][Member.TIER]][Tier.MULTIPLIER]


def touch(state: State, slot: int) -> None:
    """Credit what has accrued to a member since the last touch (R4.2, R5.1).

    What accrued above the quota left stays in `payable` and is nobody's (R7.3). Whoever touches
    a member seals it afterwards.
    """
    head, member = state.head, state.members[slot]
    risen = head[Head.INDEX] - member[Member.INDEX]
    if risen > 0 and member[Member.POINTS] > 0:
        credited = credit(member, head[Head.INDEX])
        member[Member.EARNED] += mul_div_up(multiplier_of(state, slot), risen, PPM)
        member[Member.DIVIDENDS] += credited
        member[Member.USED] += credited
        head[Head.PAYABLE] -= credited
        head[Head.DIVIDENDS_CREDITED] += credited
        pay_cash(state, slot, credited)
    member[Member.INDEX] = head[Head.INDEX]


def set_points(state: State, slot: int, points: int) -> None:
    """Change what a member holds, and the members' total with it."""
    member = state.members[slot]
    state.head[Head.POINTS_MEMBERS] += points - member[Member.POINTS]
    member[Member.POINTS] = points


def grant(state: State, slot: int, quota_uyuan: int) -> None:
    """Raise, or after a late refund lower, a member's quota (R4.2, R6.4)."""
    state.members[slot][Member.QUOTA] += quota_uyuan
    state.head[Head.QUOTA_GRANTED] += quota_uyuan


def tier_for(tiers: Table, points: int) -> int:
    """The highest tier whose threshold a holding reaches (R7)."""
    tier = len(tiers) - 1
    while points < tiers[tier][Tier.THRESHOLD]:
        tier -= 1
    return tier


def seal(state: State, slot: int) -> None:
    """Bring weight, open quota, exit key and place in the heap in step with a touched member."""
    head, member = state.head, state.members[slot]
    points, tier = member[Member.POINTS], member[Member.TIER]
    multiplier = state.tiers[tier][Tier.MULTIPLIER]
    heavy = weight(points, multiplier)
    head[Head.WEIGHT] += heavy - member[Member.WEIGHT]
    member[Member.WEIGHT] = heavy
    open_quota = max(0, left(member))
    head[Head.QUOTA_OPEN] += open_quota - member[Member.OPEN]
    member[Member.OPEN] = open_quota
    member[Member.CHANGED] = 1
    if points > 0:
        member[Member.KEY] = exit_key(left(member), points, member[Member.INDEX], multiplier)
        if member[Member.PLACE] < 0:
            queue.enter(state, tier, slot)
        else:
            queue.move(state, tier, slot)
    elif member[Member.PLACE] >= 0:
        queue.leave(state, tier, slot)
    flag_tier(state, slot)


def flag_tier(state: State, slot: int) -> None:
    """Remember a member whose holding belongs in another tier, for the close (R7)."""
    member = state.members[slot]
    differs = tier_for(state.tiers, member[Member.POINTS]) != member[Member.TIER]
    member[Member.RETIER] = 1 if differs else 0
    if differs and member[Member.LISTED] == 0:
        member[Member.LISTED] = 1
        state.listed[state.cursor[Cursor.LISTED]] = slot
        state.cursor[Cursor.LISTED] += 1


def change_tier(state: State, slot: int) -> None:
    """Give a member the tier that its holding at the close belongs to (R7)."""
    member = state.members[slot]
    tier = tier_for(state.tiers, member[Member.POINTS])
    if member[Member.PLACE] >= 0:
        queue.leave(state, member[Member.TIER], slot)
    touch(state, slot)
    member[Member.TIER] = tier
    seal(state, slot)
    note(state, EffectKind.TIER_CHANGED, member[Member.NUMBER], 0, 0, tier, 0, 0, 0)


def pay_merchant(state: State, slot: int, money_uyuan: int) -> None:
    """Add to, or with a negative amount take from, what a merchant is owed."""
    merchant = state.merchants[slot]
    merchant[Merchant.PAYABLE] += money_uyuan
    merchant[Merchant.CHANGED] = 1
    state.head[Head.MERCHANT_PAYABLE] += money_uyuan


def member_is_unknown(state: State, command: Row) -> bool:
    """Whether the command names no member of the programme."""
    return state.members[command[Command.MEMBER]][Member.NUMBER] == 0


def merchant_is_unknown(state: State, command: Row) -> bool:
    """Whether the command names no merchant of the programme."""
    return state.merchants[command[Command.MERCHANT]][Merchant.NUMBER] == 0
