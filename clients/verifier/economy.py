"""A programme's economy in plain integers: pool, members, exits. `verify.py export` needs it.

It was written from docs/rules/economy.md, whose rules it cites (R3.2, for example). What each
event does to it is in `replay.py`.
"""

import heapq
import json
from collections.abc import Iterator
from typing import NamedTuple

PPM, SCALE, TOP, NEVER = 10**6, 10**12, 10**4, 2**63 - 1
MEMBER, MERCHANT = 1, 2
COLUMNS = """reserve order_escrow pot payable cash merchant_payable free bound suspense coins_owed
bank points_members points_merchants points_escrow issued burned coins_members coins_merchants
coins_issued coins_retired supply last_price index weight quota_granted quota_pending quota_open
receivables bound_drawn treasury_funded dividends_in dividends_credited redeemed exits members
merchants orders payments orders_pending orders_matured orders_refunded day terms phase end_day
final_reserve final_supply accounts_settled sequence"""
FIGURES = COLUMNS.split()
TOTALS = {
    MEMBER: ("points_members", "coins_members", "cash"),
    MERCHANT: ("points_merchants", "coins_merchants", "merchant_payable"),
}


class Refused(Exception):
    """An event that the rules do not allow, or after which the books do not balance."""


def need(holds: object, why: str) -> None:
    """Refuse unless something holds."""
    if not holds:
        raise Refused(why)


def up(product: int, by: int) -> int:
    """A product divided, rounded up."""
    return -(-product // by)


def units(text: str, places: int = 6) -> int:
    """A decimal string in units of its last place."""
    whole, _point, fraction = text.partition(".")
    return int(whole + fraction.ljust(places, "0"))


class Terms:
    """The parameters of a programme (R2), in units."""

    def __init__(self, blob: bytes) -> None:
        """Read them from an event's blob, and check that they keep their promises."""
        stated = json.loads(blob)
        self.goods_only = stated["profile"] == "goods-only"
        self.kept = [stated[each] for each in ("name", "timezone", "currency", "issuer", "tiers")]
        rates = [stated["backing_rate"], *stated["backing_by_category"].values()]
        self.backing = {units(rate) for rate in rates}
        self.award, self.referral = units(stated["award_rate"]), units(stated["referral_rate"])
        self.per_spend = stated["award_mode"] == "per_spend"
        self.award_points = units(stated["award_points"], 8)
        self.award_spend = units(stated["award_spend"])
        self.margin = units(stated["margin_rate"])
        self.dividend = units(stated["dividend_rate"] or ("0" if self.goods_only else "0.3"))
        self.multiple = units(stated["quota_multiple"])
        self.fee = units(stated["redemption_fee"])
        self.goods_fee = units(stated["goods_redemption_fee"])
        self.maturity_days: int = stated["maturity_days"]
        self.late_limit = units(stated["late_refund_limit"])
        self.issue_price = units(stated["issue_price"]) * SCALE // 10**8
        self.cap = units(stated["supply_cap"], 8)
        self.tiers = [(0, PPM)]
        self.tiers += [(units(t["threshold"], 8), units(t["multiplier"])) for t in stated["tiers"]]
        highest = max(self.backing)
        kept = (highest * PPM + self.dividend * self.margin <= self.margin * PPM) and (
            self.award + self.referral <= PPM and self.multiple > highest
        )
        need(kept and min(self.backing) > 0, "parameters that cannot keep their promises (R2)")


class Pool(NamedTuple):
    """The reserve R, the supply S, and the price that holds while S is 0 (R3)."""

    reserve: int
    supply: int
    last_price: int

    def price(self) -> int:
        """The scaled price P."""
        return self.reserve * SCALE // self.supply if self.supply else self.last_price

    def worth(self, points: int) -> int:
        """What points are worth, rounded down."""
        ratio = (self.reserve, self.supply) if self.supply else (self.last_price, SCALE)
        return points * ratio[0] // ratio[1]

    def costs(self, points: int) -> int:
        """What points are worth, rounded up."""
        return -self.worth(-points)

    def bought(self, value: int) -> int:
        """Points worth a value, rounded down (R3.2)."""
        ratio = (self.supply, self.reserve) if self.supply else (SCALE, self.last_price)
        return value * ratio[0] // ratio[1]


class Account:
    """A member or a merchant; what a merchant has not is 0."""

    def __init__(self, kind: int, number: int, party: int, referrer: int, index: int) -> None:
        """Join, with nothing."""
        self.kind, self.number, self.party, self.referrer = kind, number, party, referrer
        self.points = self.coins = self.cash = self.quota = self.used = 0
        self.weight = self.open = self.cost = 0
        # What the member owes, and the part of it that is the treasury's.
        self.receivable = self.treasury = 0
        # What a point has earned since the beginning, and what was credited and is not owed back.
        self.earned = self.credited = 0
        self.multiplier, self.index, self.key = PPM, index, NEVER

    @property
    def left(self) -> int:
        """The quota left, which only a late refund takes below 0 (R4.2)."""
        return self.quota - self.used

    def sums(self) -> tuple[int, ...]:
        """The eight sums of its leaf."""
        held = (self.points, self.weight, self.quota, self.used, self.coins, self.cash)
        return (*held, self.receivable, self.weight * self.index)

    def linked(self, other: "Account | None") -> bool:
        """Whether it is known to be of one party with another (R4.4)."""
        return other is not None and self.party == other.party != 0


class Award:
    """Points that an order awarded, and how its holder stood then (R6.4)."""

    def __init__(self, holder: Account, points: int) -> None:
        """Awarded now, and nothing of it taken back."""
        self.holder, self.points, self.taken = holder, points, 0
        self.earned, self.credited = holder.earned, holder.credited


class Order:
    """An order (R6)."""

    def __init__(
        self, terms: Terms, buyer: Account, paid: int, profit: int | None, backing: int
    ) -> None:
        """Paid, and not received."""
        self.terms, self.buyer, self.referrer, self.linked = terms, buyer, buyer.referrer, False
        self.paid, self.profit, self.backing, self.net = paid, profit, backing, paid
        self.due = self.matured = 0
        self.awards: list[Award] = []

    def gives(self) -> tuple[int, int, int]:
        """Contribution, dividend share and quota of its net cash."""
        terms, net = self.terms, self.net
        contribution = net * self.backing // PPM
        if self.profit is None:
            profit = net * terms.margin // PPM
        else:
            profit = self.profit * net // self.paid
        share = min(profit * terms.dividend // PPM, max(0, profit - contribution))
        return contribution, share, 0 if self.linked else net * terms.multiple // PPM

    def value(self, opening: Pool) -> int:
        """The buyer's points, at the opening price (R2, R3.2)."""
        terms, (contribution, _share, _quota) = self.terms, self.gives()
        if not terms.per_spend:
            return opening.bought(contribution * terms.award // PPM)
        most = opening.bought(contribution * (PPM - terms.referral) // PPM)
        return min(self.net * terms.award_points // terms.award_spend, most)


class Payment:
    """A payment in points, of which money came to the merchant, or in coins."""

    def __init__(self, payer: Account, merchant: Account, left: int, *, with_points: bool) -> None:
        """Paid, and nothing given back."""
        self.payer, self.merchant, self.left, self.with_points = payer, merchant, left, with_points

    def give_back(self, amount: int, *, with_points: bool) -> None:
        """Give back a part of it."""
        self.left -= amount
        right = amount > 0 and self.left >= 0 and self.with_points == with_points
        need(right, "more is given back than was paid, or in another form")


class Economy:
    """How a programme stands, and what every event may set going."""

    def __init__(self) -> None:
        """Before the first event."""
        self.f = dict.fromkeys(FIGURES, 0)
        self.accounts: dict[tuple[int, int], Account] = {}
        self.changed: dict[tuple[int, int], Account] = {}
        self.orders: list[Order] = []
        self.payments: list[Payment] = []
        self.waiting: dict[int, list[int]] = {}
        self.terms: list[Terms] = []
        self.amended: list[tuple[int, int]] = []
        self.touched: dict[int, Account] = {}
        self.moved: dict[int, Account] = {}
        self.queues: dict[int, list[tuple[int, int]]] = {}
        self.today = 0

    # ------------------------------------------------------------------------- the pool (R3)

    @property
    def pool(self) -> Pool:
        """The pool as it is now."""
        return Pool(self.f["reserve"], self.f["supply"], self.f["last_price"])

    @property
    def now(self) -> Terms:
        """The parameters of today."""
        return self.terms[self.f["terms"]]

    @property
    def room(self) -> int:
        """Points that may still be issued: the lowest cap that was announced binds (R2)."""
        return max(0, min(terms.cap for terms in self.terms) - self.f["issued"])

    def post(self, **changes: int) -> None:
        """Add to figures."""
        for name, change in changes.items():
            self.f[name] += change

    def move(self, account: Account, points: int = 0, coins: int = 0, cash: int = 0) -> None:
        """Change what an account holds, and the totals with it; cash is a merchant's payable."""
        account.points += points
        account.coins += coins
        account.cash += cash
        need(min(account.points, account.coins, account.cash) >= 0, "an account is below zero")
        changes = zip(TOTALS[account.kind], (points, coins, cash), strict=True)
        self.post(**dict(changes))
        self.changed[account.kind, account.number] = account

    def mint(self, account: Account, points: int) -> None:
        """Create points for a member; their money is in R already."""
        self.move(account, points=points)
        self.post(supply=points, issued=points)
        self.bind()

    def burn(self, points: int, paid: int) -> None:
        """Burn points that somebody has given up, and pay for them out of R."""
        if points == self.f["supply"] > 0:
            self.f["last_price"] = self.pool.price()
        self.post(supply=-points, burned=points, reserve=-paid)
        self.bind()

    def bind(self) -> None:
        """Bind what no point stands for, or what passes a price of a million yuan (R3.5)."""
        surplus = max(0, self.f["reserve"] - self.f["supply"] * TOP)
        self.post(reserve=-surplus, bound=surplus)

    # ------------------------------------------------------------------- members (R4, R5, R6.4)

    def account(self, kind: int, number: int | None) -> Account:
        """A member or a merchant."""
        found = self.accounts.get((kind, number or 0))
        if found is None:
            raise Refused(f"there is no account {number} of kind {kind}")
        self.changed[kind, found.number] = found
        return found

    def touch(self, number: int) -> Account:
        """A member to whom what has accrued since the last touch is credited (R5.1)."""
        member, index = self.account(MEMBER, number), self.f["index"]
        risen = index - member.index
        credit = max(0, min(member.weight * risen // SCALE, member.left))
        if member.points:
            member.earned += up(member.multiplier * risen, PPM)
        member.index = index
        member.used += credit
        member.credited += credit
        self.post(payable=-credit, dividends_credited=credit)
        self.pay(member, credit)
        self.touched[number] = self.moved[number] = member
        return member

    def pay(self, member: Account, money: int) -> None:
        """Pay money into a cash balance; what the member owes is taken first (R6.4)."""
        owed = min(money, member.receivable)
        self.collect(member, owed)
        self.move(member, cash=money - owed)

    def collect(self, member: Account, money: int) -> None:
        """Take money towards what a member owes: the treasury's part first, the rest into R."""
        part = min(money, member.treasury)
        self.settle_debt(member, money, part)
        if money:
            self.post(reserve=money - part)
            self.bind()

    def settle_debt(self, member: Account, money: int, part: int) -> None:
        """Let a member owe less; a part of it comes to the treasury."""
        member.receivable -= money
        member.treasury -= part
        self.post(receivables=-money)
        self.receive(part)

    def receive(self, money: int) -> None:
        """Money comes back to the treasury: what was drawn is refilled first (R6.4)."""
        refill = min(money, self.f["bound_drawn"])
        self.post(bound=refill, bound_drawn=-refill, free=money - refill)

    def seal(self) -> None:
        """Bring weights, open quotas and exit keys in step with touched members (R5.1, R5.2)."""
        for member in self.touched.values():
            weight, left = member.points * member.multiplier // PPM, max(0, member.left)
            self.post(weight=weight - member.weight, quota_open=left - member.open)
            member.weight, member.open, member.key = weight, left, NEVER
            if member.points:
                risen = member.multiplier * member.index // PPM
                member.key = min(up(member.left * SCALE, member.points) + risen, NEVER)
                queue = self.queues.setdefault(member.multiplier, [])
                heapq.heappush(queue, (member.key, member.number))
        self.touched = {}

    def next_keys(self) -> Iterator[tuple[int, int, int]]:
        """Of each multiplier: the lowest exit key, the multiplier, and whose key it is."""
        for multiplier, queue in self.queues.items():
            while queue:
                key, number = queue[0]
                member = self.accounts[MEMBER, number]
                if (member.key, member.multiplier) == (key, multiplier) and key < NEVER:
                    yield key, multiplier, number
                    break
                heapq.heappop(queue)

    def run_exits(self) -> None:
        """Members who are due exit one after another, until nobody is (R5.3)."""
        while True:
            index = self.f["index"]
            first = min(((k - m * index // PPM, n) for k, m, n in self.next_keys()), default=None)
            if first is None or first[0] > self.pool.price():
                return
            member = self.touch(first[1])
            gross = max(0, min(self.pool.worth(member.points), member.left))
            if self.now.goods_only:
                self.turn_to_coins(member, member.points, gross)
            else:
                self.sell(member, member.points, gross)
            member.used = max(member.used, member.quota)
            self.post(exits=1)
            self.seal()

    def sell(self, member: Account, points: int, gross: int) -> None:
        """Burn points for money less the fee (R3.3)."""
        paid = gross - up(gross * self.now.fee, PPM)
        member.used += gross
        self.move(member, points=-points)
        self.post(redeemed=gross)
        self.burn(points, paid)
        self.pay(member, paid)

    def turn_to_coins(self, member: Account, points: int, coins: int) -> None:
        """Move points into the coin escrow, and issue coins (R8.1)."""
        member.used += coins
        self.move(member, points=-points, coins=coins)
        self.post(points_escrow=points, coins_issued=coins)

    def give_up(self, number: int, points: int) -> tuple[Account, int, int]:
        """A member gives up points: the member, the points with their dust, and their gross."""
        member = self.account(MEMBER, number)
        points = self.with_dust(member, points)
        self.touch(number)
        gross = min(self.pool.worth(points), member.left)
        need(gross > 0, "there is no quota left, or nothing to pay")
        return member, points, gross

    def with_dust(self, account: Account, points: int) -> int:
        """Points to go; all of them where the rest would be dust at the price now (R3.6)."""
        rest = account.points - points
        need(0 < points <= account.points, "more points than are held")
        return account.points if rest < 10**6 or self.pool.worth(rest) < PPM else points
