"""Stock: locked by primary key, checked under the lock, and moved by its own row.

oscar allocates whatever it is asked for; nothing here is bought before it was looked at under the
lock. On SQLite the whole transaction is alone, so its rows need no lock of their own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest
from oscar.core.loading import get_model

from shareback.mall.oscar.catalogue.models import Product

Line = get_model("order", "Line")
StockRecord = get_model("partner", "StockRecord")

PIECES = Coalesce(F("num_in_stock"), Value(0))
ALLOCATED = Coalesce(F("num_allocated"), Value(0))


def lock_goods(goods: Iterable[int]) -> None:
    """Lock goods by key, before their stock: their price, rate and kind stay as they are."""
    found = Product.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(goods))
    list(found.order_by("pk").values_list("pk"))


def lock(records: Iterable[int]) -> dict[int, Any]:
    """Lock rows of stock in the order of their keys, so that no two checkouts can deadlock.

    Whoever locks more than one kind of row here takes goods, stock, coupons, offers and the
    programme's head in this order.
    """
    found = StockRecord.objects.select_for_update(no_key=True).filter(pk__in=set(records))
    return {row.pk: row for row in found.order_by("pk")}


def lock_lines(lines: Iterable[Any]) -> None:
    """Lock all that lines of orders move: their goods, then their stock."""
    found = list(lines)
    lock_goods(line.product_id for line in found if line.product_id is not None)
    locked(found)


def is_tracked(good: Product) -> bool:
    """Whether a good's stock is counted."""
    return bool(good.get_product_class().track_stock)


def left(good: Product, record: Any) -> int | None:  # noqa: ANN401 - a row of oscar's
    """Pieces that can still be bought; None where nobody counts them."""
    return max(0, record.net_stock_level) if is_tracked(good) else None


def sell(lines: Iterable[Any]) -> None:
    """What was allocated leaves the stock; goods count how often they were sold."""
    pieces = {line: line.quantity for line in lines}
    count_sold(pieces, 1)
    for line in locked(pieces):
        # A merchant may have written its stock down below what was allocated meanwhile.
        StockRecord.objects.filter(pk=line.stockrecord_id).update(
            num_in_stock=Greatest(PIECES - line.quantity, Value(0)),
            num_allocated=Greatest(ALLOCATED - line.quantity, Value(0)),
        )


def release(lines: Iterable[Any]) -> None:
    """What was allocated can be bought again."""
    for line in locked(lines):
        StockRecord.objects.filter(pk=line.stockrecord_id).update(
            num_allocated=Greatest(ALLOCATED - line.quantity, Value(0))
        )


def take_back(pieces: Mapping[Any, int]) -> None:
    """Pieces of lines that were returned are in stock again, and were not sold."""
    count_sold(pieces, -1)
    for line in locked(pieces):
        StockRecord.objects.filter(pk=line.stockrecord_id).update(
            num_in_stock=PIECES + pieces[line]
        )


def locked(lines: Iterable[Any]) -> list[Any]:
    """The lines whose stock is counted, with their rows of stock locked."""
    found = [
        line
        for line in lines
        if line.product is not None and line.stockrecord_id and is_tracked(line.product)
    ]
    lock(line.stockrecord_id for line in found)
    return found


def count_sold(pieces: Mapping[Any, int], sign: int) -> None:
    """Change how many pieces of lines' goods were sold.

    Goods are locked before their stock, and by key, as whoever edits a good does.
    """
    for line in sorted(pieces, key=lambda line: line.product_id or 0):
        if line.product_id is not None:
            Product.objects.filter(pk=line.product_id).update(
                sold=Greatest(F("sold") + sign * pieces[line], Value(0))
            )


def lines_of(orders: Iterable[int]) -> list[Any]:
    """The lines of some orders."""
    found = Line.objects.filter(order_id__in=list(orders)).select_related("product__product_class")
    return list(found.order_by("pk"))
