"""Opening a shop on a programme, and merchants in it."""

import secrets

from django.db import transaction
from oscar.core.loading import get_model

from shareback.engine import commands as cmd
from shareback.journal.models import Identity
from shareback.journal.models import Programme as Journaled
from shareback.mall.accounts.models import User
from shareback.mall.engines import must, now_us
from shareback.mall.merchants import check_concession
from shareback.mall.models import MerchantStaff, Shop
from shareback.mall.oscar.catalogue.models import Category
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.parties import new_party, unite


def open_shop(programme_id: int, slug: str, name: str, name_en: str = "", **more: str) -> Shop:
    """Open the shop of a programme.

    Args:
        programme_id: The programme's number in the database.
        slug: By which it is found: ``/m/<slug>/``.
        name: Its Chinese name.
        name_en: Its English name.
        more: Further fields of `Shop`: ``motto``, ``motto_en``, ``hotline``.
    """
    ensure_china()
    for kind, shipped in (("shipped", True), ("digital", False), ("voucher", False)):
        product_class = get_model("catalogue", "ProductClass")
        product_class.objects.get_or_create(
            slug=kind, defaults={"name": kind, "requires_shipping": shipped, "track_stock": True}
        )
    return Shop.objects.create(
        programme_id=Journaled.objects.values_list("pk", flat=True).get(pk=programme_id),
        slug=slug,
        name=name,
        name_en=name_en,
        **more,
    )


def ensure_china() -> None:
    """The country of all addresses; oscar wants a row for it."""
    get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2="CN",
        defaults={
            "iso_3166_1_a3": "CHN",
            "iso_3166_1_numeric": "156",
            "printable_name": "China",
            "name": "China",
            "is_shipping_country": True,
        },
    )


def open_merchant(
    shop: Shop,
    merchant_id: str,
    name: str,
    name_en: str = "",
    trade: str = "",
    concession_ppm: int | None = None,
    **more: str,
) -> Partner:
    """Open a merchant in a shop; its account in the journal too, where there is none yet.

    Args:
        shop: The shop.
        merchant_id: Its id in the journal; random where it is empty.
        name: Its Chinese name.
        name_en: Its English name.
        trade: What it sells, by a word of the phone pages.
        concession_ppm: The part of each sale that it gives up; the programme's margin where
            nothing is said.
        more: Further fields of `Partner`: ``about``, ``about_en``, ``place``.

    Raises:
        CannotBe: It gives up less than the programme hands on.
        Refused: The programme takes no merchant in.
    """
    ppm = check_concession(shop.programme_id, concession_ppm)
    outside_id = merchant_id or f"s-{secrets.token_hex(12)}"
    with transaction.atomic():
        # Before the programme's head, as whoever joins: its owners are united under this lock.
        Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
        number = journaled_merchant(shop.programme_id, outside_id)
        opened: Partner = Partner.objects.create(
            # oscar's own code is unique over all programmes, and derived from the name else.
            code=f"p{shop.programme_id}-{secrets.token_hex(6)}",
            programme_id=shop.programme_id,
            merchant_id=outside_id,
            number=number,
            name=name,
            name_en=name_en,
            trade=trade,
            concession_ppm=ppm,
            **more,
        )
        return opened


def journaled_merchant(programme: int, merchant_id: str) -> int:
    """The number of a merchant's account in the journal; opened if there is none.

    Raises:
        Refused: The programme takes no merchant in.
    """
    found = Identity.objects.filter(
        programme_id=programme, kind=Identity.Kind.MERCHANT, outside_id=merchant_id
    ).first()
    if found is not None:
        return int(found.number)
    joining = cmd.JoinMerchant(now_us(), merchant_id, party=new_party())
    (answer,) = must(programme, [joining])
    return answer.number


def appoint(partner: Partner, user: User, role: str = MerchantStaff.Role.OWNER) -> MerchantStaff:
    """Let somebody serve a merchant; what an owner stands behind is one party (R4.4, A37).

    Args:
        partner: The merchant.
        user: Who serves it.
        role: One of `MerchantStaff.Role`.

    Raises:
        Refused: The programme has ended.
    """
    with transaction.atomic():
        staff, _made = MerchantStaff.objects.update_or_create(
            partner=partner, user=user, defaults={"role": role}
        )
        if role == MerchantStaff.Role.OWNER:
            unite(partner.programme_id, user)
        return staff


def open_category(
    shop: Shop, name: str, name_en: str = "", glyph: str = "", parent: Category | None = None
) -> Category:
    """A category of the shop's goods.

    Args:
        shop: The shop.
        name: Its Chinese name.
        name_en: Its English name.
        glyph: Which drawing of the phone pages stands for it.
        parent: The category above, if any.
    """
    fields = {
        "programme_id": shop.programme_id,
        "name": name,
        "name_en": name_en,
        "glyph": glyph,
        "slug": secrets.token_hex(6),
    }
    tree = Category.objects
    made: Category = tree.add_child(parent, fields) if parent else tree.add_root(fields)
    return made
