"""Amounts and ids of the API's documents: decimal strings in, exact integers inside (R1, A15)."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from shareback.engine.wellformed import LENGTH_MAX, is_encodable
from shareback.units.scales import UCOIN_PER_COIN, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import WHOLE, AmountUnreadable, format_exact, parse_decimal


def reader(units_per_one: int, least: int) -> Any:  # noqa: ANN401 - pydantic's own kind
    """A validator that reads a decimal string into units."""

    def read(value: object) -> int:
        if not isinstance(value, str):
            raise ValueError('must be a decimal string such as "12.50"')  # noqa: TRY004 - pydantic's way
        try:
            units = parse_decimal(value, units_per_one)
        except AmountUnreadable as fault:
            raise ValueError(str(fault)) from None
        if units < least:
            raise ValueError(f"{value} is not above 0")
        return units

    return BeforeValidator(read)


def shown_as(units_per_one: int, example: str) -> WithJsonSchema:
    """How an amount looks in the OpenAPI document: as the reader of it takes it."""
    places = len(str(units_per_one)) - 1
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^{WHOLE}(\.[0-9]{{1,{places}}})?$",
            "examples": [example],
        }
    )


Money = Annotated[int, reader(UYUAN_PER_YUAN, 1), shown_as(UYUAN_PER_YUAN, "100.00")]
MoneyOrNone = Annotated[int, reader(UYUAN_PER_YUAN, 0), shown_as(UYUAN_PER_YUAN, "50")]
Points = Annotated[int, reader(UNITS_PER_POINT, 1), shown_as(UNITS_PER_POINT, "21")]
Coins = Annotated[int, reader(UCOIN_PER_COIN, 1), shown_as(UCOIN_PER_COIN, "15.8")]


def check_id(value: str) -> str:
    """An id that the journal can hold."""
    if not is_encodable(value):
        raise ValueError("holds what cannot be stored")
    return value


Id = Annotated[str, Field(min_length=1, max_length=LENGTH_MAX), AfterValidator(check_id)]


def money(uyuan: int) -> str:
    """Money in full."""
    return format_exact(uyuan, UYUAN_PER_YUAN)


def points(units: int) -> str:
    """Points in full."""
    return format_exact(units, UNITS_PER_POINT)


def coins(ucoins: int) -> str:
    """Coins in full."""
    return format_exact(ucoins, UCOIN_PER_COIN)
