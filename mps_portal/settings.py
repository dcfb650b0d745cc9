"""All settings of the portal, from the environment.

What has no safe default has none: a missing variable stops the start with its name. `.env.example` lists them all;
`bin/demo.env` holds the values of the demo and of the tests.
"""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path

import bootstrap_wrapper
import environ
import font_lato
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What this installation is --------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
# The address under which people and the gateway reach the portal; links in mail start with it.
PORTAL_URL = env.str("PORTAL_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
# The demo says on every page that it is one and links the sandbox. Never set in production.
SANDBOX_URL = env.str("SANDBOX_URL", default="").rstrip("/")
DATA_DIR = Path(env.str("MPS_DATA_DIR", default=str(BASE_DIR / "var")))

# --- The seller on invoices and transfers ---------------------------------------------------------
SELLER_NAME = env.str("SELLER_NAME")
SELLER_STREET = env.str("SELLER_STREET")
SELLER_POSTAL_CODE = env.str("SELLER_POSTAL_CODE")
SELLER_CITY = env.str("SELLER_CITY")
SELLER_NIP = env.str("SELLER_NIP")
SELLER_ACCOUNT = env.str("SELLER_ACCOUNT").replace(" ", "")
# A folder in which the bank's program puts statements; empty: statements are uploaded only.
STATEMENT_FOLDER = env.str("STATEMENT_FOLDER", default="")
VAT_RATE = env.int("VAT_RATE", default=23)
# Four digits of the tax office (kod urzędu), which JPK files name; empty: no such files.
SELLER_TAX_OFFICE = env.str("SELLER_TAX_OFFICE", default="")
# Of a seller who charges no VAT: the act and article that exempt it, printed on invoices (art. 106e ust. 1 pkt 19).
VAT_EXEMPTION = env.str("VAT_EXEMPTION", default="")
# "vat" or "advance": what a payment for messages to come is, the seller's accountant decides (art. 19a).
INVOICE_KIND = env.str("INVOICE_KIND", default="vat")
if INVOICE_KIND not in ("vat", "advance"):
    raise ImproperlyConfigured(f"INVOICE_KIND: {INVOICE_KIND} is neither vat nor advance")
# A PNG or SVG file for the invoice's head; empty: the mark of MPS.
SELLER_LOGO = env.str("SELLER_LOGO", default="")

# --- The SMS gateway ------------------------------------------------------------------------------
SMS_GATEWAY = env.str("SMS_GATEWAY", default="smsapi")
# Messages leave by this one while the first is halted or fails again and again; empty: they wait.
SMS_FALLBACK_GATEWAY = env.str("SMS_FALLBACK_GATEWAY", default="")
if unknown := {SMS_GATEWAY, SMS_FALLBACK_GATEWAY} - {"smsapi", "serwersms", ""}:
    # Not only once the fallback is needed.
    raise ImproperlyConfigured(f"SMS_GATEWAY, SMS_FALLBACK_GATEWAY: {unknown} is no gateway")
SMSAPI_URL = env.str("SMSAPI_URL", default="https://api.smsapi.pl/")
SMSAPI_TOKEN = env.str("SMSAPI_TOKEN")
# The unguessable part of the address that delivery reports come to: SMSAPI does not sign them.
SMSAPI_CALLBACK_SECRET = env.str("SMSAPI_CALLBACK_SECRET")
# Where one of the two settings names it, what has no safe default is required.
_UNUSED = {} if "serwersms" in (SMS_GATEWAY, SMS_FALLBACK_GATEWAY) else {"default": ""}
SERWERSMS_URL = env.str("SERWERSMS_URL", default="https://api2.serwersms.pl/")
SERWERSMS_TOKEN = env.str("SERWERSMS_TOKEN", **_UNUSED)
# As above. Empty: nobody's reports are taken.
SERWERSMS_CALLBACK_SECRET = env.str("SERWERSMS_CALLBACK_SECRET", **_UNUSED)
# Sent when the agency has no authorised sender name of its own.
DEFAULT_SENDER = env.str("DEFAULT_SENDER", default="Bramka SMS")
# Messages in one gateway request. Small, so that a lost answer leaves few of them uncertain.
SEND_BATCH_SIZE = env.int("SEND_BATCH_SIZE", default=100)
# Requests that one worker has under way at once. They mostly wait: eight keep a gateway busy that answers in 200 ms.
SEND_THREADS = env.int("SEND_THREADS", default=8)
# Jobs that send at once, on as many workers: one is enough below some 3,000 messages a second.
SEND_JOBS = env.int("SEND_JOBS", default=1)
# Of all workers together; SMSAPI allows 100 from one address. 0: as fast as it goes.
SEND_REQUESTS_PER_SECOND = env.int("SEND_REQUESTS_PER_SECOND", default=50)
# How long what is sent "now" can be undone.
SEND_UNDO_SECONDS = env.int("SEND_UNDO_SECONDS", default=30)
# Seconds for which a gateway's answer is waited for. A worker that is being stopped ends within 30 s, this included.
GATEWAY_TIMEOUT = env.float("GATEWAY_TIMEOUT", default=15)
# Seconds after which a claimed message is taken to be left behind by a dead worker. Above any gateway timeout.
SENDING_LEASE = env.int("SENDING_LEASE", default=120)

# --- The VAT register -----------------------------------------------------------------------------
# The white list of the Ministry of Finance: names and addresses by NIP, for the registration form.
WHITE_LIST_URL = env.str("WHITE_LIST_URL", default="https://wl-api.mf.gov.pl").rstrip("/")

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "mps_portal",
    "messaging",
    "billing",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_q",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "mps_portal.static_files.ServedStaticFiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mps_portal.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.OriginMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "mps_portal.urls"
WSGI_APPLICATION = "mps_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "mps_portal.template_loaders.Filesystem",
                        "mps_portal.template_loaders.AppDirectories",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mps_portal.context_processors.portal",
                "billing.context_processors.wallet",
            ],
            "builtins": ["mps_portal.templatetags.fixed_urls"],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Databases, cache, jobs -----------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/portal.sqlite3")}
# Seconds for which a thread keeps its connection. One for each request costs a quarter of a page on SQLite, which reads
# the schema of all tables anew, and as much on PostgreSQL, which starts a process.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "mps_portal.sqlite3"
    DATABASES["default"]["OPTIONS"] = {
        # Readers never wait for the writer; a transaction takes the write lock at its start, so two of them
        # queue up instead of failing in the middle. FULL: a lost commit could send an SMS twice.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # 80 MB of log before it is written into the database, instead of 4: what bulk work writes to one page again and
        # again is written there once.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;"
            " PRAGMA wal_autocheckpoint=20000;"
        ),
    }
else:
    # Every query is short and goes by an index: workers of PostgreSQL's own, and compiling, only cost time. And disks
    # have no heads to move: by the default of 4 a page of a large agency's list is looked for among all messages.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
    )
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Empty: the broker and the cache live in the database.
REDIS_URL = env.str("REDIS_URL", default="")
# Shared by all processes: login limits count in it.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "mps_cache",
            # The default, 300, lets whoever tries many logins push out the counts of the earlier ones.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    ),
    # Parts of pages that are the same for everybody of a role, in the memory of each process.
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": None},
}

Q_CLUSTER = {
    "name": "mps",
    "workers": env.int("WORKERS", default=2),
    # Seconds. A job runs shorter than `timeout`; one that a dead worker held comes back after `retry`.
    "timeout": 90,
    "retry": 120,
    # Jobs are idempotent and their retries live on the rows they work on, so the queue itself never repeats one.
    "ack_failures": True,
    "max_attempts": 1,
    # Successes are not kept: with the default, each finished job first loads 250 old results.
    "save_limit": -1,
    "catch_up": False,
    "label": "MPS",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

# --- People and passwords -------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.auth_backends.WithAgency"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# The first password is mailed, so whoever logs in has read mail at that address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# allauth's own copies the address into a table of its own, unverified. From there it goes on logging in after a change
# of e-mail, and forbids a second factor. Django's makes links that a changed address voids, too.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {"login": "accounts.login_forms.LoginForm"}
# Each registration, reset and invitation mails a stranger's address. Failed logins: 10 a minute from an address, 5 in
# 5 minutes for an account, counted in the cache that all processes share.
ACCOUNT_RATE_LIMITS = {
    "signup": "10/m/ip,60/h/ip",
    "registration_mail": "5/h/key",
    "send_again": "10/h/ip,3/h/key",
    # The VAT register allows about a hundred questions a day, from all visitors together.
    "look_up": "5/m/ip,20/h/ip",
    "reset_password": "10/m/ip,3/h/key",
    "invite": "30/h/user",
}
# Seconds after which sensitive steps ask again for the password or the second factor.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ONE_TIME_PASSWORD_DAYS = 7

# --- Second factor and sessions -------------------------------------------------------------------
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.second_factor_forms.AuthenticateForm",
    "reauthenticate": "accounts.second_factor_forms.ReauthenticateForm",
    "activate_totp": "accounts.second_factor_forms.ActivateTOTPForm",
    "add_webauthn": "accounts.second_factor_forms.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "MPS"
# Clocks of telephones are wrong by half a minute.
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys over plain HTTP on localhost only, where the portal is tried.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.bool("HTTPS", default=True)
USERSESSIONS_ADAPTER = "accounts.sessions.SessionsAdapter"

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

# --- Mail -----------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where people write to the operator: in the documents, and in mails that send them there.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
# Who runs the servers: the documents name everybody whom data are entrusted to.
HOSTING_PROVIDER = env.str("HOSTING_PROVIDER", default="")
# Who gets a mail about errors: places in the code, no data. Nobody, if empty.
ADMINS = [("MPS", address) for address in env.list("ADMINS", default=[])]

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
LATO_DIR = Path(font_lato.__file__).parent / "files"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
    ("lato", LATO_DIR),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mps_portal.static_storage.StaticStorage"},
}

# --- Security -------------------------------------------------------------------------------------
# Off only where the portal is tried over plain HTTP on the same machine.
HTTPS = env.bool("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Only behind a proxy that sets X-Forwarded-Proto itself and adds the visitor's address to X-Forwarded-For.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The visitor's address is the one that the proxy added last: limits must not count all visitors as one.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# A campaign to thousands of ticked clients posts as many fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's own style sheet draws its small icons as data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Logs -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # No values of exceptions, no phone numbers (mps_portal/failures.py).
    "formatters": {
        "line": {
            "()": "mps_portal.failures.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail": {"class": "mps_portal.failures.ErrorMailHandler", "formatter": "line"},
    },
    "root": {"handlers": ["console", "mail"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Instead of Django's own mails, which show local variables and what was posted.
        "django": {"handlers": []},
        # Statements with their values, whatever LOG_LEVEL says.
        "django.db.backends": {"level": "INFO"},
        # One line for each job says nothing that the rows do not say better.
        "django-q": {"level": "WARNING"},
    },
}
