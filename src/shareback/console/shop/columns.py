"""Columns, filters and fields of the shop's pages, named in the reader's language."""

from typing import Any

from django import forms
from django.contrib.admin import display
from django.contrib.admin.filters import SimpleListFilter
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from shareback.console.desk import chosen_language, said
from shareback.console.shop.scoped import Scoped
from shareback.console.words import WORDS
from shareback.units.shown import NONE

Row = Any
"""A row of a model of oscar's, which ships no types."""


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


def in_words(row: Row, field: str) -> str:
    """A field that has an English one beside it, in the reader's language."""
    english = getattr(row, f"{field}_en") if chosen_language() == "en" else ""
    return str(english or getattr(row, field))


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
        return WORDS[name][chosen_language() == "en"] if name in WORDS else name

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


def text(key: str, most: int, *, required: bool = True, lines: bool = False) -> forms.CharField:
    """A field for words."""
    widget = UnfoldAdminTextareaWidget if lines else UnfoldAdminTextInputWidget
    return forms.CharField(
        label=said(key), max_length=most, required=required, widget=widget(attrs={"rows": 4})
    )


def switch(key: str) -> forms.BooleanField:
    """A field for yes and no."""
    return forms.BooleanField(label=said(key), required=False, widget=UnfoldBooleanSwitchWidget)


def choice(key: str, prefix: str, values: tuple[Any, ...]) -> forms.TypedChoiceField:
    """A field for one of some known values."""
    return forms.TypedChoiceField(
        label=said(key),
        coerce=int if isinstance(values[0], int) else str,
        choices=[(one, said(f"{prefix}_{one}".lower())) for one in values],
        widget=UnfoldAdminSelectWidget,
    )
