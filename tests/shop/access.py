"""Who may ask what: each operation of the shop's API, declared; and what it takes to ask it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

ANYBODY, USER, MEMBER, STAFF = "anybody", "user", "member", "staff"


NOWHERE: Mapping[str, str] = {}


class Asked(NamedTuple):
    """An operation.

    Attributes:
        access: Who is let in.
        path: What stands in the places of its address, by name; values name things of `Places`.
        body: What is sent; an empty document where its own check comes after the access, "address"
            for a whole address, "picture" for a file.
        owned: Whether it names something that is one member's own.
    """

    access: str
    path: Mapping[str, str] = NOWHERE
    body: dict[str, Any] | str | None = None
    owned: bool = False


GOOD, SHOP_MERCHANT = {"number": "good"}, {"number": "merchant"}
OPERATIONS: dict[str, Asked] = {
    "get_session": Asked(ANYBODY),
    "send_code": Asked(ANYBODY),
    "verify_code": Asked(ANYBODY),
    "log_in_by_password": Asked(ANYBODY),
    "log_out": Asked(ANYBODY),
    "join_shop": Asked(USER, body={"invite": "?"}),
    "get_settings": Asked(USER),
    "change_settings": Asked(USER),
    "set_password": Asked(USER),
    "get_shop": Asked(ANYBODY),
    "get_home": Asked(ANYBODY),
    "list_categories": Asked(ANYBODY),
    "list_goods": Asked(ANYBODY),
    "get_good": Asked(ANYBODY, GOOD),
    "list_reviews": Asked(ANYBODY, GOOD),
    "write_review": Asked(MEMBER, GOOD, {"score": 5, "text": "好"}),
    "list_merchants": Asked(ANYBODY),
    "get_shop_merchant": Asked(ANYBODY, SHOP_MERCHANT),
    "follow_merchant": Asked(MEMBER, SHOP_MERCHANT),
    "unfollow_merchant": Asked(MEMBER, SHOP_MERCHANT),
    "get_basket": Asked(MEMBER),
    "add_line": Asked(MEMBER),
    "change_line": Asked(MEMBER, {"number": "line"}, {"quantity": 2}, owned=True),
    "remove_line": Asked(MEMBER, {"number": "spare_line"}, owned=True),
    "use_coupon": Asked(MEMBER),
    "drop_coupon": Asked(MEMBER, {"code": "nothing"}),
    "preview_checkout": Asked(MEMBER),
    "check_out": Asked(MEMBER),
    "get_purchase": Asked(MEMBER, {"number": "purchase"}, owned=True),
    "cancel": Asked(MEMBER, {"number": "purchase"}, owned=True),
    "list_orders": Asked(MEMBER),
    "get_order": Asked(MEMBER, {"number": "order"}, owned=True),
    "confirm_receipt": Asked(MEMBER, {"number": "order"}, owned=True),
    "ask_for_return": Asked(
        MEMBER,
        {"number": "order"},
        {"lines": [{"line": 1, "quantity": 1}], "reason": ""},
        owned=True,
    ),
    "get_voucher_qr": Asked(MEMBER, {"number": "order", "code": "voucher"}, owned=True),
    "list_addresses": Asked(MEMBER),
    "add_address": Asked(MEMBER),
    "change_address": Asked(MEMBER, {"number": "address"}, "address", owned=True),
    "remove_address": Asked(MEMBER, {"number": "spare_address"}, owned=True),
    "get_points": Asked(MEMBER),
    "list_dividends": Asked(MEMBER),
    "list_entries": Asked(MEMBER),
    "list_statements": Asked(MEMBER),
    "get_statement_paper": Asked(MEMBER, {"month": "month"}),
    "quote_my_points": Asked(MEMBER),
    "sell_points": Asked(MEMBER),
    "convert_my_points": Asked(MEMBER),
    # Whoever is shown the code at the counter may pay.
    "get_charge_to_pay": Asked(MEMBER, {"token": "token"}),
    "pay_charge": Asked(MEMBER, {"token": "token"}),
    "get_proof": Asked(MEMBER),
    "tell_proof_checked": Asked(MEMBER, body={"day": 1, "holds": True}),
    "get_invite": Asked(MEMBER),
    "get_invite_qr": Asked(MEMBER),
    "get_overview": Asked(STAFF),
    "list_own_goods": Asked(STAFF),
    "add_good": Asked(STAFF),
    "get_own_good": Asked(STAFF, GOOD),
    "change_good": Asked(STAFF, GOOD, {"title": "改了"}),
    "add_picture": Asked(STAFF, GOOD, "picture"),
    "remove_picture": Asked(STAFF, {"number": "good", "which": "picture"}),
    "ask_for_coins": Asked(STAFF),
    "list_charges": Asked(STAFF),
    "get_charge": Asked(STAFF, {"number": "charge"}),
    "get_charge_qr": Asked(STAFF, {"number": "charge"}),
    "withdraw_charge": Asked(STAFF, {"number": "charge"}),
    "quote_exchange": Asked(STAFF),
    "quote_own_points": Asked(STAFF),
    "exchange_coins": Asked(STAFF),
    "redeem_own_points": Asked(STAFF),
    "get_settlement": Asked(STAFF),
    "get_own_proof": Asked(STAFF),
    "tell_own_proof_checked": Asked(STAFF, body={"day": 1, "holds": True}),
    "list_served_orders": Asked(STAFF),
    "get_served_order": Asked(STAFF, {"number": "order"}),
    "ship_order": Asked(STAFF, {"number": "order"}, {"carrier": "顺丰速运", "number": "SF1"}),
    "list_served_returns": Asked(STAFF),
    "accept_return": Asked(STAFF, {"number": "return"}, {"answer": "?"}),
    "refuse_return": Asked(STAFF, {"number": "return"}, {"answer": "?"}),
    "get_voucher": Asked(STAFF, {"code": "voucher"}),
    "redeem_voucher": Asked(STAFF, {"code": "voucher"}),
}
