"""What a programme's parameters in force come to for the shop: what an order earns, what it takes.

The figures are those of the rules' own leaves; nothing is computed a second time here.
"""

import json
from functools import lru_cache
from typing import NamedTuple

from shareback.journal.models import Programme, Terms
from shareback.rules.layout import ABSENT, Term
from shareback.rules.order import award_ceiling, award_value, split
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import PPM


class Earning(NamedTuple):
    """What cash for goods would earn, in µ¥.

    Attributes:
        award: What the points are worth once it matures; at most, where they are a fixed number.
        quota: By how much the quota grows.
        matures_after_days: Days after receipt.
    """

    award: int
    quota: int
    matures_after_days: int


@lru_cache(maxsize=256)
def parse(text: str) -> Parameters:
    """Parameters as they stand in the log; they never change, so one reading is enough."""
    return Parameters.model_validate(json.loads(text))


def versions_of(programme: int) -> list[Parameters]:
    """All versions of a programme's parameters, by version."""
    rows = Terms.objects.filter(programme_id=programme).order_by("version")
    return [parse(text) for text in rows.values_list("parameters", flat=True)]


def in_force(programme: int) -> Parameters:
    """A programme's parameters today."""
    version = Programme.objects.values_list("terms", flat=True).get(pk=programme)
    return parse(
        Terms.objects.values_list("parameters", flat=True).get(
            programme_id=programme, version=version
        )
    )


def backing_of(parameters: Parameters, category: str) -> int:
    """The backing rate of a category of contributions, in ppm; "" is the usual one (R2)."""
    return parameters.backing_by_category.get(category, parameters.backing_rate)


def earning(
    parameters: Parameters, cash_uyuan: int, concession_ppm: int, category: str = ""
) -> Earning:
    """What cash paid for goods of one merchant at one rate would earn.

    Args:
        parameters: Those in force.
        cash_uyuan: The part paid in cash, >= 0 (R4.1).
        concession_ppm: What the merchant gives up of each sale: the order's profit.
        category: Which rate of contributions.

    Source:
        R6, by `rules.order`.
    """
    if cash_uyuan <= 0:
        return Earning(0, 0, parameters.maturity_days)
    terms = parameters.terms_row()
    profit = mul_div(cash_uyuan, concession_ppm, PPM) if concession_ppm else ABSENT
    parts = split(cash_uyuan, profit, backing_of(parameters, category), terms, cash_uyuan)
    if terms[Term.PER_SPEND] == 1:
        award = award_ceiling(terms, parts.contribution)
    else:
        award = award_value(terms, parts.contribution)
    return Earning(award, parts.quota, parameters.maturity_days)


def least_concession(parameters: Parameters, category: str = "") -> int:
    """The least that a merchant has to give up, in ppm: contribution and dividends out of it."""
    left = PPM - parameters.dividend_ppm
    backing = backing_of(parameters, category)
    return mul_div_up(backing, PPM, left) if left > 0 else PPM
