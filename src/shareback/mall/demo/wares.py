"""The demo's merchants and goods, as `goods.toml` tells of them."""

import tomllib
from importlib.resources import files
from typing import Any, NamedTuple

Pair = tuple[str, str]
"""The same in Chinese and in English."""

KINDS: dict[str, Pair] = {
    "shipped": (
        "商家发货，支持签收后七天内退货。",
        "Sent by the merchant; you may send it back within seven days.",
    ),
    "digital": (
        "付款后立即生效，无需配送。",
        "Yours as soon as it is paid; nothing has to be sent.",
    ),
    "voucher": (
        "付款后得到电子券，到店出示二维码核销；未使用可退。",
        "A voucher with a QR code to show at the counter; unused ones can be returned.",
    ),
}


class Ware(NamedTuple):
    """A good.

    Attributes:
        title: What it is.
        about: One line on it.
        price: Yuan.
        stock: Pieces.
        kind: "shipped", "digital" or "voucher".
        drawing: What draws its picture, and what that is told.
    """

    title: Pair
    about: Pair
    price: str
    stock: int
    kind: str
    drawing: dict[str, Any]

    @property
    def description(self) -> Pair:
        """What its page says below the picture."""
        chinese, english = KINDS[self.kind]
        return f"{self.about[0]}。\n{chinese}", f"{self.about[1]}.\n{english}"


class Merchant(NamedTuple):
    """A merchant.

    Attributes:
        name: Its name.
        trade: What it trades in, by a word of the phone pages.
        place: Where it is.
        about: What it says of itself.
        category: Where its goods stand in the shop, and the glyph of that.
        logo: The colour and the sign of its logo.
        light: The wall and the table in the pictures of its goods.
        goods: What it sells.
    """

    name: Pair
    trade: str
    place: str
    about: Pair
    category: tuple[str, str, str]
    logo: dict[str, str]
    light: Pair
    goods: tuple[Ware, ...]


def read_merchants() -> list[Merchant]:
    """All of them, in the order of the file."""
    text = files(__package__).joinpath("goods.toml").read_text(encoding="utf-8")
    return [
        Merchant(**{**one, "goods": tuple(Ware(**good) for good in one["goods"])})
        for one in tomllib.loads(text)["merchants"]
    ]
