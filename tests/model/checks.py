"""The invariants, each with the words that say which one broke."""

from shareback.rules.codes import Code
from tests.model.parameters import PPM, RANGE, SCALE, TOP_UYUAN_PER_UNIT
from tests.model.pool import is_due
from tests.model.state import Phase, Refused, State


def check_law(before: State, state: State) -> None:
    """R3.1: the price never falls.

    Where the last point went out within the operation and others came in, it is two operations:
    `last_price` rounds down in between, so only the published price can be compared.
    """
    assert state.price_scaled >= before.price_scaled, "the published price fell (R3.1)"
    if before.supply > 0 and state.supply > 0 and state.emptied == before.emptied:
        kept = state.reserve * before.supply >= before.reserve * state.supply
        assert kept, "the price fell (R3.1)"
    if before.supply == 0 and state.supply > 0:
        paid = state.reserve * SCALE
        assert paid >= state.supply * before.last_price, "points came below the last price"
    assert state.last_price >= before.last_price, "the last price fell"
    assert state.index >= before.index, "the dividend index fell"


def check_books(state: State) -> None:
    """R10: the bank, the points and the coins."""
    cash = sum(member.cash for member in state.members.values())
    merchants = sum(merchant.payable for merchant in state.merchants.values())
    owed_coins = state.coins_outstanding if state.phase is Phase.ENDED else 0
    ours = (
        state.reserve
        + state.order_escrow
        + state.pot
        + state.payable
        + cash
        + merchants
        + state.free
        + state.bound
        + state.suspense
        + owed_coins
    )
    assert state.bank == ours, f"the bank holds {state.bank}, the books say {ours} (R10)"
    held = sum(member.points for member in state.members.values())
    held += sum(merchant.points for merchant in state.merchants.values())
    assert state.supply == held + state.points_escrow, "points in circulation (R10)"
    assert state.issued == state.supply + state.burned, "points issued (R10)"
    assert state.issued <= state.cap, "issued above the cap (R2)"
    coins = sum(member.coins for member in state.members.values())
    coins += sum(merchant.coins for merchant in state.merchants.values())
    assert state.coins_outstanding == coins, "coins issued (R10)"


def check_pool(state: State) -> None:
    """R3.5, R7.3, R8.4, R6.4."""
    assert state.reserve <= state.supply * TOP_UYUAN_PER_UNIT, "R above the top (R3.5)"
    if state.phase is not Phase.ENDED:
        covered = state.points_escrow * state.reserve >= state.coins_outstanding * state.supply
        assert covered, "coins uncovered (R8.4)"
        if state.supply == 0:
            assert state.coins_outstanding == 0, "coins without points (R8.4)"
    flowed = state.dividends_credited + state.payable + state.pot + state.pot_shared_out
    assert flowed == state.dividends_in, "dividends (R7.3)"
    accrued = sum(
        member.weight * (state.index - member.index) // SCALE for member in state.members.values()
    )
    assert state.payable >= accrued, "dividends payable below what has accrued (R7.3)"
    open_treasury = sum(member.receivable_treasury for member in state.members.values())
    claimed = state.treasury_receipts + open_treasury
    assert claimed <= state.treasury_costs, "the treasury gained by late refunds (R6.4)"


def check_accounts(state: State) -> None:
    """R4.2, R5, R6.2, and no negative value anywhere."""
    for member in state.members.values():
        who = f"member {member.number}"
        assert member.used <= member.granted or member.refunded_late, f"{who}: quota (R4.2)"
        assert member.receivable_treasury <= member.receivable, f"{who}: receivable"
        assert member.receivable == 0 or member.cash == 0, f"{who}: cash beside a receivable"
        due = state.phase is not Phase.ENDED and is_due(state, member)
        assert not due, f"{who}: due after an operation (R5.3)"
        check_values(who, vars(member))
    for merchant in state.merchants.values():
        who = f"merchant {merchant.number}"
        assert merchant.points > 0 or merchant.cost == 0, f"{who}: cost without points (R8.3)"
        check_values(who, vars(merchant))
    for order in state.orders.values():
        who = f"order {order.number}"
        assert order.refunded <= order.paid, f"{who}: refunded above paid (R6.2)"
        for award in (order.award_buyer, order.award_referrer):
            assert 0 <= award.taken <= award.points, f"{who}: taken above the award (R6.4)"
    check_values("head", vars(state))


def check_values(who: str, values: dict[str, object]) -> None:
    """Nothing below zero, nothing outside 64 bits (R1)."""
    for name, value in values.items():
        if isinstance(value, int):
            assert 0 <= value < 2**63, f"{who}: {name} is {value} (R1)"


def refuse_out_of_range(state: State) -> None:
    """R3.7, D9: a command that would leave the range is refused; a close never is."""
    granted = sum(member.granted for member in state.members.values())
    receivables = sum(member.receivable for member in state.members.values())
    index = state.parameters.highest_multiplier_ppm * state.index // PPM
    totals = (state.bank, granted + state.quota_pending, receivables, index, state.price_scaled)
    if any(total >= RANGE for total in totals):
        raise Refused(Code.OUT_OF_RANGE)
