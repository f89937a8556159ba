"""Draws the demo's pictures, in a process of its own while the year of shopping is replayed."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

import django
from PIL import Image

from shareback.mall.demo import books, cards, drinks, food, fruit, home, tea, travel
from shareback.mall.demo.canvas import SIZE, Canvas
from shareback.mall.demo.wares import Merchant, Ware, read_merchants

DRAWINGS: dict[str, Callable[..., None]] = {
    draw.__name__: draw
    for draw in (
        books.book,
        books.books,
        books.headphones,
        books.reader,
        cards.card,
        cards.telephone,
        drinks.bottle,
        drinks.bottles,
        drinks.cartons,
        drinks.giftbox,
        drinks.jar,
        drinks.sparkling,
        drinks.wineglass,
        food.bowl,
        food.cake,
        food.croissants,
        food.dumplings,
        food.loaf,
        food.slice_of,
        food.tarts,
        fruit.apples,
        fruit.berries,
        fruit.grapes,
        fruit.melon,
        fruit.mixed_fruit,
        fruit.oranges,
        home.candle,
        home.cushion,
        home.lamp,
        home.towels,
        home.vase,
        tea.cup,
        tea.gaiwan,
        tea.mug,
        tea.teacake,
        tea.teapot,
        tea.tin,
        travel.breakfast,
        travel.canister,
        travel.car,
        travel.pool,
        travel.pump,
        travel.room,
    )
}
FROM_ABOVE = {"teacake"}
"""What lies on a table that is seen from above: no wall is behind it."""

Kept = dict[str, str]
"""Where each picture is kept, by the Chinese title of its good or the name of its merchant."""


def drawn(merchant: Merchant, ware: Ware) -> Image.Image:
    """The picture of a good."""
    wall, table = merchant.light
    options = dict(ware.drawing)
    name = options.pop("of")
    canvas = Canvas(wall, table, SIZE) if name in FROM_ABOVE else Canvas(wall, table)
    DRAWINGS[name](canvas, **options)
    return canvas.picture()


def drawn_logo(merchant: Merchant) -> Image.Image:
    """A merchant's sign."""
    canvas = Canvas("#ffffff", "#ffffff")
    cards.logo(canvas, **merchant.logo)
    return canvas.picture()


def draw_for(place: int) -> Kept:
    """Draw and keep the pictures of one merchant and its goods, in two sizes each.

    Args:
        place: Which merchant of the file, from 0.
    """
    # It needs Django set up, which a new process has not yet.
    from shareback.mall.pictures import keep_picture  # noqa: PLC0415

    merchant = read_merchants()[place]
    kept = {merchant.name[0]: keep_picture("merchants", drawn_logo(merchant))}
    for ware in merchant.goods:
        kept[ware.title[0]] = keep_picture("goods", drawn(merchant, ware))
    return kept


@contextmanager
def drawing() -> "Iterator[list[Future[Kept]]]":
    """Draw all pictures in another process while the block runs; what is left over is let be."""
    pool = ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=set_up, initargs=(dict(os.environ),)
    )
    try:
        yield [pool.submit(draw_for, place) for place in range(len(read_merchants()))]
    finally:
        pool.shutdown(cancel_futures=True)


def set_up(environment: dict[str, str]) -> None:
    """Make a new process ready: it keeps pictures where its parent would, and ends with it."""
    # Whoever stops the demo stops its parent, which then ends it without a word.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    os.environ.update(environment)
    # What is seen matters more than when it is ready: the replay goes first.
    os.nice(5)
    django.setup()


def end_with_parent() -> None:
    """Wait for the parent's end, however it comes, and end too."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
