"""Calls that read: the programme, its days, accounts, orders, statements, the journal."""

from shareback.client.amounts import Amount, amount_text
from shareback.client.answers import (
    Day,
    Entry,
    Listed,
    Member,
    Merchant,
    Order,
    Price,
    Programme,
    Quote,
    Step,
)
from shareback.client.request import PAGE_SIZE, Request, Walk, pages, part, reader

PROGRAMME = reader(Programme)
MEMBER = reader(Member)
MERCHANT = reader(Merchant)
ORDER = reader(Order)
QUOTE = reader(Quote)
DAY = reader(Day)
DAYS = reader(Listed[Day])
PRICES = reader(Listed[Price])
STEPS = reader(Listed[Step])
ENTRIES = reader(Listed[Entry])


def programme() -> Request[Programme]:
    """The programme: price, reserve, supply, coverage, parameters, the log's root."""
    return Request("GET", "", PROGRAMME)


def member(member_id: str) -> Request[Member]:
    """A member's balances, dividends that have accrued included."""
    return Request("GET", f"/members/{part(member_id)}", MEMBER)


def merchant(merchant_id: str) -> Request[Merchant]:
    """A merchant's points, coins, and what it is owed."""
    return Request("GET", f"/merchants/{part(merchant_id)}", MERCHANT)


def order(order_id: str) -> Request[Order]:
    """An order: what is pending, in yuan, or what it came to."""
    return Request("GET", f"/orders/{part(order_id)}", ORDER)


def quote(member_id: str, points: Amount) -> Request[Quote]:
    """What points would fetch now: sold, spent on goods, or turned into coins."""
    path = f"/members/{part(member_id)}/quotes"
    return Request("GET", path, QUOTE, params={"points": amount_text(points)})


def day(number: int) -> Request[Day]:
    """The figures of one closed day, by its number."""
    return Request("GET", f"/days/{number:d}", DAY)


def days(after: int = -1, *, page_size: int = PAGE_SIZE) -> Walk[Day]:
    """The figures of each closed day after one, by its number."""
    return pages("/days", DAYS, after, page_size)


def prices(after: int = -1, *, page_size: int = PAGE_SIZE) -> Walk[Price]:
    """The price at the close of each day after one, by its number."""
    return pages("/prices", PRICES, after, page_size)


def statement(member_id: str, after: int = -1, *, page_size: int = PAGE_SIZE) -> Walk[Step]:
    """Everything that happened to a member's account after one of its entries, in order."""
    return pages(f"/members/{part(member_id)}/statement", STEPS, after, page_size)


def journal(after: int = -1, *, page_size: int = PAGE_SIZE) -> Walk[Entry]:
    """The journal after one of its sequence numbers."""
    return pages("/journal", ENTRIES, after, page_size)
