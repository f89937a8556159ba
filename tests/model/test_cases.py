"""Cases worked out by hand: late refunds, water-filling, referrals, coins, the end."""

from fractions import Fraction

from shareback.rules.codes import Code
from shareback.rules.kinds import Kind
from tests.model.by_hand import PURE, YUAN, contribute, do, join, pay, refused
from tests.model.model import Model
from tests.model.parameters import SCALE, UNITS_PER_POINT, Parameters

# --------------------------------------------------------------------------- R6.4


def test_a_late_refund_burns_the_points_and_the_bank_pays_the_contribution_back() -> None:
    model = Model(PURE)
    join(model, 2)
    pay(model, 1)
    pay(model, 2)
    do(model, Kind.REFUND_ORDER, order=1, money=100 * YUAN, approvals=0)
    head = model.snapshot()
    # 21 of 35.7 points are worth 35.29 of 60 yuan; the treasury takes its 30, the rest stays.
    assert (head["reserve"], head["supply"]) == (30 * YUAN, 1_470_000_000)
    assert (head["bank"], head["free"], head["receivables"]) == (30 * YUAN, 0, 0)
    assert model.state.members[1].granted == 0


def test_a_late_refund_after_selling_is_owed_at_todays_price_out_of_the_refund() -> None:
    model = Model(PURE)
    join(model, 2)
    pay(model, 1)
    pay(model, 2)
    do(model, Kind.REDEEM_POINTS, member=1, points=21 * UNITS_PER_POINT)
    seller = model.state.members[1]
    # floor(21 * 60 / 35.7) = 35.294117, less a fee of ceil(3.5294117) = 3.529412.
    assert (seller.cash, seller.used) == (31_764_705, 35_294_117)
    assert model.state.reserve == 28_235_295
    do(model, Kind.REFUND_ORDER, order=1, money=100 * YUAN, approvals=0)
    head = model.snapshot()
    # 21 points at 28.235295 / 14.7 = 40.336136 up: 30 for the treasury, the rest into R.
    assert head["reserve"] == 28_235_295 + 10_336_136
    assert (head["free"], head["bound_drawn"], head["receivables"]) == (0, 0, 0)
    seller = model.state.members[1]
    assert (seller.cash, seller.granted, seller.left) == (31_764_705, 0, -35_294_117)


def test_what_the_refund_does_not_cover_is_owed_and_the_next_award_pays_it() -> None:
    model = Model(
        Parameters(
            10**6,
            10**16,
            300_000,
            700_000,
            0,
            dividend_ppm=0,
            maturity_days=0,
            quota_multiple_ppm=10_000_000,
        )
    )
    join(model, 2)
    pay(model, 1)
    pay(model, 2)
    do(model, Kind.REDEEM_POINTS, member=1, points=21 * UNITS_PER_POINT)
    do(model, Kind.WITHDRAW_CASH, member=1, money=31_764_705)
    contribute(model, 1000 * YUAN)
    assert (model.state.reserve, model.state.supply) == (328_235_295, 1_470_000_000)
    do(model, Kind.REFUND_ORDER, order=1, money=100 * YUAN, approvals=0)
    # 21 points at 328.235295 / 14.7 are 468.907565 up; the refund's 100 pay the treasury's 30
    # and lift R by 70.
    debtor = model.state.members[1]
    assert (debtor.receivable, debtor.receivable_treasury) == (368_907_565, 0)
    assert model.state.reserve == 398_235_295
    pay(model, 1, 1000 * YUAN)
    # 210 yuan at 398.235295 / 14.7 are 7.75169869 points; at the new price, R being 698.235295,
    # they pay 241.073361 of the debt, and R keeps all of it.
    debtor = model.state.members[1]
    minted = 210 * YUAN * 1_470_000_000 // 398_235_295
    paid = minted * 698_235_295 // (1_470_000_000 + minted)
    assert model.state.orders[4].award_buyer.points == minted
    assert (debtor.points, debtor.receivable) == (0, 368_907_565 - paid)
    assert (model.state.reserve, model.state.supply) == (698_235_295, 1_470_000_000)


def test_a_late_refund_that_the_treasury_cannot_bear_waits_for_money() -> None:
    model = Model(Parameters(maturity_days=0, referral_ppm=0))
    join(model, 1)
    pay(model, 1)
    linked = contribute(model, 100 * YUAN)
    refund = {"order": linked, "money": 100 * YUAN, "approvals": 0}
    # 30 of contribution and 15 of dividends, and no points to burn.
    do(model, Kind.FUND_TREASURY, money=45 * YUAN - 1)
    assert refused(model, Kind.REFUND_ORDER, **refund) is Code.TREASURY_SHORT
    do(model, Kind.FUND_TREASURY, money=1)
    do(model, Kind.REFUND_ORDER, **refund)
    assert (model.state.free, model.state.reserve, model.state.pot) == (0, 60 * YUAN, 30 * YUAN)


def test_the_bound_treasury_bears_what_the_free_part_cannot() -> None:
    model = Model(PURE)
    order = contribute(model, 100 * YUAN)
    # Nobody holds points: the contribution is nobody's.
    assert (model.state.reserve, model.state.bound) == (0, 30 * YUAN)
    do(model, Kind.FUND_TREASURY, money=10 * YUAN)
    do(model, Kind.REFUND_ORDER, order=order, money=100 * YUAN, approvals=0)
    state = model.state
    assert (state.free, state.bound, state.bound_drawn) == (0, 10 * YUAN, 20 * YUAN)


def test_the_surplus_of_the_coin_escrow_bears_the_last_of_a_late_refund() -> None:
    model = Model(PURE)
    join(model, 1)
    pay(model, 1)
    do(model, Kind.CONVERT_POINTS, member=1, points=21 * UNITS_PER_POINT)
    order = contribute(model, 100 * YUAN)
    # 30 coins need half of the 21 points at 60 yuan; the other half is worth the 30 to be borne.
    do(model, Kind.REFUND_ORDER, order=order, money=100 * YUAN, approvals=0)
    state = model.state
    assert (state.reserve, state.supply, state.points_escrow) == (30 * YUAN, *[1_050_000_000] * 2)


def test_the_surplus_of_the_coin_escrow_is_never_overdrawn() -> None:
    model = Model(Parameters(maturity_days=0, referral_ppm=0, dividend_ppm=1))
    join(model, 1)
    pay(model, 1)
    do(model, Kind.CONVERT_POINTS, member=1, points=21 * UNITS_PER_POINT)
    order = contribute(model, 100 * YUAN)
    # 50 µ¥ of dividends come on top of the 30 yuan that the surplus is worth.
    refund = {"order": order, "money": 100 * YUAN, "approvals": 0}
    assert refused(model, Kind.REFUND_ORDER, **refund) is Code.TREASURY_SHORT
    do(model, Kind.FUND_TREASURY, money=50)
    do(model, Kind.REFUND_ORDER, **refund)
    assert model.state.free == 0


def test_a_late_refund_above_the_limit_needs_two_approvers() -> None:
    model = Model(Parameters(maturity_days=0, referral_ppm=0, late_refund_limit_uyuan=YUAN))
    join(model, 1)
    pay(model, 1)
    do(model, Kind.FUND_TREASURY, money=100 * YUAN)
    order = {"order": 1, "money": YUAN + 1}
    assert refused(model, Kind.REFUND_ORDER, **order, approvals=1) is Code.NEEDS_TWO_APPROVERS
    do(model, Kind.REFUND_ORDER, order=1, money=YUAN, approvals=1)
    do(model, Kind.REFUND_ORDER, **order, approvals=2)


def test_dividends_pay_first_what_a_referrer_owes_for_a_late_refund() -> None:
    model = Model(Parameters(maturity_days=0))
    join(model, 1)
    do(model, Kind.JOIN_MEMBER, referrer=1)
    do(model, Kind.FUND_TREASURY, money=100 * YUAN)
    pay(model, 1)
    pay(model, 2)
    # 10 % of 30 yuan at 30 yuan for 21 points: 2.1 points.
    assert model.state.orders[2].award_referrer.points == 210_000_000
    do(model, Kind.CLOSE_DAY)
    # The cent makes the member touch, so that the dividends lie in the balance.
    do(model, Kind.WITHDRAW_CASH, member=1, money=10_000)
    do(model, Kind.WITHDRAW_CASH, member=1, money=model.state.members[1].cash)
    earned = model.state.members[1].earned
    assert earned > 0
    do(model, Kind.REFUND_ORDER, order=2, money=100 * YUAN, approvals=0)
    owed = -(-210_000_000 * earned // SCALE)
    referrer = model.state.members[1]
    assert (referrer.points, referrer.receivable, referrer.cash) == (2_100_000_000, owed, 0)
    contribute(model, 100 * YUAN)
    do(model, Kind.CLOSE_DAY)
    referrer = model.state.members[1]
    used = referrer.used
    accrued = referrer.weight * (model.state.index - referrer.index) // SCALE
    assert accrued > owed
    do(model, Kind.WITHDRAW_CASH, member=1, money=accrued - owed)
    referrer = model.state.members[1]
    assert (referrer.receivable, referrer.cash, referrer.used) == (0, 0, used + accrued)
    assert model.state.seen["receivable collected from a credit"] == 1


# --------------------------------------------------------------------------- R7.2


def test_water_filling_stops_at_the_exit_and_carries_the_rest() -> None:
    model = Model(Parameters(maturity_days=0, referral_ppm=0, quota_multiple_ppm=400_000))
    join(model, 1)
    pay(model, 1)
    # 21 points worth 30 yuan, quota 40, pot 15: due once dividends have reached 10.
    price = 30 * YUAN * SCALE // (21 * UNITS_PER_POINT)
    key = -(-40 * YUAN * SCALE // (21 * UNITS_PER_POINT))
    do(model, Kind.CLOSE_DAY)
    head = model.snapshot()
    assert head["index"] == key - price == 4_761_904_763
    # 4761904763 * 21 points = 10000000.0023 µ¥, rounded up; 1 µ¥ of it is dust.
    assert (head["pot"], head["payable"]) == (4_999_999, 1)
    assert (head["exits"], head["redeemed"]) == (1, 30 * YUAN)
    # 10 of dividends and 30 less a fee of 3; the fee is nobody's once no points are left.
    assert head["cash"] == 37 * YUAN
    assert (head["reserve"], head["supply"], head["bound"]) == (0, 0, 3 * YUAN)
    assert head["last_price"] == price


def test_water_filling_goes_on_with_the_others_after_an_exit() -> None:
    model = Model(Parameters(maturity_days=0, referral_ppm=0))
    join(model, 2)
    pay(model, 1)
    pay(model, 2)
    first, second = (model.state.members[number] for number in (1, 2))
    assert (first.points, second.points) == (2_100_000_000, 1_470_000_000)
    # The first member's quota is cut so that 5 yuan of dividends reach it.
    worth = first.points * model.state.reserve // model.state.supply
    first.granted = worth + 5 * YUAN
    model.check()
    do(model, Kind.CLOSE_DAY)
    first, second = (model.state.members[number] for number in (1, 2))
    assert first.points == 0
    assert first.left == 0
    # Of the pot of 30, the first took 5 and the second 3.5 on the way; the second has all else.
    accrued = second.weight * (model.state.index - second.index) // SCALE
    assert 25 * YUAN - 3 <= accrued <= 25 * YUAN
    assert model.state.pot <= 1


def test_a_day_without_weight_carries_the_pot() -> None:
    model = Model(Parameters(maturity_days=0, award_ppm=0, referral_ppm=0))
    join(model, 1)
    pay(model, 1)
    do(model, Kind.CLOSE_DAY)
    assert (model.state.pot, model.state.payable) == (15 * YUAN, 0)


# --------------------------------------------------------------------------- R3.2, R4.3, R8


def test_orders_that_mature_together_share_one_price_whatever_their_order() -> None:
    awards = []
    for ids in (("a", "b"), ("b", "a")):
        model = Model(Parameters(maturity_days=1, referral_ppm=0, dividend_ppm=0))
        join(model, 2)
        for member, order_id in enumerate(ids, start=1):
            pay(model, member, order_id=order_id)
        assert model.maturing_orders() == []
        do(model, Kind.CLOSE_DAY)
        assert model.maturing_orders() == ([1, 2] if ids == ("a", "b") else [2, 1])
        do(model, Kind.CLOSE_DAY)
        awards.append([member.points for member in model.state.members.values()])
    assert awards == [[21 * UNITS_PER_POINT] * 2] * 2


def test_a_referrer_gets_at_most_what_the_quota_bears() -> None:
    model = Model(Parameters(maturity_days=0, dividend_ppm=0))
    join(model, 1)
    do(model, Kind.JOIN_MEMBER, referrer=1)
    pay(model, 2)
    assert model.state.members[1].points == 0
    pay(model, 1, 2 * YUAN)
    referrer = model.state.members[1]
    bearable = referrer.left - -(-referrer.points * model.state.price // 1)
    # 10 % of 300 yuan would be 30.
    assert 0 < bearable < 30 * YUAN
    points = referrer.points + bearable / model.state.price // 1
    pay(model, 2, 1000 * YUAN)
    assert model.state.orders[3].award_referrer.points == points - referrer.points
    # The price that the order itself lifted makes the referrer due at once.
    assert model.state.members[1].points == 0
    assert model.state.members[1].left == 0


def test_coins_come_back_as_points_worth_at_most_their_cost() -> None:
    model = Model(PURE)
    join(model, 2)
    do(model, Kind.JOIN_MERCHANT)
    pay(model, 1)
    do(model, Kind.CONVERT_POINTS, member=1, points=21 * UNITS_PER_POINT)
    assert model.state.members[1].coins == 30 * YUAN
    pay_coins = {"payer_member": 1, "payer_merchant": 0, "merchant": 1, "coins": 30 * YUAN}
    do(model, Kind.PAY_COINS, **pay_coins)
    do(model, Kind.EXCHANGE_COINS, merchant=1, coins=30 * YUAN)
    shop = model.state.merchants[1]
    assert (shop.points, shop.cost) == (21 * UNITS_PER_POINT, 30 * YUAN)
    pay(model, 2)
    do(model, Kind.REDEEM_MERCHANT_POINTS, merchant=1, points=shop.points)
    # 35.29 yuan by price, 30 by cost, 27 after the fee.
    assert model.state.merchants[1].payable == 27 * YUAN


def test_the_end_pays_every_account_the_same_price() -> None:
    model = Model(PURE)
    join(model, 3)
    for member in (1, 2, 3):
        pay(model, member)
    do(model, Kind.CONVERT_POINTS, member=3, points=model.state.members[3].points)
    coins = model.state.members[3].coins
    do(model, Kind.ANNOUNCE_END, end_day=1, approvals=2)
    assert refused(model, Kind.END_PROGRAMME) is Code.NOT_ENDED
    do(model, Kind.CLOSE_DAY)
    do(model, Kind.END_PROGRAMME)
    price = Fraction(model.state.reserve, model.state.supply)
    do(model, Kind.SETTLE_ACCOUNTS, first_member=1, last_member=2)
    do(model, Kind.SETTLE_ACCOUNTS, first_member=3, last_member=3)
    cash = [member.cash for member in model.state.members.values()]
    assert cash == [2_100_000_000 * price // 1, 1_470_000_000 * price // 1, coins]
    assert model.state.supply == 0
    assert refused(model, Kind.FUND_TREASURY, money=1) is Code.PROGRAMME_ENDED


def test_an_exit_under_goods_only_turns_points_into_coins() -> None:
    model = Model(Parameters(maturity_days=0, money_out=False, quota_multiple_ppm=310_000))
    join(model, 2)
    pay(model, 1)
    pay(model, 2)
    # The second order lifts the first member's 30 yuan above a quota of 31.
    exited = model.state.members[1]
    assert (exited.points, exited.coins, exited.left) == (0, 31 * YUAN, 0)
    assert model.state.points_escrow == 21 * UNITS_PER_POINT
    assert model.state.pot == 0
    give_up = {"member": 2, "points": 1}
    assert refused(model, Kind.REDEEM_POINTS, **give_up) is Code.PROFILE_FORBIDS
