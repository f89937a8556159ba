"""Fields of the shop's forms, named in the reader's language."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from shareback.console.desk import chosen_language, said
from shareback.units.shown import NONE

Row = Any
"""A row of a model of oscar's, which ships no types."""

SET_IN = "\N{EM SPACE}"
DIGITS = 8
"""Before the point, of amounts that are typed."""


def in_words(row: Row, field: str) -> str:
    """A field that has an English one beside it, in the reader's language."""
    english = getattr(row, f"{field}_en") if chosen_language() == "en" else ""
    return str(english or getattr(row, field))


def text(key: str, most: int, *, required: bool = True, lines: bool = False) -> forms.CharField:
    """A field for words."""
    widget = UnfoldAdminTextareaWidget if lines else UnfoldAdminTextInputWidget
    return forms.CharField(
        label=said(key), max_length=most, required=required, widget=widget(attrs={"rows": 4})
    )


def switch(key: str) -> forms.BooleanField:
    """A field for yes and no."""
    return forms.BooleanField(label=said(key), required=False, widget=UnfoldBooleanSwitchWidget)


def choice(
    key: str, prefix: str, values: tuple[Any, ...], *, required: bool = True
) -> forms.TypedChoiceField:
    """A field for one of some known values."""
    return forms.TypedChoiceField(
        label=said(key),
        coerce=int if values and isinstance(values[0], int) else str,
        choices=[(one, said(f"{prefix}_{one}".lower().replace(" ", "_"))) for one in values],
        widget=UnfoldAdminSelectWidget,
        required=required,
    )


def amount(
    key: str,
    *,
    least: Decimal = Decimal(0),
    most: Decimal | None = None,
    places: int = 2,
    required: bool = True,
) -> forms.DecimalField:
    """A field for yuan, or for per cent."""
    return forms.DecimalField(
        label=said(key),
        min_value=least,
        max_value=most,
        max_digits=DIGITS + places,
        decimal_places=places,
        widget=UnfoldAdminDecimalFieldWidget,
        required=required,
    )


def count(key: str, least: int, most: int, *, required: bool = True) -> forms.IntegerField:
    """A field for a whole number."""
    return forms.IntegerField(
        label=said(key),
        min_value=least,
        max_value=most,
        widget=UnfoldAdminIntegerFieldWidget,
        required=required,
    )


class OneOf(forms.ModelChoiceField):  # type: ignore[type-arg] # of models of oscar's
    """A row of another model, in the reader's language."""

    def label_from_instance(self, row: Row) -> str:
        """Set in by its depth, where it stands in a tree."""
        field = "title" if hasattr(row, "title") else "name"
        return f"{SET_IN * int(getattr(row, 'depth', 1) - 1)}{in_words(row, field)}"


def one_of(key: str, model: Any, *, required: bool = True) -> forms.ModelChoiceField:  # type: ignore[type-arg] # noqa: ANN401 - as above
    """A field for a row of another model; the form says which there are."""
    return OneOf(
        model.objects.none(),
        label=said(key),
        widget=UnfoldAdminSelectWidget,
        required=required,
        empty_label=NONE,
    )


YEARS = (2000, 2199)
"""Between them a moment has a place on every clock."""


def in_our_time(at: datetime) -> None:
    """Refuse a moment that has no place on another clock.

    Raises:
        ValidationError: So it is.
    """
    if not YEARS[0] <= at.year <= YEARS[1]:
        raise forms.ValidationError(said("s_why_year"))


def moment_field(key: str, *, required: bool = True) -> forms.DateTimeField:
    """A field for a moment on the programme's clock, to the minute."""
    shown = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"})
    # The browser's own field takes no other form.
    shown.format_value = to_the_minute
    return forms.DateTimeField(
        label=said(key), widget=shown, required=required, validators=[in_our_time]
    )


def to_the_minute(value: Any) -> str:  # noqa: ANN401 - what was typed, or a moment
    """A moment as the browser's field shows it; what was typed stays."""
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value or "")
