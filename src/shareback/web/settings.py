"""Django's settings, from the environment; nothing is read from a file, nothing is written."""

import os
import secrets
from pathlib import Path

from shareback.journal.database_url import database_settings

# Without a key of its own, an installation forgets its sessions and signatures at each start.
SECRET_KEY = os.environ.get("SHAREBACK_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = ["shareback.journal"]

# `file:///here/shareback.sqlite3` with SQLite's scheme: an absolute path, encoded as URLs are.
_HERE = (Path.cwd() / "shareback.sqlite3").as_uri().replace("file:", "sqlite:", 1)
DATABASES = {"default": database_settings(os.environ.get("SHAREBACK_DATABASE") or _HERE)}

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
