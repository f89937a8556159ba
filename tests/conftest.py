"""What every test of the project shares: the databases' fixtures and Hypothesis' effort."""

import os
import shutil
from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings as site
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.backends.once",
    "tests.backends.postgresql",
    "tests.backends.journals",
    "tests.backends.houses",
    "tests.backends.sites",
]

# Databases are written twice as fast where their folder lies in memory; a process that is killed
# leaves the same behind there. Where there is too little of it, they lie where they usually do.
MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - pytest makes folders of its own
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES
):
    os.environ["TMPDIR"] = str(MEMORY)

# A deadline per example fails on a machine that is busy with something else.
settings.register_profile("default", deadline=None)
# CI tries the same examples each time, so that red means that the change is at fault.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "soak",
    deadline=None,
    max_examples=2_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(
    os.environ.get("SHAREBACK_HYPOTHESIS", "ci" if "CI" in os.environ else "default")
)


def pytest_configure() -> None:
    """Spare each test what a site does once.

    Passwords cost little; tests/shop/test_session.py holds what the site's are. Static files are
    looked for when they are asked for: a site lists them all when it starts, and each of Django's
    test clients starts one. The machine's certificates are read once, and not for each of the
    hundreds of HTTP clients that ask a server of this machine without any.
    """
    site.PASSWORD_HASHERS = ["tests.backends.hashing.QuickScrypt", *site.PASSWORD_HASHERS]
    site.WHITENOISE_AUTOREFRESH = True
    transports = import_module("httpx._transports.default")
    transports.create_ssl_context = cache(transports.create_ssl_context)  # type: ignore[attr-defined]
