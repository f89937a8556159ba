"""``shareback shop``: a programme's shop, and the merchants in it."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from shareback.cli.console import Fault, out, show_json
from shareback.cli.journal import NAME_HELP
from shareback.cli.people import use_house
from shareback.cli.programmes import the_programme
from shareback.cli.replay import DATABASE_HELP
from shareback.units.scales import PPM
from shareback.units.text import AmountUnreadable, format_exact, parse_decimal

if TYPE_CHECKING:
    from shareback.mall.models import Shop

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
SLUG_MAX, TITLE_MAX, TEXT_MAX, ID_MAX = 60, 60, 120, 200
ENGLISH_HELP = "The same in English."
CONCESSION_HELP = "The part of each sale it gives up, such as 0.50; default: the margin rate."
OWNER_HELP = "Who puts its goods on sale and sends them; several times."


class Words(NamedTuple):
    """What is told of a shop, a merchant or a category."""

    title: str
    title_en: str
    motto: str
    motto_en: str
    place: str
    trade: str
    glyph: str
    hotline: str


def shop(
    opened: str | None = typer.Option(None, "--open", metavar="SLUG", help="Open the shop."),
    merchant: str | None = typer.Option(None, "--merchant", metavar="ID", help="Open a merchant."),
    title: str = typer.Option("", "--title", help="Its Chinese name."),
    title_en: str = typer.Option("", "--title-en", help=ENGLISH_HELP),
    motto: str = typer.Option("", "--motto", help="A line under the shop's name."),
    motto_en: str = typer.Option("", "--motto-en", help=ENGLISH_HELP),
    hotline: str = typer.Option("", "--hotline", help="Whom members can call."),
    trade: str = typer.Option("", "--trade", help="What a merchant sells, such as wine."),
    place: str = typer.Option("", "--place", help="Where a merchant is."),
    concession: str | None = typer.Option(None, "--concession", help=CONCESSION_HELP),
    owners: list[str] = typer.Option([], "--owner", metavar="PHONE", help=OWNER_HELP),
    glyph: str = typer.Option("", "--glyph", help="A category's drawing, such as wine."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    category: bool = typer.Option(False, "--category", help="Open a category of goods."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Show a programme's shop, its merchants and categories; open it, or one of them."""
    if (opened is not None) + (merchant is not None) + category > 1:
        raise Fault("--open, --merchant, --category: one at a time")
    words = Words(title, title_en, motto, motto_en, place, trade, glyph, hotline)
    check_words(words, wanted=opened is not None or merchant is not None or category)
    use_house(database)
    from shareback.journal.models import Programme  # noqa: PLC0415 - needs Django set up

    programme = Programme.objects.values_list("pk", flat=True).get(name=the_programme(name))
    if opened is not None:
        told = open_shop(programme, opened, words)
    elif merchant is not None:
        told = open_merchant(programme, merchant, words, concession, owners)
    elif category:
        told = open_category(programme, words)
    else:
        told = listed(programme)
    show(told, as_json=as_json)


def check_words(words: Words, *, wanted: bool) -> None:
    """Refuse words that are too long, and something new without a name.

    Raises:
        Fault: So it is.
    """
    if wanted and not words.title.strip():
        raise Fault("--title: what is it called?")
    for field, text in words._asdict().items():
        most = TITLE_MAX if field.startswith("title") else TEXT_MAX
        if len(text) > most:
            raise Fault(f"--{field.replace('_', '-')}: {len(text)} characters, at most {most}")


def show(told: dict[str, Any], *, as_json: bool) -> None:
    """Show what was done, or all that there is."""
    if as_json:
        show_json(told)
        return
    for kind, rows in told.items():
        for row in rows if isinstance(rows, list) else [rows]:
            line = "  ".join(f"{key} {value}" for key, value in row.items() if value != "")
            out.print(f"{kind}  {line}")


def the_shop(programme: int) -> "Shop":
    """The programme's shop.

    Raises:
        Fault: It has none.
    """
    from shareback.mall.models import Shop  # noqa: PLC0415 - needs Django set up

    found = Shop.objects.filter(programme_id=programme).first()
    if found is None:
        raise Fault("the programme has no shop: open one with `shareback shop --open SLUG`")
    return found


def open_shop(programme: int, slug: str, words: Words) -> dict[str, Any]:
    """Open the programme's shop.

    Raises:
        Fault: It has one, or the slug is none or is taken.
    """
    from shareback.mall import opening  # noqa: PLC0415 - needs Django set up
    from shareback.mall.models import Shop  # noqa: PLC0415 - as above

    if not SLUG.fullmatch(slug) or len(slug) > SLUG_MAX:
        raise Fault(f"--open {slug!r}: use letters a-z, digits and single hyphens")
    if (there := Shop.objects.filter(programme_id=programme).first()) is not None:
        raise Fault(f"--open {slug}: the programme has the shop {there.slug!r} already")
    if Shop.objects.filter(slug=slug).exists():
        raise Fault(f"--open {slug}: another programme's shop is called so")
    texts = {"motto": words.motto, "motto_en": words.motto_en, "hotline": words.hotline}
    made = opening.open_shop(programme, slug, words.title, words.title_en, **texts)
    return {"shop": shop_told(made)}


def open_merchant(
    programme: int, merchant_id: str, words: Words, concession: str | None, owners: list[str]
) -> dict[str, Any]:
    """Open a merchant in the programme's shop, and appoint its owners.

    Raises:
        Fault: There is no shop, the merchant is in it already, or what is told of it will not do.
    """
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from shareback.mall import opening  # noqa: PLC0415 - as above
    from shareback.mall.accounts.owners import owner_of  # noqa: PLC0415 - as above
    from shareback.mall.faults import CannotBe, Refused  # noqa: PLC0415 - as above
    from shareback.mall.oscar.partner.models import Partner  # noqa: PLC0415 - as above
    from shareback.mall.terms import in_force, least_concession  # noqa: PLC0415 - as above

    here = the_shop(programme)
    if not merchant_id.strip() or len(merchant_id) > ID_MAX:
        raise Fault(f"--merchant: an id of 1 to {ID_MAX} characters")
    if Partner.objects.filter(programme_id=programme, merchant_id=merchant_id).exists():
        raise Fault(f"--merchant {merchant_id}: it is in the shop already")
    phones = [phone_of(text) for text in owners]
    texts = (merchant_id, words.title, words.title_en, words.trade)
    try:
        with transaction.atomic():
            made = opening.open_merchant(here, *texts, ppm_of(concession), place=words.place)
            for phone in phones:
                opening.appoint(made, owner_of(phone))
    except CannotBe:
        least = format_exact(least_concession(in_force(programme)), PPM)
        raise Fault(f"--concession: at least {least}, which the programme hands on") from None
    except Refused as fault:
        told = f"the programme refuses ({fault.answer.code})"
        raise Fault(f"--merchant {merchant_id}: {told}") from None
    return {"merchant": merchant_told(made)}


def open_category(programme: int, words: Words) -> dict[str, Any]:
    """Open a category of goods.

    Raises:
        Fault: There is no shop.
    """
    from shareback.mall import opening  # noqa: PLC0415 - needs Django set up

    here = the_shop(programme)
    made = opening.open_category(here, words.title, words.title_en, words.glyph)
    return {"category": category_told(made)}


def ppm_of(concession: str | None) -> int | None:
    """A rate as it is written, in ppm.

    Raises:
        Fault: It is none.
    """
    if concession is None:
        return None
    try:
        return parse_decimal(concession, PPM)
    except AmountUnreadable as fault:
        raise Fault(f"--concession {concession}: {fault}") from None


def phone_of(text: str) -> str:
    """A phone number as it is kept.

    Raises:
        Fault: It is none.
    """
    from shareback.mall.accounts.phones import PhoneUnreadable, read_phone  # noqa: PLC0415 - as above

    try:
        return read_phone(text)
    except PhoneUnreadable:
        raise Fault(f"--owner {text}: no mobile number, such as 13800138000") from None


def listed(programme: int) -> dict[str, Any]:
    """The shop, its merchants and its categories."""
    from shareback.mall.oscar.catalogue.models import Category  # noqa: PLC0415 - needs Django
    from shareback.mall.oscar.partner.models import Partner  # noqa: PLC0415 - as above

    merchants = Partner.objects.filter(programme_id=programme).order_by("pk")
    categories = Category.objects.filter(programme_id=programme).order_by("path")
    return {
        "shop": shop_told(the_shop(programme)),
        "merchants": [merchant_told(one) for one in merchants],
        "categories": [category_told(one) for one in categories],
    }


def shop_told(made: "Shop") -> dict[str, Any]:
    """A shop."""
    return {"slug": made.slug, "title": made.name, "title_en": made.name_en, "open": made.is_open}


def merchant_told(made: Any) -> dict[str, Any]:  # noqa: ANN401 - oscar ships no types
    """A merchant."""
    return {
        "id": made.merchant_id,
        "title": made.name,
        "title_en": made.name_en,
        "trade": made.trade,
        "concession": format_exact(made.concession_ppm, PPM),
        "open": made.is_open,
        "goods": made.goods.count(),
    }


def category_told(made: Any) -> dict[str, Any]:  # noqa: ANN401 - oscar ships no types
    """A category."""
    return {"title": made.name, "title_en": made.name_en, "glyph": made.glyph}
