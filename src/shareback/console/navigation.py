"""The console's menu: what somebody may see, in groups."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse

from shareback.console.desk import Desk

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "menu_programme",
        (
            ("index", "monitoring"),
            ("days", "event_available"),
            ("months", "picture_as_pdf"),
            ("journal", "menu_book"),
        ),
    ),
    (
        "menu_people",
        (
            ("members", "group"),
            ("merchants", "storefront"),
            ("orders", "receipt_long"),
            ("refunds", "undo"),
            ("receivables", "account_balance"),
        ),
    ),
    (
        "menu_shop",
        (
            ("order_order_changelist", "local_shipping"),
            ("catalogue_product_changelist", "sell"),
            ("catalogue_category_changelist", "category"),
            ("partner_stockrecord_changelist", "inventory_2"),
            ("offer_conditionaloffer_changelist", "percent"),
            ("voucher_voucher_changelist", "confirmation_number"),
            ("partner_partner_changelist", "store"),
            ("reviews_productreview_changelist", "reviews"),
        ),
    ),
    (
        "menu_decisions",
        (
            ("proposals", "how_to_vote"),
            ("returns_waiting", "assignment_return"),
            ("treasury", "savings"),
            ("bank", "account_balance_wallet"),
            ("programme_new", "add_business"),
        ),
    ),
    (
        "menu_outside",
        (("clients", "key"), ("webhooks", "webhook")),
    ),
    (
        "menu_watch",
        (("trail", "visibility"), ("team", "badge")),
    ),
)
"""Groups by the key of their words; in each the names of pages, with their glyphs."""

BELOW = {
    "member": "members",
    "member_statement": "members",
    "merchant": "merchants",
    "order": "orders",
    "entry": "journal",
    "day": "days",
    "month_paper": "months",
    "webhook": "webhooks",
    "proposal": "proposals",
    "propose_amendment": "proposals",
    "propose_withdrawal": "proposals",
    "propose_end": "proposals",
    "merchant_settle": "merchants",
    "bank_line": "bank",
    "bank_entry": "bank",
}
"""Pages that stand below a page of the menu."""


class Entry(NamedTuple):
    """One line of the menu."""

    title: str
    address: str
    glyph: str
    is_here: bool


class Group(NamedTuple):
    """Lines of the menu under one heading."""

    title: str
    entries: list[Entry]


def menu(desk: Desk, page: str) -> list[Group]:
    """The menu as somebody sees it.

    Args:
        desk: Whose.
        page: The page that they are on.
    """
    here = above(page)
    groups = []
    for title, names in GROUPS:
        entries = [
            Entry(desk.voice.say(f"menu_{name}"), address_of(name), glyph, name == here)
            for name, glyph in names
            if desk.may_see(name)
        ]
        if entries:
            groups.append(Group(desk.voice.say(title), entries))
    return groups


def above(page: str) -> str:
    """The page of the menu to which a page belongs."""
    if page in BELOW:
        return BELOW[page]
    model, _, action = page.rpartition("_")
    is_of_model = action in {"add", "change", "delete", "history"}
    return f"{model}_changelist" if is_of_model else page


def address_of(name: str) -> str:
    """Where a page is; "" while nobody has built it."""
    try:
        return reverse(f"console:{name}")
    except NoReverseMatch:
        return ""
