"""Who and what is in the small mall of the phone's stories.

It is made in a process of its own, since the mall knows one database:
``python -m tests.browser.h5.world`` makes it in the one that ``SHAREBACK_DATABASE`` names.
"""

import os
from importlib import import_module
from typing import NamedTuple

import django

CODE = "246810"
"""The demo's log-in code, which the site of these tests is told too."""

PASSWORD = "calm and exact 7"
SLUG = "vintage"
NAME = "红酒商城"


class Person(NamedTuple):
    """Somebody who can log in."""

    phone: str
    name: str


LI = Person("13800138001", "李雷")
"""A member with a month of history, an address, points and coins."""

WANG = Person("13800138002", "王芳")
"""A member with a month of history, and no address."""

BOSS = Person("13800138003", "陈掌柜")
"""Owns the winery and the noodle house; no member."""

WINERY, NOODLES, BOOKS = "青岗酒庄", "青石面馆", "云上书店"


def main() -> None:
    """Make the tables and the world."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shareback.web.mall_settings")
    django.setup()
    # Models can be imported only from here on.
    import_module("tests.browser.h5.filling").make()


if __name__ == "__main__":
    main()
