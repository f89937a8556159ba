"""Makes the demo's mall on a programme that has a year of history.

Everything goes through the mall's own functions and the production engine: nothing is written
into the journal's or the shop's tables that a user could not have brought about.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Sum
from oscar.core.loading import get_model

from shareback.engine import commands as cmd
from shareback.journal.models import Identity
from shareback.journal.models import Order as Journaled
from shareback.mall import addresses, catalogue, members, merchants, opening
from shareback.mall.accounts.models import User
from shareback.mall.demo import people, promotions
from shareback.mall.demo.day import live
from shareback.mall.demo.people import CLERKS, INVITED, MEMBERS, PASSWORD, Person
from shareback.mall.demo.wares import Merchant, Ware, read_merchants
from shareback.mall.engines import begin_day, must, now_us
from shareback.mall.models import Membership, MerchantStaff, Shop
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.partner.models import Partner
from shareback.units.scales import UNITS_PER_POINT

SLUG = "journey"
TEXTS = {
    "name": "旅程商城",
    "name_en": "Journey Mall",
    "motto": "好东西慢慢选，每一单都有回馈",
    "motto_en": "Good things, and a share of every order back",
    "hotline": "400-000-0000",
}
TREASURY_UYUAN = 20_000_000_000
"""Play money, for returns of orders that have matured already (R6.4)."""

Tells = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


class Mall(NamedTuple):
    """The mall while it is made.

    Attributes:
        shop: The shop.
        partners: The merchants, by their Chinese names.
        goods: The goods, by their Chinese titles.
        members: The members, in the order of `people.MEMBERS`, then the one who was invited.
        clerks: Who serves each merchant, by its Chinese name.
    """

    shop: Shop
    partners: dict[str, Partner]
    goods: dict[str, Product]
    members: list[Membership]
    clerks: dict[str, User]


def make_mall(programme: int, pictures: Mapping[str, str], tell: Tells) -> Mall:
    """Open the shop, its merchants and their goods; let people in, and let them live a day.

    Args:
        programme: The programme's number.
        pictures: Where pictures are kept, by the Chinese title or name; others have none.
        tell: Told how far it is.
    """
    offered = read_merchants()
    steps = 2 + sum(len(one.goods) for one in offered) + len(people.DAY)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        tell(done, steps)

    begin_day(programme)
    step()
    with transaction.atomic():
        must(programme, [cmd.FundTreasury(now_us(), TREASURY_UYUAN)])
        shop = opening.open_shop(programme, SLUG, **TEXTS)
        partners = open_merchants(shop, offered, pictures)
        goods = stock(shop, offered, partners, pictures, step)
        promotions.promise(programme)
    with transaction.atomic():
        clerks = employ(partners)
        mall = Mall(shop, partners, goods, let_in(shop), clerks)
        for place, membership in enumerate(mall.members):
            for partner in list(partners.values())[place % 3 :: 2]:
                catalogue.follow(membership, partner, on=True)
    step()
    live(mall, step)
    return mall


def ranked(programme: int, column: str, by: Any, many: int) -> list[int]:  # noqa: ANN401 - Django's aggregates
    """Accounts of the journal by what they did in the year, the busiest first."""
    rows = Journaled.objects.filter(programme_id=programme).values(column).annotate(rank=by)
    return list(rows.order_by("-rank", column).values_list(column, flat=True)[:many])


def ids_of(programme: int, kind: Identity.Kind, numbers: Iterable[int]) -> dict[int, str]:
    """The outside ids of accounts."""
    rows = Identity.objects.filter(programme_id=programme, kind=kind, number__in=list(numbers))
    return dict(rows.values_list("number", "outside_id"))


def open_merchants(
    shop: Shop, offered: list[Merchant], pictures: Mapping[str, str]
) -> dict[str, Partner]:
    """The merchants: the busiest stores of the year, each under an invented name."""
    numbers = ranked(shop.programme_id, "merchant", Count("number"), len(offered))
    ids = ids_of(shop.programme_id, Identity.Kind.MERCHANT, numbers)
    stores = [ids[number] for number in numbers if number in ids]
    # A small programme has fewer stores than there are merchants: those that are left open newly.
    stores += [""] * (len(offered) - len(stores))
    partners = {}
    for one, store in zip(offered, stores, strict=True):
        partner = opening.open_merchant(
            shop,
            store,
            *one.name,
            one.trade,
            place=one.place,
            about=one.about[0],
            about_en=one.about[1],
        )
        partner.logo = pictures.get(one.name[0], "")
        partner.save(update_fields=["logo"])
        partners[one.name[0]] = partner
    return partners


def stock(
    shop: Shop,
    offered: list[Merchant],
    partners: Mapping[str, Partner],
    pictures: Mapping[str, str],
    step: Callable[[], None],
) -> dict[str, Product]:
    """Put the goods on sale, one of each merchant in turn: what is new is of all trades."""
    places = {one.trade: opening.open_category(shop, *one.category) for one in offered}
    goods = {}
    for row in zip_longest(*(one.goods for one in offered)):
        for one, ware in zip(offered, row, strict=True):
            if ware is None:
                continue
            good = put_on_sale(partners[one.name[0]], ware, places[one.trade])
            goods[ware.title[0]] = good
            if ware.title[0] in pictures:
                get_model("catalogue", "ProductImage").objects.create(
                    product=good, original=pictures[ware.title[0]], display_order=0
                )
            step()
    return goods


def put_on_sale(partner: Partner, ware: Ware, place: Any) -> Product:  # noqa: ANN401 - a category of oscar's
    """Put a good on sale."""
    return merchants.make_good(
        partner,
        Decimal(ware.price),
        ware.stock,
        place,
        title=ware.title[0],
        title_en=ware.title[1],
        subtitle=ware.about[0],
        subtitle_en=ware.about[1],
        description=ware.description[0],
        description_en=ware.description[1],
        kind=ware.kind,
        is_public=True,
    )


def user(phone: str, name: str, hashed: str) -> User:
    """Somebody who can log in by phone, or by the demo's password."""
    made = User(username=phone, phone=f"+86{phone}", phone_verified=True, name=name)
    # One scrypt for all of them: it is meant to be slow.
    made.password = hashed
    made.save()
    return made


def hashed_password() -> str:
    """The demo's password as it is kept."""
    one = User()
    one.set_password(PASSWORD)
    return str(one.password)


def employ(partners: Mapping[str, Partner]) -> dict[str, User]:
    """The merchants' people; the owner of each merchant, by its name."""
    owners = {}
    hashed = hashed_password()
    for clerk in CLERKS:
        somebody = user(clerk.phone, clerk.name, hashed)
        role = MerchantStaff.Role.OWNER if clerk.owns else MerchantStaff.Role.CLERK
        for name in clerk.merchants:
            opening.appoint(partners[name], somebody, role)
            if clerk.owns:
                owners[name] = somebody
    return owners


def let_in(shop: Shop) -> list[Membership]:
    """The members: households of the year, and somebody new who was invited by the first."""
    programme = shop.programme_id
    most = max(person.rank for person in MEMBERS) + 1
    numbers = ranked(programme, "member", Sum("paid"), most)
    ids = ids_of(programme, Identity.Kind.MEMBER, numbers)
    hashed = hashed_password()
    found = []
    for place, person in enumerate(MEMBERS):
        # A small programme has fewer households than ranks.
        number = numbers[person.rank] if most <= len(numbers) else numbers[place]
        somebody = user(person.phone, person.name, hashed)
        found.append(members.adopt(shop, somebody, ids[number], number))
    new = user(INVITED.phone, INVITED.name, hashed)
    found.append(members.join(shop, new, found[0].invite_code))
    for membership, person in zip(found, (*MEMBERS, INVITED), strict=True):
        addresses.keep(membership.user, address_of(person), usual=True)
    for place, points in people.TO_COINS:
        command = cmd.ConvertPoints(now_us(), found[place].member_id, points * UNITS_PER_POINT)
        must(programme, [command])
    return found


def address_of(person: Person) -> addresses.Address:
    """Where a person's parcels go."""
    return addresses.Address(person.name, f"+86{person.phone}", *person.city, person.street)
