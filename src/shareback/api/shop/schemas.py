"""The documents that the shop's parts share; amounts are decimal strings."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shareback.engine.wellformed import NUL

Yuan = Annotated[str, Field(examples=["128.00"])]
"""Money as a decimal string, in full."""

PointsText = Annotated[str, Field(examples=["21.5"])]
CoinsText = Annotated[str, Field(examples=["15.8"])]
DateText = Annotated[str, Field(examples=["2026-03-01"])]
MomentText = Annotated[str, Field(examples=["2026-03-01T09:30:00+08:00"])]
Cursor = Annotated[str | None, Field(examples=["MTIzOjQ1"])]
"""What to ask for as ``after``; null at the end."""

Kind = Literal["shipped", "digital", "voucher"]
Language = Literal["zh", "en"]


class Taken(BaseModel):
    """What a request brings: nothing unknown is taken (A56), and no text that cannot be kept."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def can_be_kept(cls, value: object) -> object:
        """A text without NUL, which no column holds (A15); texts in a list too."""
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and NUL in text:
                raise ValueError("holds the character NUL; remove it")
        return value


def example(**fields: Any) -> ConfigDict:  # noqa: ANN401 - any JSON
    """A model's example for the OpenAPI document."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class MerchantRef(BaseModel):
    """A merchant by number and name."""

    id: Annotated[int, Field(examples=[3])]
    name: Annotated[str, Field(examples=["青岗酒庄"])]


class Card(BaseModel):
    """A good as lists show it.

    ``earns`` is what the points would be worth, in yuan, if it were paid in cash.
    """

    id: Annotated[int, Field(examples=[17])]
    title: Annotated[str, Field(examples=["2019 干红葡萄酒"])]
    subtitle: Annotated[str, Field(examples=["贺兰山东麓 750 毫升"])]
    picture: Annotated[str | None, Field(examples=["/media/goods/3f9a.webp"])]
    price: Yuan
    kind: Kind
    merchant: MerchantRef
    sold: Annotated[int, Field(examples=[312])]
    earns: Yuan


class MerchantCard(MerchantRef):
    """A merchant as lists show it."""

    trade: Annotated[str, Field(examples=["wine"])]
    place: Annotated[str, Field(examples=["银川市兴庆区"])]
    logo: Annotated[str | None, Field(examples=["/media/merchants/3.webp"])]
    followers: Annotated[int, Field(examples=[88])]
    following: bool
