"""Django's settings, from the environment; nothing is read from a file, nothing is written."""

import os
import secrets
from pathlib import Path

from shareback.journal.database_url import database_settings

# Without a key of its own, an installation forgets its sessions and signatures at each start.
SECRET_KEY = os.environ.get("SHAREBACK_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
# The names under which the site may be asked for, comma-separated.
_HOSTS = os.environ.get("SHAREBACK_ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]"
ALLOWED_HOSTS = [host.strip() for host in _HOSTS.split(",") if host.strip()]

# Statements are open to everyone where the issuer is a test issuer; "1" opens all of them, for
# a site behind a login of its own.
SHAREBACK_OPEN_STATEMENTS = os.environ.get("SHAREBACK_OPEN_STATEMENTS") == "1"

# "1" where a proxy of one's own stands before the site, sets X-Forwarded-For and
# X-Forwarded-Proto, and lets nobody past it: only then is either believed.
SHAREBACK_PROXY = os.environ.get("SHAREBACK_PROXY") == "1"
if SHAREBACK_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "ninja",  # its document's page, served from here
    "shareback.journal",
    "shareback.api.apps.ApiConfig",
    "shareback.gateways.apps.GatewaysConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shareback.web.protection.protect",
    "shareback.api.middleware.problems_only",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "shareback.web.language.switch_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shareback.web.urls"
WSGI_APPLICATION = "shareback.web.wsgi.application"

_HOUSE = Path(__file__).resolve().parent
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HOUSE / "templates"],
        "APP_DIRS": True,  # the page of the API's document
        "OPTIONS": {"context_processors": ["shareback.web.context.every_page"]},
    }
]

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATICFILES_DIRS = [_HOUSE / "static"]
# The built files are served from the package itself: there is nothing to collect.
WHITENOISE_USE_FINDERS = True
# Their names hold a hash of what is in them, so a browser may keep them for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(built|console|h5)/assets/"

# `file:///here/shareback.sqlite3` with SQLite's scheme: an absolute path, encoded as URLs are.
_HERE = (Path.cwd() / "shareback.sqlite3").as_uri().replace("file:", "sqlite:", 1)
# Set by `web.wsgi`, before it reads this: the threads of a server share connections.
SHAREBACK_SERVING = os.environ.get("SHAREBACK_SERVING") == "1"
DATABASES = {
    "default": database_settings(
        os.environ.get("SHAREBACK_DATABASE") or _HERE, serving=SHAREBACK_SERVING
    )
}

# The API's bulk calls are the largest bodies; the API itself bounds each call (api.middleware).
DATA_UPLOAD_MAX_MEMORY_SIZE = 16_777_216

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
