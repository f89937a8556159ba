"""The documents of the proof that an account is counted."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StrictInt

from shareback.api.shop.schemas import DateText, Taken, example
from shareback.proofs.sum_tree import HEIGHT_MAX, Sums

UnitsText = Annotated[str, Field(pattern="^(0|[1-9][0-9]*)$", examples=["1250000"])]
"""An amount in its smallest units."""

SumsOut = Annotated[
    list[UnitsText],
    Field(
        min_length=len(Sums._fields),
        max_length=len(Sums._fields),
        examples=[["2150000000", "2150000000", "64000000", "0", "0", "1250000", "0", "0"]],
    ),
]
"""Points, weight, quota, used, coins, cash, receivable, weighted."""

HashText = Annotated[str, Field(pattern="^[0-9a-f]{64}$", examples=["5f" * 32])]


class ProvedAccount(BaseModel):
    """The account as it stood; ``kind`` is 1 for a member and 2 for a merchant."""

    kind: Annotated[int, Field(ge=1, le=2)]
    number: Annotated[int, Field(examples=[17])]
    salt: Annotated[str, Field(pattern="^[0-9a-f]{32}$", examples=["0f" * 16])]
    sums: SumsOut


class ProofNode(BaseModel):
    """A node of the tree of all accounts."""

    hash: HashText
    sums: SumsOut


class LiabilitiesOut(BaseModel):
    """What the programme says that it owes."""

    day: UnitsText
    size: UnitsText
    height: UnitsText
    dividend_index: UnitsText
    reserve: UnitsText
    supply: UnitsText
    last_price: UnitsText
    top: ProofNode


class ProofOut(BaseModel):
    """The proof that an account is counted (docs/reference/proofs.md), and what checks it.

    ``keys`` are the programme's and its witnesses', as verifiers of signed notes write them;
    ``day`` is what to tell once it was checked; ``checked`` is how many accounts have done so.
    """

    account: ProvedAccount
    place: Annotated[int, Field(ge=0, examples=[9])]
    path: Annotated[list[ProofNode], Field(max_length=HEIGHT_MAX)]
    liabilities: LiabilitiesOut
    checkpoint: Annotated[str, Field(examples=["mall.example/vintage\n1234\nAAEC…\n\n— mall.…\n"])]
    date: DateText
    day: Annotated[int, Field(examples=[739_740])]
    keys: Annotated[list[str], Field(examples=[["mall.example/vintage+5c1de7a1+AYqI4…"]])]
    checked: Annotated[int, Field(ge=0, examples=[12])]


class CheckedIn(Taken):
    """What came of checking a proof."""

    model_config = example(day=739_740, holds=True)
    day: Annotated[StrictInt, Field(ge=0, lt=2**31)]
    holds: StrictBool


class CheckedOut(BaseModel):
    """How many accounts have been checked against that day's checkpoint."""

    checked: Annotated[int, Field(ge=0, examples=[12])]
