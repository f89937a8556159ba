"""What an amendment changes, before and after: the parameters, and what comes of them."""

from shareback.console.desk import Desk
from shareback.console.parameters import PARAMETERS, shown
from shareback.console.preview import Outlook, Sales, outlook, price_now, sales_of
from shareback.console.tables import Cell, Column, Section, table
from shareback.rules.programme import Programme
from shareback.units.shown import NONE


def compared(desk: Desk, before: Programme, after: Programme) -> list[list[Cell]]:
    """The parameters that differ, as rows of a table."""
    voice = desk.voice
    return [
        [
            Cell(voice.say(f"p_{one.name}")),
            Cell(shown(voice, before, one), mark="quiet"),
            Cell(shown(voice, after, one)),
        ]
        for one in PARAMETERS
        if is_changed(before, after, one.name)
    ]


def is_changed(before: Programme, after: Programme, name: str) -> bool:
    """Whether a parameter differs."""
    if name == "dividend_rate":
        return before.dividend_ppm != after.dividend_ppm
    return bool(getattr(before, name) != getattr(after, name))


def change_heads(desk: Desk) -> list[Column]:
    """The heads of the table of changes."""
    say = desk.voice.say
    return [
        Column(say("parameter")),
        Column(say("preview_now"), "num"),
        Column(say("preview_then"), "num"),
    ]


def changes(desk: Desk, before: Programme, after: Programme) -> Section:
    """The table of what changes."""
    rows = compared(desk, before, after)
    title = desk.voice.say("preview_changes")
    return Section(title, table(change_heads(desk), rows, NONE))


def preview(desk: Desk, before: Programme, after: Programme) -> list[Section]:
    """What would change, and what would come of it."""
    say, head = desk.voice.say, desk.programme
    sales = sales_of(head)
    now, then = (outlook(head, one, sales) for one in (before, after))
    heads = [
        Column(say("preview_what")),
        Column(say("preview_now"), "num"),
        Column(say("preview_then"), "num"),
    ]
    price = say("preview_price_note", price=desk.voice.price(price_now(head)))
    rows = [
        [Cell(say(f"preview_{name}"), note=price if name == "price" else ""), *both]
        for name, both in zip(
            ("earns", "quota", "share", "price", "coverage"),
            zip(figures(desk, now), figures(desk, then), strict=True),
            strict=True,
        )
    ]
    return [
        Section(say("preview_title"), table(heads, rows, NONE), lead=preview_note(desk, sales)),
    ]


def figures(desk: Desk, one: Outlook) -> list[Cell]:
    """What parameters come to, in the order of the table."""
    voice = desk.voice
    covered = NONE if one.coverage is None else voice.share(one.coverage)
    return [
        Cell(voice.money(one.earns.award)),
        Cell(voice.money(one.earns.quota)),
        Cell(voice.rate(one.share)),
        Cell(voice.price(one.price)),
        Cell(covered),
    ]


def preview_note(desk: Desk, sales: Sales) -> str:
    """On which sales the preview stands."""
    if sales.cash == 0:
        return desk.voice.say("preview_no_sales")
    voice = desk.voice
    sold = voice.say(
        "preview_sales", orders=voice.count(sales.orders), cash=voice.money(sales.cash)
    )
    return f"{voice.say('preview_lead')} {sold}"
