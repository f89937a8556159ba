"""What an API client may be allowed to do."""

SCOPES: dict[str, str] = {
    "programme:read": "the programme, its days and prices",
    "members:read": "members' accounts and statements",
    "members:write": "open members' accounts, name referrers, link parties",
    "orders:read": "orders and what they came to",
    "orders:write": "pay, receive and refund orders",
    "refunds:approve": "approve large late refunds that another client asked for",
    "points:write": "sell, convert and spend members' points, pay with coins",
    "merchants:read": "merchants' accounts",
    "merchants:write": "open merchants' accounts, exchange coins, sell their points",
    "payouts:write": "book payouts to members and merchants",
    "treasury:write": "fund the treasury and awards, record unmatched money",
    "journal:read": "the journal, entry by entry",
    "webhooks:write": "where events are sent, and sending them again",
}
"""Each scope, and what it opens."""
