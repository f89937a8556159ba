"""The site's own settings, with the addresses of the benchmark."""

from shareback.web.settings import *  # noqa: F403 - the same site

ROOT_URLCONF = "bench.site.urls"
