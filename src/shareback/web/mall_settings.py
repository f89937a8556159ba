"""Django's settings for the whole house: the journal's, and the mall and console on top.

Commands that only work on a journal load `shareback.web.settings`, which is quick; the site of an
operator with a mall of its own loads this.
"""

import os
from pathlib import Path

from oscar.defaults import *

from shareback.web.settings import *
from shareback.web.settings import INSTALLED_APPS, MIDDLEWARE, SHAREBACK_PROXY, TEMPLATES

OSCAR = [
    f"shareback.mall.oscar.configs.{name}"
    for name in (
        "Address",
        "Shipping",
        "Catalogue",
        "Reviews",
        "Communication",
        "Partner",
        "Basket",
        "Payment",
        "Offer",
        "Order",
        "Customer",
        "Voucher",
    )
]
INSTALLED_APPS = [
    "shareback.console.apps.ConsoleConfig",  # before unfold, some of whose templates it replaces
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    *INSTALLED_APPS,
    "shareback.mall.accounts.apps.AccountsConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "treebeard",
    *OSCAR,
    "shareback.mall.apps.MallConfig",
]
MIDDLEWARE = [
    *MIDDLEWARE,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "shareback.web.mall_urls"
TEMPLATES[0]["OPTIONS"]["context_processors"] = [  # type: ignore[index] # a dict, as written there
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "shareback.web.context.every_page",
]
TEMPLATES[0]["OPTIONS"]["builtins"] = ["shareback.console.templatetags.forms"]  # type: ignore[index] # as above

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SITE_ID = 1
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SHAREBACK_PROXY

# Members log in by a code sent to their phone, or by their password.
ACCOUNT_ADAPTER = "shareback.mall.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
# A code has six digits and three tries; so few a day that they cannot be guessed.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_RATE_LIMITS = {"request_login_code": "30/m/ip,3/m/key,20/d/key"}
if SHAREBACK_PROXY:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Limits are counted in this cache, for each process; it may not be made to forget them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# The class that sends log-in codes, by its dotted name; see `mall.accounts.codes`.
SHAREBACK_CODE_SENDER = os.environ.get("SHAREBACK_CODE_SENDER", "")
# A code that always works: for demos, and for test issuers alone.
SHAREBACK_DEMO_CODE = os.environ.get("SHAREBACK_DEMO_CODE", "")
# None of allauth's own pages is served: where a log-in would lead to one, `login.enter` ends it.
HEADLESS_ONLY = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# Pictures of goods, and what merchants upload.
MEDIA_URL = "/media/"
MEDIA_ROOT = os.environ.get("SHAREBACK_MEDIA") or str(Path.cwd() / "var" / "media")

# `mall.pictures` removes what it has kept itself.
OSCAR_DELETE_IMAGE_FILES = False
OSCAR_SHOP_NAME = "Shareback"
OSCAR_SLUG_ALLOW_UNICODE = True
OSCAR_DEFAULT_CURRENCY = "CNY"
OSCAR_REQUIRED_ADDRESS_FIELDS = ("first_name", "line1", "line4", "country")
OSCAR_ALLOW_ANON_CHECKOUT = False
OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "awaiting_payment"
OSCAR_ORDER_STATUS_PIPELINE = {
    "awaiting_payment": ("paid", "closed"),
    "paid": ("shipped", "received", "refunded"),
    "shipped": ("received", "refunded"),
    "received": ("refunded",),
    "refunded": (),
    "closed": (),
}
