"""R2: parameters change by amendment only: two approvers, a future day, nothing backwards."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member, Order, OrderState, Term
from shareback.rules.maturing import opening_of
from shareback.rules.pool import points_for
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_an_amendment_needs_two_approvers() -> None:
    world = World()
    world.refused(Code.NEEDS_TWO_APPROVERS, world.amend, 1, 1, award_rate="0.5")
    world.amend(1, 2, award_rate="0.5")


def test_an_amendment_holds_from_a_future_day() -> None:
    world = World()
    world.close(3)
    world.refused(Code.AMOUNT_INVALID, world.amend, 3, award_rate="0.5")
    world.refused(Code.AMOUNT_INVALID, world.amend, 2, award_rate="0.5")
    world.amend(4, award_rate="0.5")
    assert world.terms[Term.AWARD] == 700_000
    world.close()
    assert world.terms[Term.AWARD] == 500_000


def test_an_amendment_waits_for_its_very_day() -> None:
    world = World()
    world.amend(3, award_rate="0.5")
    world.close(2)
    assert (world.day, world.terms[Term.AWARD]) == (2, 700_000)
    world.close()
    assert (world.day, world.terms[Term.AWARD]) == (3, 500_000)


def test_of_two_amendments_for_one_day_the_later_holds() -> None:
    world = World()
    world.amend(2, award_rate="0.5")
    world.amend(1, award_rate="0.6")
    world.amend(2, award_rate="0.4")
    world.close()
    assert world.terms[Term.AWARD] == 600_000
    world.close(2)
    assert world.terms[Term.AWARD] == 400_000


def test_an_order_keeps_the_terms_under_which_it_was_paid() -> None:
    world = World(**GOLDEN)
    old = world.buy(world.join(), received=0)
    world.amend(1, award_rate="0.35", backing_rate="0.2", maturity_days=3)
    world.close()
    new = world.buy(world.join())
    world.receive(old)
    assert world.order(old)[Order.TERMS] != world.order(new)[Order.TERMS]
    assert world.awarded(old) == 21 * POINT
    assert world.order(new)[Order.DUE_DAY] == 4
    world.close(4)
    # 35 % of 20 yuan, at the price of 30 yuan for 21 points.
    assert world.awarded(new) == 7 * 21 * POINT // 30


def test_the_fee_of_today_is_that_of_the_terms_in_force() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.amend(1, redemption_fee="0.2")
    assert world.redeem(1, 7 * POINT).fee_uyuan == YUAN
    world.close()
    answer = world.redeem(1, 7 * POINT)
    assert answer.fee_uyuan == -(-answer.money_uyuan // 5)


def test_a_cap_below_what_is_issued_is_refused() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.refused(Code.AMOUNT_INVALID, world.amend, 1, supply_cap="20.99999999")
    world.amend(1, supply_cap=21)
    world.close()
    world.buy(1)
    assert world.head(Head.ISSUED) == 21 * POINT
    assert world.reserve == 60 * YUAN


def test_the_cap_never_rises() -> None:
    world = World(**(GOLDEN | {"supply_cap": 100}))
    world.buy(world.join())
    world.refused(Code.AMOUNT_INVALID, world.amend, 1, supply_cap="100.00000001")
    world.amend(1, supply_cap=100)
    world.amend(2, supply_cap=50)
    # Nor is a lower one that was announced taken back, not even for the same day.
    world.refused(Code.AMOUNT_INVALID, world.amend, 2, supply_cap="50.00000001")
    world.close(3)
    world.refused(Code.AMOUNT_INVALID, world.amend, 4, supply_cap=51)


def test_a_lower_cap_of_an_earlier_day_outlives_the_terms_announced_before_it() -> None:
    world = World(**(GOLDEN | {"supply_cap": 200}))
    world.buy(world.join())
    world.amend(2, supply_cap=100)
    world.amend(1, supply_cap=30)
    world.close(2)
    world.buy(world.join(), 1_000 * YUAN)
    assert world.head(Head.ISSUED) <= 30 * POINT


def test_an_announced_cap_binds_awards_before_its_day_too() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.amend(1, supply_cap=30)
    world.buy(1)
    world.close()
    assert world.head(Head.ISSUED) <= world.terms[Term.SUPPLY_CAP]


def test_an_amendment_of_the_maturity_changes_nothing_for_orders_on_their_way() -> None:
    world = World(maturity_days=2)
    world.buy(world.join())
    world.amend(1, maturity_days=0)
    world.close(2)
    assert world.head(Head.ORDERS_MATURED) == 0
    world.close()
    assert world.head(Head.ORDERS_MATURED) == 1


@dataclass(frozen=True)
class Terms:
    """Some parameters, in tenths; they hold from a day on."""

    from_day: int
    cap: int
    backing: int
    award: int
    multiple: int
    days: int

    def parameters(self) -> dict[str, object]:
        """As people write them."""
        return {
            "supply_cap": self.cap,
            "backing_rate": f"0.{self.backing}",
            "award_rate": f"0.{self.award}",
            "quota_multiple": self.multiple,
            "maturity_days": self.days,
        }


amendments = st.builds(
    Terms,
    from_day=st.integers(1, 3),
    cap=st.integers(1, 200),
    backing=st.integers(1, 5),
    award=st.integers(1, 9),
    multiple=st.integers(1, 30),
    days=st.integers(0, 3),
)
OPENING = Terms(from_day=0, cap=200, backing=3, award=7, multiple=2, days=1)
CLOSE = None


class Amended:
    """A programme whose terms change, and what was announced when."""

    def __init__(self) -> None:
        self.world = World(**(GOLDEN | OPENING.parameters()))
        self.announced = [OPENING]
        self.orders: list[tuple[int, int, Terms]] = []

    def amend(self, terms: Terms) -> None:
        """Announce terms for some days ahead; a cap that has risen, or is below, is refused."""
        day = self.world.day + terms.from_day
        code = self.world.attempt(lambda: self.world.amend(day, 2, **terms.parameters()))
        issued = self.world.head(Head.ISSUED)
        allowed = issued <= terms.cap * POINT and terms.cap <= min(t.cap for t in self.announced)
        assert (code is Code.ACCEPTED) == allowed
        if allowed:
            later = Terms(day, terms.cap, terms.backing, terms.award, terms.multiple, terms.days)
            self.announced.append(later)

    def buy(self, paid: int) -> None:
        """Pay an order under the terms in force: of those that hold, the newest of the latest."""
        holding = [terms for terms in self.announced if terms.from_day <= self.world.day]
        terms = max(reversed(holding), key=lambda one: one.from_day)
        self.orders.append((self.world.day + terms.days, paid, terms))
        self.world.buy(self.world.join(), paid)

    def check_cap(self) -> None:
        """No more was ever issued than any cap that was announced."""
        issued = self.world.head(Head.ISSUED)
        assert issued <= min(terms.cap for terms in self.announced) * POINT

    def check_orders(self, opening: tuple[int, int, int], awarded: set[int]) -> None:
        """Each order matured on its own terms' day, for what they give, at the opening price."""
        full = self.world.head(Head.ISSUED) == min(t.cap for t in self.announced) * POINT
        contributed = 0
        for number, (due, paid, terms) in enumerate(self.orders, 1):
            contribution = paid * terms.backing // 10
            matured = self.world.day > due or (terms.days == 0 and self.world.day == due)
            assert (self.world.order(number)[Order.STATE] == OrderState.MATURED) == matured
            if matured:
                contributed += contribution
                assert self.world.member(number)[Member.QUOTA] == paid * terms.multiple
            if matured and number not in awarded:
                points = points_for(contribution * terms.award // 10, *opening)
                got = self.world.awarded(number)
                assert got == points or (full and got < points)
                awarded.add(number)
        moneys = (Head.RESERVE, Head.CASH, Head.BOUND)
        assert sum(self.world.head(column) for column in moneys) == contributed


@settings(max_examples=60)
@given(st.lists(st.one_of(st.just(CLOSE), st.integers(1, 10**9), amendments), max_size=20))
def test_no_sequence_of_amendments_lifts_a_cap_or_changes_an_order(
    steps: list[Terms | int | None],
) -> None:
    amended = Amended()
    awarded: set[int] = set()
    for step in [*steps, CLOSE, CLOSE, CLOSE, CLOSE]:
        opening = opening_of(amended.world.state.head)
        match step:
            case Terms():
                amended.amend(step)
            case int():
                amended.buy(step)
            case None:
                amended.world.close()
        amended.check_cap()
        amended.check_orders(opening, awarded)
    assert len(awarded) == len(amended.orders)
