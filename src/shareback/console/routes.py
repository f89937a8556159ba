"""All addresses of the console beside those that unfold makes for models of the shop.

Each module of pages names its own; what each lets whom do stands in roles.py under the same name.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.http import HttpResponseBase


class Page(NamedTuple):
    """A page of the console.

    Attributes:
        name: Of its address, without the namespace; its row in roles.py has the same.
        route: Its address below ``/console/``.
        view: What answers.
    """

    name: str
    route: str
    view: Callable[..., HttpResponseBase]


def all_pages() -> Iterator[Page]:
    """Every page behind the gate."""
    # The modules stand on this one, so they are looked up when the addresses are made.
    from shareback.console.pages import (  # noqa: PLC0415 - as above
        bank,
        clients,
        days,
        glance,
        journal,
        members,
        merchants,
        months,
        opening,
        orders,
        proposals,
        proposing,
        refunds,
        returning,
        team,
        treasury,
        watching,
        webhooks,
    )

    for module in (
        glance,
        members,
        merchants,
        orders,
        journal,
        days,
        months,
        refunds,
        proposing,
        proposals,
        returning,
        treasury,
        bank,
        opening,
        clients,
        webhooks,
        watching,
        team,
    ):
        yield from module.PAGES
