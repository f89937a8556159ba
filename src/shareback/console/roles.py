"""Who may see and do what: the one table of the console's pages and roles.

A page that does not stand here cannot be opened by anybody, and a test names it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from shareback.console.models import RoleGrant

Role = RoleGrant.Role

EVERYONE = frozenset(Role)
OPERATOR, FINANCE = frozenset({Role.OPERATOR}), frozenset({Role.FINANCE})
APPROVER, SUPPORT = frozenset({Role.APPROVER}), frozenset({Role.SUPPORT})
PROPOSERS = OPERATOR | FINANCE
BUSINESS = OPERATOR | FINANCE | frozenset({Role.AUDITOR, Role.APPROVER})
NOBODY: frozenset[Role] = frozenset()


class Rule(NamedTuple):
    """What a page lets whom do.

    Attributes:
        see: Roles that may look.
        do: Roles that may change something there (any method but GET and HEAD).
    """

    see: frozenset[Role]
    do: frozenset[Role] = NOBODY


LOOK = Rule(EVERYONE)

SHOWN_PROGRAMME = "shown_programme"
"""A form's field that names the programme on whose page it stood."""

OPEN = frozenset({"login", "second", "enrol", "codes", "logout"})
"""Pages before and at the door: they take care of themselves, and show nothing of a programme."""

PAGES: dict[str, Rule] = {
    # The frame.
    "index": LOOK,
    "switch": Rule(EVERYONE, EVERYONE),
    "search": LOOK,
    "jsi18n": LOOK,
    "autocomplete": LOOK,
    "app_list": LOOK,
    "password_change": Rule(EVERYONE, EVERYONE),
    "password_change_done": LOOK,
    # People and what they hold.
    "members": LOOK,
    "member": LOOK,
    "member_statement": LOOK,
    "merchants": LOOK,
    "merchant": LOOK,
    "orders": LOOK,
    "order": LOOK,
    # The books.
    "journal": Rule(BUSINESS),
    "entry": Rule(BUSINESS),
    "days": LOOK,
    "day": LOOK,
    "months": Rule(BUSINESS),
    "month_paper": Rule(BUSINESS),
    "refunds": LOOK,
    "receivables": LOOK,
    # What two people decide, and what finance books.
    "proposals": Rule(BUSINESS),
    "proposal": Rule(BUSINESS),
    "proposal_approve": Rule(NOBODY, APPROVER),
    "proposal_reject": Rule(NOBODY, APPROVER),
    "proposal_withdraw": Rule(NOBODY, PROPOSERS),
    "propose_amendment": Rule(PROPOSERS, PROPOSERS),
    "propose_withdrawal": Rule(PROPOSERS, PROPOSERS),
    "propose_end": Rule(PROPOSERS, PROPOSERS),
    "returns_waiting": LOOK,
    "propose_refund": Rule(NOBODY, PROPOSERS),
    "return_again": Rule(NOBODY, PROPOSERS),
    "treasury": Rule(BUSINESS, FINANCE),
    "bank": Rule(BUSINESS),
    "bank_line": Rule(FINANCE, FINANCE),
    "bank_entry": Rule(FINANCE, FINANCE),
    "programme_new": Rule(OPERATOR, OPERATOR),
    "merchant_settle": Rule(FINANCE, FINANCE),
    # Who calls, and whom we call.
    "clients": Rule(BUSINESS),
    "webhooks": LOOK,
    "webhook": LOOK,
    "webhook_again": Rule(NOBODY, OPERATOR | SUPPORT),
    # Who watches.
    "trail": Rule(frozenset({Role.AUDITOR, Role.OPERATOR, Role.APPROVER})),
    "team": LOOK,
}
"""By the name of the address, without the namespace ``console``."""

MODELS: dict[str, Rule] = {
    "catalogue_product": Rule(EVERYONE, OPERATOR),
    "catalogue_category": Rule(EVERYONE, OPERATOR),
    "partner_stockrecord": LOOK,
    "order_order": LOOK,
    "offer_conditionaloffer": Rule(EVERYONE, OPERATOR),
    "voucher_voucher": Rule(EVERYONE, OPERATOR),
    "partner_partner": Rule(EVERYONE, OPERATOR),
    "reviews_productreview": Rule(EVERYONE, OPERATOR | SUPPORT),
}
"""By ``app_model``: the pages that unfold makes for a model of the shop (``console/shop``)."""

ACTIONS = ("changelist", "add", "change", "delete", "history")
"""Names of a model's pages end so."""


def rule_of(name: str) -> Rule | None:
    """The rule of a page; nothing where it stands in no table.

    Args:
        name: The name of its address, without the namespace.
    """
    if name in PAGES:
        return PAGES[name]
    model, _, action = name.rpartition("_")
    rule = MODELS.get(model)
    if rule is None or action not in ACTIONS:
        return None
    return Rule(rule.do, rule.do) if action in {"add", "delete"} else rule


def may_see(name: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may look at a page."""
    rule = rule_of(name)
    return rule is not None and not rule.see.isdisjoint(Role(role) for role in roles)


def may_do(name: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may change something on a page."""
    rule = rule_of(name)
    return rule is not None and not rule.do.isdisjoint(Role(role) for role in roles)
