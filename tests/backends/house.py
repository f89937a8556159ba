"""A shop of a programme of its own, with merchants, goods and members, in this process."""

import hashlib
import os
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.engine.opening import open_programme
from shareback.engine.verifying import verify_full
from shareback.gateways.payments import builtin
from shareback.gateways.payments.models import PlayPayment
from shareback.journal.models import Member, Merchant
from shareback.journal.models import Programme as Journaled
from shareback.mall import addresses, baskets, checkout, members, merchants, opening, payments
from shareback.mall.accounts.models import User
from shareback.mall.addresses import Address
from shareback.mall.checkout import BuyNow, Form
from shareback.mall.engines import begin_day, engine_of, must, now_us
from shareback.mall.models import CashPayment, Membership, Purchase
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.tender import Wish
from shareback.rules.programme import TEST_ISSUER, Programme

NUMBERS = count(1)
YUAN = 1_000_000
DAY_US = 86_400_000_000
AT_ONCE = {"maturity_days": 0, "referral_rate": "0", "dividend_rate": "0"}
"""The worked example's parameters (R3.8): an order matures at its receipt, alone."""


class House:
    """A programme's shop, and what its people do there."""

    def __init__(self, **parameters: Any) -> None:
        """Open a programme, its shop and one merchant."""
        self.number = next(NUMBERS)
        self.name = f"house {os.getpid()} {self.number}"
        fields = {"name": self.name, "issuer": TEST_ISSUER, **AT_ONCE, **parameters}
        now = time.time_ns() // 1_000
        self.programme = open_programme(Programme.model_validate(fields), now)
        self.shop = opening.open_shop(
            self.programme, f"house-{os.getpid()}-{self.number}", "小店", "Shop"
        )
        self.keys = count(1)
        self.people = count(1)
        self.partner = self.merchant("酒庄")

    def merchant(self, name: str, **fields: Any) -> Partner:
        """Open a merchant."""
        return opening.open_merchant(self.shop, "", name, **fields)

    def user(self) -> User:
        """Somebody who can log in."""
        name = f"user {os.getpid()} {self.number} {next(self.people)}"
        return User.objects.create(username=name, name=name)

    def member(self, *, address: bool = True) -> Membership:
        """A member with an address."""
        user = self.user()
        if address:
            written = Address("李雷", "+8613800138000", "宁夏", "银川", "兴庆区", "中山路 1 号")
            addresses.keep(user, written, usual=True)
        return members.join(self.shop, user)

    def good(self, price: str = "100.00", stock: int = 10, **fields: Any) -> Product:
        """Put a good on sale."""
        partner = fields.pop("partner", self.partner)
        named = {"title": "干红葡萄酒", "title_en": "Red wine", "is_public": True, **fields}
        return merchants.make_good(partner, Decimal(price), stock, None, **named)

    def key(self) -> str:
        """An idempotency key that was not used yet."""
        return f"key-{next(self.keys)}"

    def buy(
        self,
        membership: Membership,
        good: Product | None = None,
        quantity: int = 1,
        *,
        coins: int = 0,
        points: int = 0,
        key: str = "",
    ) -> Purchase:
        """Check out a good, or what is chosen in the baskets."""
        now = BuyNow(good.pk, quantity) if good is not None else None
        form = Form(now, wish=Wish(coins, points))
        request = hashlib.sha256(repr(form).encode()).digest()
        key = key or self.key()
        return checkout.check_out(self.shop, membership, form, key, request)[0]

    def pay(self, purchase: Purchase) -> Purchase:
        """Pay at the cashier's."""
        payments.start(purchase)
        payment = CashPayment.objects.get(purchase=purchase)
        sent = builtin.pay(payment.reference)
        assert sent is not None
        return payments.take_notice("test", sent.body, sent.headers)

    def pay_if_open(self, purchase: Purchase) -> None:
        """Pay at the cashier's, if that takes anything any more."""
        sent = builtin.pay(CashPayment.objects.get(purchase=purchase).reference)
        if sent is not None:
            payments.take_notice("test", sent.body, sent.headers)

    def order(self, purchase: Purchase) -> Order:
        """The only order of a purchase, as it stands."""
        found: Order = Order.objects.get(purchase=purchase)
        return found

    def bought(self, membership: Membership, good: Product, quantity: int = 1) -> Order:
        """An order that was bought and paid with cash."""
        return self.order(self.pay(self.buy(membership, good, quantity)))

    def account(self, membership: Membership) -> Member:
        """A member's account in the journal."""
        return Member.objects.get(programme_id=self.programme, number=membership.number)

    def merchant_account(self, partner: Partner | None = None) -> Merchant:
        """A merchant's account in the journal."""
        number = (partner or self.partner).number
        return Merchant.objects.get(programme_id=self.programme, number=number)

    def head(self) -> Journaled:
        """The programme's row."""
        return Journaled.objects.get(pk=self.programme)

    def tell(self, *commands: cmd.Command) -> list[cmd.Answer]:
        """Commands straight to the engine, each accepted."""
        return must(self.programme, commands)

    def endow(self, membership: Membership, points_yuan: int = 0, coins: int = 0) -> None:
        """Give a member points worth about so much, and coins, by funded awards (R4.5)."""
        money = (points_yuan + coins) * YUAN
        if money == 0:
            return
        self.tell(
            cmd.FundTreasury(now_us(), money),
            cmd.AwardFunded(now_us(), membership.member_id, money, money),
        )
        if coins > 0:
            head = self.head()
            points = -(-coins * YUAN * head.supply // head.reserve)
            self.tell(cmd.ConvertPoints(now_us(), membership.member_id, points))

    def given_back(self, purchase: Purchase) -> int:
        """What the gateway has given back of a purchase, in µ¥."""
        payment = CashPayment.objects.get(purchase=purchase)
        return PlayPayment.objects.get(payment_id=str(payment.pk)).refunded_uyuan

    def check(self) -> None:
        """The journal verifies, by replaying all of it."""
        begin_day(self.programme)
        engine_of(self.programme).forget()
        found = verify_full(self.name)
        assert list(found.findings) == []

    def put(self, membership: Membership, good: Product, quantity: int = 1) -> None:
        """Put a good into the member's basket."""
        baskets.add(membership, good.pk, quantity)


Opens = Callable[..., House]
NOW = timezone.now
