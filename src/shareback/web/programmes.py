"""Finding a programme and its parameters for a page."""

import json
from functools import lru_cache

from django.conf import settings
from django.http import Http404

from shareback.journal.models import Programme, Terms
from shareback.rules.programme import Programme as Parameters

NEVER_SHOWN = ("key",)
"""The programme's secret stays in the database."""


def first_programme() -> Programme | None:
    """The programme with the lowest number, if there is any."""
    return Programme.objects.defer(*NEVER_SHOWN).order_by("pk").first()


def programme_named(name: str) -> Programme:
    """The programme of a name.

    Raises:
        Http404: There is none.
    """
    found = Programme.objects.defer(*NEVER_SHOWN).filter(name=name).first()
    if found is None:
        raise Http404(name)
    return found


def parameters_of(programme: Programme) -> list[Parameters]:
    """All versions of a programme's parameters, by version."""
    texts = (
        Terms.objects.filter(programme_id=programme.pk)
        .order_by("version")
        .values_list("parameters", flat=True)
    )
    return [parse(text) for text in texts]


@lru_cache(maxsize=256)
def parse(text: str) -> Parameters:
    """Parameters as they stand in the log; they never change, so one reading is enough."""
    return Parameters.model_validate(json.loads(text))


def statements_are_open(parameters: Parameters) -> bool:
    """Whether anyone may look at members' statements: with play money, or where it is set."""
    return parameters.issuer.test or bool(settings.SHAREBACK_OPEN_STATEMENTS)
