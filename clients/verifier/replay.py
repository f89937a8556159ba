"""What each event of the log does to a programme's economy. `verify.py export` needs it.

It was written from docs/rules/economy.md, whose rules it cites, and docs/reference/log.md: there
is a method for each kind of event, named after it.
"""

from collections.abc import Sequence

from economy import (
    FIGURES,
    MEMBER,
    MERCHANT,
    NEVER,
    PPM,
    SCALE,
    Account,
    Award,
    Economy,
    Order,
    Payment,
    Pool,
    Terms,
    need,
    up,
)

AFTER_THE_END = ("SETTLE_ACCOUNTS", "WITHDRAW_CASH", "SETTLE_MERCHANT")


class Replay(Economy):
    """All that follows from the events so far."""

    def take(self, kind: str, day: int, ints: Sequence[int | None], blob: bytes | None) -> None:
        """Let an event happen, and check what must hold after every one (R3.1, R8.4, R10).

        Args:
            kind: The name of its kind.
            day: Its day.
            ints: Its integers.
            blob: Its blob, where its kind has one.
        """
        f, before = self.f, self.pool
        need(bool(self.terms) == (kind != "OPEN_PROGRAMME"), "the first event opens")
        need(day == self.today or not self.terms, "an event of another day than the open one")
        need(f["phase"] < 2 or kind in AFTER_THE_END, "the programme has ended (R12)")
        self.today = day
        getattr(self, kind.lower())(*ints, *([] if blob is None else [blob]))
        self.seal()
        if f["phase"] < 2:
            self.run_exits()
        f["sequence"] += 1
        f["bank"] = sum(f[name] for name in FIGURES[:10])
        need(all(0 <= figure <= NEVER for figure in f.values()), "a figure is out of range")
        need(f["issued"] == f["burned"] + f["supply"], "points do not balance")
        held = f["points_members"] + f["points_merchants"] + f["points_escrow"]
        need(f["supply"] == held, "points in circulation do not balance")
        coins = f["coins_members"] + f["coins_merchants"]
        need(f["coins_issued"] == f["coins_retired"] + coins, "coins do not balance")
        need(f["reserve"] * before.supply >= before.reserve * f["supply"], "the price falls")
        covered = f["points_escrow"] * f["reserve"] >= coins * f["supply"]
        need(covered or f["phase"] == 2, "coins are not covered")

    # ------------------------------------------------------------------------ who takes part

    def open_programme(self, blob: bytes) -> None:
        """The programme opens."""
        self.terms = [Terms(blob)]
        self.f["last_price"] = self.now.issue_price

    def join(self, account: Account) -> None:
        """An account is opened, in turn."""
        name = "members" if account.kind == MEMBER else "merchants"
        self.post(**{name: 1})
        need(account.number == self.f[name], "an account out of turn")
        self.accounts[account.kind, account.number] = account
        self.changed[account.kind, account.number] = account

    def join_member(self, number: int, referrer: int, party: int) -> None:
        """A member joins; the referrer has joined before (R4.3)."""
        need(referrer < number, "a referrer who has not joined before")
        self.join(Account(MEMBER, number, party, referrer, self.f["index"]))

    def join_merchant(self, number: int, party: int) -> None:
        """A merchant joins."""
        self.join(Account(MERCHANT, number, party, 0, 0))

    def set_referrer(self, number: int, referrer: int) -> None:
        """A member names the referrer, once (R4.3)."""
        member = self.account(MEMBER, number)
        need(0 < referrer < number and not member.referrer, "a referrer who may not be named")
        member.referrer = referrer

    def link_party(self, member: int, merchant: int, party: int) -> None:
        """It is known of which party a member or a merchant is (R4.4)."""
        need(party and (member or merchant), "a link of nobody")
        for kind, number in ((MEMBER, member), (MERCHANT, merchant)):
            if number:
                self.account(kind, number).party = party

    # ------------------------------------------------------------------------- orders (R3.2, R6)

    def order(self, number: int) -> Order:
        """An order."""
        need(0 < number <= len(self.orders), f"there is no order {number}")
        return self.orders[number - 1]

    def pay_order(
        self,
        number: int,
        member: int,
        merchant: int,
        paid: int,
        profit: int | None,
        backing: int,
        received: int,
    ) -> None:
        """An order is paid (R6.1)."""
        order = Order(self.now, self.account(MEMBER, member), paid, profit, backing)
        if merchant:
            order.linked = order.buyer.linked(self.account(MERCHANT, merchant))
        self.orders.append(order)
        self.post(orders=1, orders_pending=1)
        need(number == len(self.orders) and not self.f["phase"], "an order out of turn (R12)")
        need(paid > 0 and (profit or 0) <= paid, "an order's profit is above what was paid")
        need(backing in self.now.backing, "a backing rate that the parameters do not have")
        contribution, share, quota = order.gives()
        self.post(order_escrow=contribution + share, quota_pending=quota)
        if received:
            self.receive_order(number)

    def receive_order(self, number: int) -> None:
        """An order is received; it matures at a later close, or alone and at once (R6.3)."""
        order = self.order(number)
        need(not order.due and order.net, "an order is received twice, or closed")
        order.due = self.today + order.terms.maturity_days
        if order.terms.maturity_days:
            self.waiting.setdefault(order.due, []).append(number)
        else:
            self.mature([order])

    def mature(self, orders: Sequence[Order]) -> None:
        """Orders mature together, all at the price before (R3.2).

        That an award is too coarse (R3.6) is not looked at: with the top of R3.5 it never is.
        """
        opening, room = self.pool, self.room
        for order in orders:
            room -= self.award_buyer(order, opening, room)
        for order in orders:
            room -= self.award_referrer(order, opening, room)
        points = self.room - room
        self.post(reserve=sum(order.gives()[0] for order in orders), supply=points, issued=points)
        self.bind()
        for place in (0, 1):
            for order in orders:
                for award in order.awards[place : place + 1]:
                    self.burn_owed(award.holder, award.points)
        self.seal()

    def award_buyer(self, order: Order, opening: Pool, room: int) -> int:
        """An order's money goes into pot and, later, into R; its buyer gets points and quota."""
        contribution, share, quota = order.gives()
        order.matured = order.net
        self.post(order_escrow=-contribution - share, pot=share, dividends_in=share)
        self.post(orders_pending=-1, orders_matured=1)
        if order.linked:
            return 0
        buyer = self.touch(order.buyer.number)
        buyer.quota += quota
        self.post(quota_pending=-quota, quota_granted=quota)
        return self.award(order, buyer, min(order.value(opening), room))

    def award_referrer(self, order: Order, opening: Pool, room: int) -> int:
        """The referrer gets points, for what its own holding leaves of its quota (R4.3)."""
        if order.linked or not order.referrer:
            return 0
        referrer = self.touch(order.referrer)
        if referrer.linked(order.buyer):
            return 0
        value = order.gives()[0] * order.terms.referral // PPM
        left = max(0, referrer.left - opening.costs(referrer.points))
        return self.award(order, referrer, min(opening.bought(min(value, left)), room))

    def award(self, order: Order, holder: Account, points: int) -> int:
        """Award points, which enter the supply together with all others; how many."""
        order.awards.append(Award(holder, points))
        self.move(holder, points=points)
        return points

    def burn_owed(self, holder: Account, awarded: int) -> None:
        """Burn of a new award what its holder owes (R6.4)."""
        owed, pool = holder.receivable, self.pool
        if owed and awarded:
            needed = up(owed * pool.supply, pool.reserve)
            points = min(awarded, needed, holder.points)
            worth = min(pool.worth(points), owed)
            part = min(worth, holder.treasury)
            self.move(holder, points=-points)
            self.burn(points, part)
            self.settle_debt(holder, worth, part)

    def refund_order(self, number: int, money: int, approvals: int) -> None:
        """Money of an order goes back, before maturity or after (R6.2, R6.4)."""
        order = self.order(number)
        need(0 < money <= order.net, "more is refunded than was paid")
        self.post(orders_refunded=1 if order.net == order.paid else 0)
        before = order.gives()
        order.net -= money
        contribution, share, quota = (b - a for b, a in zip(before, order.gives(), strict=True))
        if order.matured:
            allowed = order.matured - order.net <= self.now.late_limit or approvals > 1
            need(allowed, "a late refund needs two approvers")
            self.refund_late(order, money, contribution + share)
            order.buyer.quota -= quota
            self.post(quota_granted=-quota)
            return
        self.post(order_escrow=-contribution - share, quota_pending=-quota)
        self.post(orders_pending=0 if order.net else -1)

    def refund_late(self, order: Order, money: int, cost: int) -> None:
        """A refund after maturity: points back, what is gone is owed, the treasury pays (R6.4)."""
        pool, buyer = self.pool, self.touch(order.buyer.number)
        if order.referrer:
            self.touch(order.referrer)
        claims = [self.claim(award, order, pool) for award in order.awards]
        room = cost
        for award, (burned, _owed) in zip(order.awards, claims, strict=True):
            if burned:
                paid = min(self.pool.worth(burned), room)
                self.move(award.holder, points=-burned)
                self.burn(burned, paid)
                self.receive(paid)
                room -= paid
        for award, (_burned, owed) in zip(order.awards, claims, strict=True):
            part = min(owed, room)
            room -= part
            award.holder.receivable += owed
            award.holder.treasury += part
            self.post(receivables=owed)
        self.collect(buyer, min(buyer.receivable, money))
        for number in [buyer.number, order.referrer]:
            if number:
                holder = self.account(MEMBER, number)
                taken = min(holder.receivable, holder.cash)
                self.move(holder, cash=-taken)
                self.collect(holder, taken)
        self.bear(cost)

    def claim(self, award: Award, order: Order, pool: Pool) -> tuple[int, int]:
        """Points of an award to burn, and what is owed for those that are gone and have earned."""
        holder = award.holder
        points = up(award.points * (order.matured - order.net), order.matured) - award.taken
        award.taken += points
        burned = min(points, holder.points)
        earned = up(points * (holder.earned - award.earned), SCALE)
        earned = min(earned, max(0, holder.credited - award.credited))
        holder.credited -= earned
        return burned, pool.costs(points - burned) + earned

    def bear(self, cost: int) -> None:
        """The treasury pays: free, then bound, then points in escrow that no coin needs."""
        f, pool = self.f, self.pool
        free = min(cost, f["free"])
        bound = min(cost - free, f["bound"])
        rest = cost - free - bound
        self.post(free=-free, bound=-bound, bound_drawn=bound + rest)
        if rest:
            coins = f["coins_members"] + f["coins_merchants"]
            points = up(rest * pool.supply, pool.reserve)
            spare = f["points_escrow"] - up(coins * pool.supply, pool.reserve)
            need(points <= spare, "the treasury is short")
            self.post(points_escrow=-points)
            self.burn(points, rest)

    # ------------------------------------------------------------- points and coins (R3, R4.5, R8)

    def redeem_points(self, number: int, points: int) -> None:
        """A member sells points back (R3.3)."""
        need(not self.now.goods_only, "the profile forbids it (R9)")
        self.sell(*self.give_up(number, points))

    def spend_points(self, payment: int, number: int, merchant: int, points: int) -> None:
        """A member pays for goods with points (R3.4)."""
        shop = self.account(MERCHANT, merchant)
        need(not self.account(MEMBER, number).linked(shop), "the parties are linked")
        member, points, gross = self.give_up(number, points)
        paid = gross - up(gross * self.now.goods_fee, PPM)
        member.used += gross
        self.move(member, points=-points)
        self.post(redeemed=gross)
        self.burn(points, paid)
        self.move(shop, cash=paid)
        self.keep(payment, Payment(member, shop, paid, with_points=True))

    def keep(self, number: int, payment: Payment) -> None:
        """Keep a payment, in turn."""
        self.payments.append(payment)
        self.post(payments=1)
        need(number == len(self.payments), "a payment out of turn")

    def payment(self, number: int) -> Payment:
        """A payment."""
        need(0 < number <= len(self.payments), f"there is no payment {number}")
        return self.payments[number - 1]

    def refund_points_payment(self, payment: int, money: int) -> None:
        """Goods that were paid with points are given back (R8.2)."""
        kept = self.payment(payment)
        kept.give_back(money, with_points=True)
        member = self.touch(kept.payer.number)
        points = self.pool.bought(money)
        need(points <= self.room, "the cap is reached")
        self.move(kept.merchant, cash=-money)
        self.post(reserve=money)
        self.mint(member, points)
        member.used = max(0, member.used - money)

    def convert_points(self, number: int, points: int) -> None:
        """A member turns points into coins (R8.1)."""
        self.turn_to_coins(*self.give_up(number, points))

    def pay_coins(self, payment: int, member: int, payer: int, merchant: int, coins: int) -> None:
        """Coins pay for goods (R8.2)."""
        who = self.account(MERCHANT, payer) if payer else self.account(MEMBER, member)
        shop = self.account(MERCHANT, merchant)
        need(coins > 0 and who is not shop, "a merchant pays itself")
        self.move(who, coins=-coins)
        self.move(shop, coins=coins)
        self.keep(payment, Payment(who, shop, coins, with_points=False))

    def refund_coins(self, payment: int, coins: int) -> None:
        """Coins go back to whoever paid (R8.2)."""
        kept = self.payment(payment)
        kept.give_back(coins, with_points=False)
        self.move(kept.merchant, coins=-coins)
        self.move(kept.payer, coins=coins)

    def exchange_coins(self, merchant: int, coins: int) -> None:
        """A merchant turns coins into points out of escrow (R8.3)."""
        shop, points = self.account(MERCHANT, merchant), self.pool.bought(coins)
        need(points > 0, "nothing to get")
        self.move(shop, points=points, coins=-coins)
        shop.cost += coins
        self.post(points_escrow=-points, coins_retired=coins)

    def redeem_merchant_points(self, merchant: int, points: int) -> None:
        """A merchant sells points, for at most what they cost (R8.3)."""
        need(not self.now.goods_only, "the profile forbids it (R9)")
        shop = self.account(MERCHANT, merchant)
        points = self.with_dust(shop, points)
        cost = shop.cost * points // shop.points
        gross = min(self.pool.worth(points), cost)
        paid = gross - up(gross * self.now.fee, PPM)
        need(gross > 0, "nothing to pay")
        shop.cost -= cost
        self.move(shop, points=-points, cash=paid)
        self.post(redeemed=gross)
        self.burn(points, paid)

    def award_funded(self, number: int, funder: int, money: int, value: int) -> None:
        """Points against money of the treasury or of a merchant (R4.5)."""
        member, quota = self.touch(number), money * self.now.multiple // PPM
        need(not self.f["phase"], "the end is announced")
        need(0 < value <= money and value < quota, "an award above its money or its quota")
        points = self.pool.bought(value)
        need(0 < points <= self.room, "nothing to get, or the cap is reached")
        if funder:
            shop = self.account(MERCHANT, funder)
            need(not member.linked(shop), "the parties are linked")
            self.move(shop, cash=-money)
        else:
            self.post(free=-money)
        member.quota += quota
        self.post(reserve=money, quota_granted=quota)
        self.mint(member, points)
        self.burn_owed(member, points)

    # ------------------------------------------------------------ the treasury and payouts (R10)

    def fund_treasury(self, money: int) -> None:
        """The operator funds the treasury."""
        self.post(free=money, treasury_funded=money)

    def withdraw_treasury(self, money: int, approvals: int) -> None:
        """The operator withdraws from the free part."""
        need(approvals > 1, "a withdrawal needs two approvers")
        self.post(free=-money)

    def withdraw_cash(self, number: int, money: int) -> None:
        """A member withdraws cash."""
        self.move(self.touch(number), cash=-money)

    def settle_merchant(self, number: int, money: int) -> None:
        """A merchant is paid."""
        self.move(self.account(MERCHANT, number), cash=-money)

    def record_unmatched(self, money: int) -> None:
        """Money without an order."""
        self.post(suspense=money)

    # ----------------------------------------------------------- closes, amendments, the end

    def close_day(self, blob: bytes) -> None:
        """A day closes, and the next one opens with the parameters that hold then (R7, R2)."""
        self.share_pot()
        days = [day for day in self.waiting if day <= self.today]
        due = sorted(each for day in days for each in self.waiting.pop(day))
        due = [number for number in due if self.order(number).net]
        if blob:
            listed = [int.from_bytes(blob[at : at + 8], "big") for at in range(0, len(blob), 8)]
            need(sorted(listed) == due, "other orders mature than are due")
            due = listed
        self.mature([self.order(number) for number in due])
        self.run_exits()
        moved, self.moved = self.moved, {}
        for member in moved.values():
            tier = max(tier for tier in self.now.tiers if tier[0] <= member.points)
            if tier[1] != member.multiplier:
                self.touch(member.number).multiplier = tier[1]
        self.seal()
        self.run_exits()
        self.f["day"], self.today = self.today, self.today + 1
        holding = [(0, 0), *(each for each in self.amended if each[0] <= self.today)]
        self.f["terms"] = max(holding)[1]

    def share_pot(self) -> None:
        """The index rises, from exit to exit, until the pot is shared (R7.2)."""
        self.run_exits()
        f, highest = self.f, max(multiplier for _least, multiplier in self.now.tiers)
        while f["weight"]:
            price, index = self.pool.price(), f["index"]
            steps = [up((key - price) * PPM, m) - index for key, m, _number in self.next_keys()]
            most = up(2**62 * PPM, highest) - 1 - index
            step = min([f["pot"] * SCALE // f["weight"], most, *steps])
            if step <= 0:
                return
            shared = up(step * f["weight"], SCALE)
            self.post(pot=-shared, payable=shared, index=step)
            self.run_exits()

    def amend_programme(self, since: int, approvals: int, blob: bytes) -> None:
        """Other parameters from a later day on (R2)."""
        terms, lowest = Terms(blob), min(each.cap for each in self.terms)
        need(since > self.today and approvals > 1, "an amendment needs a later day, and two")
        need(terms.kept == self.now.kept, "an amendment of what never changes")
        need(self.f["issued"] <= terms.cap <= lowest, "a cap that rises, or below what is issued")
        self.terms.append(terms)
        self.amended.append((since, len(self.terms) - 1))

    def announce_end(self, day: int, approvals: int) -> None:
        """The end is announced (R12)."""
        right = not self.f["phase"] and day > self.today and approvals > 1
        need(right, "an end needs a later day, and two approvers")
        self.post(phase=1, end_day=day)

    def end_programme(self) -> None:
        """Pot and bound treasury go to all, coins are owed, merchants are settled (R12)."""
        f = self.f
        right = f["phase"] == 1 and self.today >= f["end_day"] and not f["orders_pending"]
        need(right, "an end before its day, or before all orders have matured")
        self.post(phase=1, reserve=f["pot"] + f["bound"])
        f["pot"] = f["bound"] = f["bound_drawn"] = 0
        self.bind()
        coins, escrow = f["coins_members"] + f["coins_merchants"], f["points_escrow"]
        self.post(points_escrow=-escrow, coins_owed=coins)
        self.burn(escrow, coins)
        f["final_reserve"], f["final_supply"] = f["reserve"], f["supply"]
        for number in range(1, f["merchants"] + 1):
            shop = self.account(MERCHANT, number)
            self.move(shop, cash=self.pay_out(shop))

    def pay_out(self, account: Account) -> int:
        """Take all points at the last price and all coins at par; what is to be paid for them."""
        points, coins = account.points, account.coins
        worth = points * self.f["final_reserve"] // self.f["final_supply"] if points else 0
        self.move(account, points=-points, coins=-coins)
        self.post(coins_retired=coins, coins_owed=-coins)
        self.burn(points, worth)
        return worth + coins

    def settle_accounts(self, first: int, last: int) -> None:
        """Members are settled, in order of number (R12)."""
        right = self.f["phase"] == 2 and first == self.f["accounts_settled"] + 1 <= last
        need(right, "a settlement out of turn")
        for number in range(first, last + 1):
            member = self.touch(number)
            self.pay(member, self.pay_out(member))
        self.f["accounts_settled"] = last
