"""Columns and filters of the shop's pages, named in the reader's language."""

from typing import Any

from django.contrib.admin import display
from django.contrib.admin.filters import SimpleListFilter
from django.http import HttpRequest
from django.utils import timezone

from shareback.console.desk import chosen_language, said
from shareback.console.shop.fields import Row, in_words
from shareback.console.shop.scoped import Scoped
from shareback.console.words import WORDS
from shareback.units.shown import NONE


def column(key: str, attribute: str = "") -> Any:  # noqa: ANN401 - a column of any kind
    """A column of a list or a line of a page, named in the reader's language."""

    @display(description=said(key), empty_value=NONE)
    def shown(_admin: Scoped, row: Row) -> Any:  # noqa: ANN401 - as above
        found = row
        for name in (attribute or key).split("."):
            found = getattr(found, name)
        return "" if found is None else found

    return shown


def moment(key: str, attribute: str) -> Any:  # noqa: ANN401 - as `column`
    """A moment on the programme's clock, to the second."""

    @display(description=said(key))
    def shown(_admin: Scoped, row: Row) -> str:
        at = getattr(row, attribute)
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else NONE

    return shown


def of_merchant() -> Any:  # noqa: ANN401 - as `column`
    """The merchant, in the reader's language."""

    @display(description=said("seller"))
    def shown(_admin: Scoped, row: Row) -> str:
        return in_words(row.partner, "name")

    return shown


def of_good() -> Any:  # noqa: ANN401 - as `column`
    """The good, in the reader's language."""

    @display(description=said("s_title"))
    def shown(_admin: Scoped, row: Row) -> str:
        return in_words(row.product, "title")

    return shown


def flag(key: str, attribute: str) -> Any:  # noqa: ANN401 - as `column`
    """A column of yes and no."""

    @display(description=said(key), boolean=True)
    def shown(_admin: Scoped, row: Row) -> bool:
        return bool(getattr(row, attribute))

    return shown


def word(key: str, attribute: str, prefix: str) -> Any:  # noqa: ANN401 - as `column`
    """A column of known values, in words."""

    @display(description=said(key))
    def shown(_admin: Scoped, row: Row) -> str:
        name = f"{prefix}_{getattr(row, attribute)}".lower()
        known = name in WORDS
        return WORDS[name][chosen_language() == "en"] if known else str(getattr(row, attribute))

    return shown


class ByWord(SimpleListFilter):
    """A filter by one of some known values: their list is never read from the rows."""

    values: tuple[object, ...] = ()
    prefix = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's own shape
        """The values and their words."""
        return [(str(one), said(f"{self.prefix}_{one}".lower())) for one in self.values]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ANN401, ARG002 - Django's own shape
        """Rows of the chosen value."""
        chosen = self.value()
        if chosen not in {str(one) for one in self.values}:
            return queryset
        return queryset.filter(**{str(self.parameter_name): chosen})


def by_word(key: str, field: str, prefix: str, values: tuple[object, ...]) -> type[ByWord]:
    """A filter of a list."""
    named = {"title": said(key), "parameter_name": field, "prefix": prefix, "values": values}
    return type("ByThisWord", (ByWord,), named)
