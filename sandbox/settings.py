"""Settings of the sandbox process alone. The portal never reads them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import bootstrap_wrapper
import font_lato
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("MPS_DATA_DIR") or BASE_DIR / "var")

DEBUG = False
# Nothing signed here outlives the process, so there is no secret to keep.
SECRET_KEY = secrets.token_urlsafe(50)
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "sandbox.urls"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "heroicons",
    "sandbox",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sandbox.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "sandbox.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    },
}

# Cookies are shared by all ports of a host: names of our own keep the portal's untouched.
CSRF_COOKIE_NAME = "sandbox_csrftoken"
LANGUAGE_COOKIE_NAME = "sandbox_language"

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
    ("lato", font_lato.font_directory),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MIMETYPES = {".ttf": "font/ttf"}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws some of its marks as data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"

# A thousand recipients of a personalised request are four long fields, not many small ones.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        # Faults answer 4xx and 5xx on purpose: only exceptions are news.
        "exceptions": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: record.exc_info is not None,
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"filters": ["exceptions"]},
        "django.server": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
        "mail.log": {"level": "ERROR"},
    },
}

SMSAPI_TOKEN = os.environ.get("SANDBOX_SMSAPI_TOKEN", "sandbox-token")
SERWERSMS_TOKEN = os.environ.get("SANDBOX_SERWERSMS_TOKEN", "sandbox-token")
SERWERSMS_CALLBACK_URL = os.environ.get("SANDBOX_SERWERSMS_CALLBACK_URL", "")
CALLBACK_URL = os.environ.get("SANDBOX_CALLBACK_URL", "")
REPLIES_URL = os.environ.get("SANDBOX_REPLIES_URL", "")
BANK_ACCOUNT = os.environ.get("SANDBOX_BANK_ACCOUNT", "76114020040000350243465646")
