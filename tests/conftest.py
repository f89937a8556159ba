"""What every test of the project shares: the databases' fixtures and Hypothesis' effort."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.backends.postgresql",
    "tests.backends.journals",
    "tests.backends.sites",
]

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
