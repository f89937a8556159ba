"""A member's entries as the phone shows them: each with a title, and why it is there."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from shareback.api.entry_words import name_of, order_of, title_of, why_of
from shareback.api.shop.shown import localised
from shareback.mall.oscar.partner.models import Partner


def merchant_names(programme: int, ids: AbstractSet[str], language: str) -> dict[str, str]:
    """The names of merchants by their ids."""
    rows = Partner.objects.filter(programme_id=programme, merchant_id__in=ids) if ids else ()
    return {row.merchant_id: localised(row, "name", language) for row in rows}


def shown(
    entries: Sequence[Mapping[str, Any]], programme: int, language: str
) -> list[dict[str, Any]]:
    """The entries of `api.statements` with their words."""
    ids = {entry["merchant_id"] for entry in entries if entry["merchant_id"]}
    names = merchant_names(programme, ids, language)
    return [
        {
            "entry": entry["entry"],
            "date": entry["date"],
            "kind": name_of(entry),
            "title": title_of(name_of(entry), language),
            "why": why_of(entry, names, language),
            "order": order_of(entry),
            **{
                figure: entry[figure]
                for figure in ("points", "points_held", "cash", "coins", "quota")
            },
        }
        for entry in entries
    ]
