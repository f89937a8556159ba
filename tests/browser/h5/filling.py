"""Makes the small mall of the phone's stories: a month of history, then a shop on it."""

import random
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.engine.proving.checkpoints import draw_up
from shareback.journal.models import Identity
from shareback.mall import addresses, members, merchants, opening
from shareback.mall.accounts.models import User
from shareback.mall.engines import begin_day, must, now_us
from shareback.mall.models import Membership, Shop
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.tables import make_tables
from shareback.rules.programme import TEST_ISSUER, Programme
from tests.browser.h5.world import (
    BOOKS,
    BOSS,
    LI,
    NAME,
    NOODLES,
    PASSWORD,
    SLUG,
    WANG,
    WINERY,
    Person,
)

DAYS = 30
DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
YUAN = 1_000_000
POINT = 100_000_000
BUYERS = 24
SIZE = 800


class Ware(NamedTuple):
    """A good of the mall."""

    merchant: str
    title: str
    title_en: str
    price: str
    kind: str
    stock: int
    drawing: str


WARES = (
    Ware(
        WINERY,
        "贺兰山东麓 2019 干红葡萄酒",
        "Helan Mountain red 2019",
        "128.00",
        "shipped",
        40,
        "bottle",
    ),
    Ware(WINERY, "霞多丽干白葡萄酒", "Chardonnay white", "98.00", "shipped", 25, "bottle"),
    Ware(WINERY, "橡木桶陈酿礼盒 两支装", "Oak-aged gift box", "398.00", "shipped", 12, "bottle"),
    Ware(WINERY, "桃红起泡酒", "Sparkling rosé", "68.00", "shipped", 60, "bottle"),
    Ware(WINERY, "最后一瓶 2012 珍藏", "The last bottle of 2012", "888.00", "shipped", 1, "bottle"),
    Ware(NOODLES, "牛肉拉面双人套餐", "Beef noodles for two", "56.00", "voucher", 100, "bowl"),
    Ware(NOODLES, "手工刀削面一碗", "A bowl of hand-cut noodles", "22.00", "voucher", 200, "bowl"),
    Ware(NOODLES, "秘制辣椒油 200 克", "House chilli oil, 200 g", "25.80", "shipped", 80, "bottle"),
    Ware(BOOKS, "电子书年卡", "E-book card, one year", "198.00", "digital", 999, "card"),
    Ware(BOOKS, "有声书月卡", "Audiobook card, one month", "19.90", "digital", 999, "card"),
    Ware(
        BOOKS,
        "《红楼梦》精装四册",
        "Dream of the Red Chamber, four volumes",
        "158.00",
        "shipped",
        30,
        "card",
    ),
)
"""In the order of their numbers, from 1 on."""


def history() -> int:
    """Open the programme a month ago, and let people buy on every day since.

    Returns:
        The programme's number.
    """
    parameters = Programme.model_validate(
        {
            "name": NAME,
            "issuer": TEST_ISSUER.model_dump(by_alias=True),
            "tiers": [
                {"name": "银卡 Silver", "threshold": "150", "multiplier": "1.1"},
                {"name": "金卡 Gold", "threshold": "900", "multiplier": "1.3", "partner": True},
            ],
        }
    )
    begin = now_us() - DAYS * DAY_US
    number = open_programme(parameters, begin)
    engine = Engine(NAME)
    chance = random.Random(11)

    def tell(commands: list[cmd.Command]) -> None:
        refused = [answer for answer in engine.apply(commands) if answer.code]
        assert refused == [], refused[:3]

    tell([cmd.JoinMerchant(begin, shop) for shop in ("s1", "s2", "s3")])
    tell([cmd.FundTreasury(begin, 20_000 * YUAN)])
    tell([cmd.JoinMember(begin, f"m{n}", "m1" if n % 4 == 0 else "") for n in range(1, BUYERS)])
    for day in range(DAYS):
        buyers = ["m1", "m2", *(f"m{chance.randrange(3, BUYERS)}" for _ in range(10))]
        tell([bought(begin, day, place, buyer, chance) for place, buyer in enumerate(buyers)])
    return number


def bought(begin: int, day: int, place: int, buyer: str, chance: random.Random) -> cmd.Command:
    """An order of the month, received at once."""
    paid = chance.choice((68, 128, 199, 298)) * YUAN
    shop = chance.choice(("s1", "s2", "s3"))
    at = begin + day * DAY_US + HOUR_US
    return cmd.PayOrder(at, f"H{day:02}{place:02}", buyer, shop, paid, received=True)


def painted(hue: int, drawing: str) -> bytes:
    """A picture that is one of its kind."""
    picture = Image.new("HSV", (SIZE, SIZE), (hue, 40, 240))
    pen = ImageDraw.Draw(picture)
    ink, paper = (hue, 150, 160), (hue, 20, 250)
    if drawing == "bottle":
        pen.rounded_rectangle((330, 330, 470, 720), 40, fill=ink)
        pen.rounded_rectangle((372, 120, 428, 400), 24, fill=ink)
        pen.rectangle((330, 470, 470, 600), fill=paper)
    elif drawing == "bowl":
        pen.pieslice((180, 180, 620, 700), 0, 180, fill=ink)
        pen.rectangle((330, 680, 470, 720), fill=ink)
    else:
        pen.rounded_rectangle((240, 170, 560, 640), 18, fill=ink)
        pen.rectangle((290, 250, 510, 280), fill=paper)
    written = BytesIO()
    picture.convert("RGB").save(written, "PNG")
    return written.getvalue()


def open_all(number: int) -> tuple[Shop, dict[str, Partner]]:
    """The shop and its merchants, which are those of the history."""
    texts = {"motto": "好酒慢慢喝", "motto_en": "Good wine, slowly", "hotline": "400-000-0000"}
    shop = opening.open_shop(number, SLUG, NAME, "Vintage", **texts)
    merchant = opening.open_merchant
    return shop, {
        WINERY: merchant(
            shop,
            "s1",
            WINERY,
            "Qinggang Winery",
            "wine",
            place="银川市兴庆区",
            about="三代人的酒庄，自有葡萄园。",
            about_en="Three generations, one vineyard.",
        ),
        NOODLES: merchant(
            shop, "s2", NOODLES, "Bluestone Noodles", "noodles", place="银川市金凤区"
        ),
        BOOKS: merchant(shop, "s3", BOOKS, "Cloud Books", "books", place="线上"),
    }


def stock(shop: Shop, partners: dict[str, Partner]) -> None:
    """Put the goods on sale."""
    kinds = {
        WINERY: opening.open_category(shop, "酒", "Wine", "wine"),
        NOODLES: opening.open_category(shop, "餐饮", "Food", "noodles"),
        BOOKS: opening.open_category(shop, "图书", "Books", "book"),
    }
    for place, ware in enumerate(WARES):
        good = merchants.make_good(
            partners[ware.merchant],
            Decimal(ware.price),
            ware.stock,
            kinds[ware.merchant],
            title=ware.title,
            title_en=ware.title_en,
            kind=ware.kind,
            valid_days=90,
            is_public=True,
            subtitle="自营发货" if ware.kind == "shipped" else "",
            subtitle_en="Sent by the merchant" if ware.kind == "shipped" else "",
            description=f"{ware.title}。\n产地直供，支持七天退货。",
            description_en=f"{ware.title_en}.\nStraight from where it is made.",
        )
        merchants.add_picture(good, painted(place * 23, ware.drawing))


def user(person: Person) -> User:
    """Somebody who can log in."""
    phone = f"+86{person.phone}"
    made = User(username=person.phone, phone=phone, phone_verified=True, name=person.name)
    made.set_password(PASSWORD)
    made.save()
    return made


def adopted(shop: Shop, person: Person, member_id: str) -> Membership:
    """Somebody whose account is one of the history's."""
    found = Identity.objects.get(
        programme_id=shop.programme_id, kind=Identity.Kind.MEMBER, outside_id=member_id
    )
    return members.adopt(shop, user(person), member_id, found.number)


def make() -> None:
    """Make the tables and all that is in them."""
    make_tables()
    number = history()
    shop, partners = open_all(number)
    stock(shop, partners)
    li = adopted(shop, LI, "m1")
    adopted(shop, WANG, "m2")
    home = addresses.Address(
        LI.name,
        f"+86{LI.phone}",
        "宁夏回族自治区",
        "银川市",
        "兴庆区",
        "解放东街 12 号 3 单元 501",
    )
    addresses.keep(li.user, home, usual=True)
    boss = user(BOSS)
    for name in (WINERY, NOODLES):
        opening.appoint(partners[name], boss)
    begin_day(number)
    draw_up(number)
    must(number, [cmd.ConvertPoints(now_us(), li.member_id, 60 * POINT)])
