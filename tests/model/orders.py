"""Orders from payment to maturity, and awards (R3.2, R4, R6)."""

from fractions import Fraction
from math import ceil, floor

from shareback.rules.codes import Code
from tests.model.parameters import PPM
from tests.model.pool import burn, mint, run_exits, touch, treasury_gets
from tests.model.state import Award, Member, Order, OrderState, State, linked, refuse

COARSE_UYUAN = 10**4


def pay_order(
    state: State,
    *,
    order_id: str,
    member: int,
    merchant: int,
    paid: int,
    profit: int | None = None,
    backing_ppm: int | None = None,
    received: int = 0,
    order: int = 0,
) -> int:
    """R6.1: contribution and dividend share go to order escrow."""
    terms = state.parameters
    backing = terms.backing_ppm if backing_ppm is None else backing_ppm
    buyer = state.member(member)
    shop = state.merchant(merchant) if merchant else None
    refuse(Code.AMOUNT_INVALID, when=paid <= 0)
    refuse(Code.AMOUNT_INVALID, when=profit is not None and not 0 <= profit <= paid)
    refuse(Code.AMOUNT_INVALID, when=not terms.backing_fits(backing))
    refuse(Code.AMOUNT_INVALID, when=received not in {0, 1})
    number = len(state.orders) + 1
    assert order in {0, number}, "orders are numbered in order of acceptance"
    placed = Order(
        number=number,
        order_id=order_id,
        member=member,
        merchant=merchant,
        referrer=buyer.referrer,
        paid=paid,
        profit=profit,
        backing_ppm=backing,
        terms=terms,
        linked=linked(buyer, shop),
    )
    state.orders[number] = placed
    state.bank += placed.flow(paid)
    if received:
        receive(state, placed)
    return number


def receive_order(state: State, *, order: int) -> int:
    """The goods have arrived; the return window begins (R6.3)."""
    placed = state.order(order)
    refuse(Code.ALREADY_RECEIVED, when=placed.received_day is not None)
    refuse(Code.ORDER_CLOSED, when=placed.state is OrderState.CLOSED)
    receive(state, placed)
    return 0


def receive(state: State, order: Order) -> None:
    """Note the day; without a return window the order matures now, alone (R2)."""
    order.state = OrderState.RECEIVED
    order.received_day = state.day
    if order.terms.maturity_days == 0:
        mature(state, [order])


def due_orders(state: State) -> list[Order]:
    """Orders that mature at the close of the open day, by order id (R6.3, D1)."""
    due = [
        order
        for order in state.orders.values()
        if order.state is OrderState.RECEIVED
        and order.received_day is not None
        and order.received_day + order.terms.maturity_days <= state.day
    ]
    return sorted(due, key=lambda order: (order.order_id.encode(), order.number))


def award_units(order: Order, opening: Fraction) -> int:
    """Points that the order awards its buyer at the opening price (R3.2, D20)."""
    contribution = order.contribution(order.net)
    if order.terms.award_mode == "value":
        return floor(award_value(order) / opening)
    fixed = order.net * order.terms.award_points_units // order.terms.award_spend_uyuan
    most = contribution * (PPM - order.terms.referral_ppm) // PPM
    return min(fixed, floor(most / opening))


def award_value(order: Order) -> int:
    """v of R6."""
    return order.contribution(order.net) * order.terms.award_ppm // PPM


def is_too_coarse(order: Order, opening: Fraction) -> bool:
    """R3.6, D14: rounding would take more than 0.01 yuan from the award."""
    if order.linked or order.terms.award_mode != "value":
        return False
    lost = award_value(order) - award_units(order, opening) * opening
    return lost > COARSE_UYUAN


def mature(state: State, orders: list[Order]) -> None:
    """R3.2: all at the price before; buyers first, then referrers, then receivables, exits."""
    opening = state.price
    maturing = []
    for order in orders:
        if is_too_coarse(order, opening):
            state.saw("award too coarse")
        else:
            maturing.append(order)
    awarded: list[tuple[Member, int]] = []
    room = max(0, state.cap - state.issued)
    for order in maturing:
        room -= award_buyer(state, order, opening, room, awarded)
    for order in maturing:
        room -= award_referrer(state, order, opening, room, awarded)
    for order in maturing:
        order.matured_net = order.net
        order.state = OrderState.MATURED
        state.pot += order.dividend(order.net)
        state.dividends_in += order.dividend(order.net)
    contributed = sum(order.contribution(order.net) for order in maturing)
    mint(state, sum(points for _, points in awarded), contributed)
    for member, points in awarded:
        settle_award(state, member, points)
    run_exits(state)


def award_buyer(
    state: State, order: Order, opening: Fraction, room: int, awarded: list[tuple[Member, int]]
) -> int:
    """Quota and points of the buyer; linked parties earn nothing (R4.4)."""
    if order.linked:
        state.saw("linked order matured")
        return 0
    buyer = state.members[order.member]
    touch(state, buyer)
    wanted = award_units(order, opening)
    points = min(wanted, room)
    if points < wanted:
        state.saw("award cut at the cap")
    buyer.granted += order.quota(order.net)
    buyer.points += points
    order.award_buyer = Award(points, 0, buyer.earned, buyer.dividends)
    awarded.append((buyer, points))
    return points


def award_referrer(
    state: State, order: Order, opening: Fraction, room: int, awarded: list[tuple[Member, int]]
) -> int:
    """The referrer's points, as far as the quota bears them (R4.3, D10)."""
    if order.linked or not order.referrer:
        return 0
    referrer = state.members[order.referrer]
    touch(state, referrer)
    if linked(referrer, state.members[order.member]):
        state.saw("referrer is the same party")
        return 0
    wanted = order.contribution(order.net) * order.terms.referral_ppm // PPM
    bearable = max(0, referrer.left - ceil(referrer.points * opening))
    if 0 < bearable < wanted:
        state.saw("referral cut at the quota")
    points = min(floor(min(wanted, bearable) / opening), room)
    if points:
        state.saw("referral award")
    referrer.points += points
    order.award_referrer = Award(points, 0, referrer.earned, referrer.dividends)
    awarded.append((referrer, points))
    return points


def settle_award(state: State, member: Member, points: int) -> None:
    """D6: an award pays first what the member owes: minted, then burned."""
    if member.receivable == 0 or points == 0:
        return
    burned = min(points, ceil(member.receivable / state.price))
    pays = min(floor(burned * state.price), member.receivable)
    treasury = min(pays, member.receivable_treasury)
    member.points -= burned
    member.receivable -= pays
    member.receivable_treasury -= treasury
    state.treasury_receipts += treasury
    burn(state, burned, treasury)
    treasury_gets(state, treasury)
    state.saw("award burned for a receivable")


def award_funded(state: State, *, member: int, funder_merchant: int, money: int, value: int) -> int:
    """R4.5: points against money of the treasury or of a merchant."""
    awarded = state.member(member)
    funder = state.merchant(funder_merchant) if funder_merchant else None
    quota = money * state.parameters.quota_multiple_ppm // PPM
    refuse(Code.AMOUNT_INVALID, when=money <= 0 or value <= 0)
    refuse(Code.VALUE_ABOVE_MONEY, when=value > money)
    refuse(Code.VALUE_ABOVE_QUOTA, when=value >= quota)
    refuse(Code.LINKED_PARTIES, when=linked(awarded, funder))
    if funder is not None:
        refuse(Code.PAYABLE_SHORT, when=money > funder.payable)
        funder.payable -= money
    else:
        refuse(Code.TREASURY_SHORT, when=money > state.free)
        state.free -= money
    touch(state, awarded)
    points = floor(value / state.price)
    refuse(Code.NOTHING_TO_PAY, when=points == 0)
    refuse(
        Code.SUPPLY_CAP_REACHED,
        when=points > max(0, state.cap - state.issued),
    )
    awarded.granted += quota
    awarded.points += points
    mint(state, points, money)
    settle_award(state, awarded, points)
    return 0
