"""Django's settings, from the environment. See docs/settings.md for what each variable means."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import template_partials  # noqa: F401  fails early, with a clear name, when set-up was not run
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.outgoing import OutgoingRules
from samsyn.kernel.restoring import RESTORE_MARK
from samsyn.kernel.rooms import packages
from samsyn.settings import environment as env
from samsyn.settings.keys import read_secret, read_trail_keys

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent

MODE = env.MODE.value()
DEMONSTRATION = MODE == "demonstration"
DEBUG = False
SAMSYN_HOME = env.HOME.value() if str(env.HOME.value()) != "." else CHECKOUT / "var"
SAMSYN_HOME = SAMSYN_HOME.resolve()
BASE_URL = env.BASE_URL.value().rstrip("/")

if (SAMSYN_HOME / RESTORE_MARK).exists():
    raise ImproperlyConfigured(
        f"A restore into {SAMSYN_HOME} was cut off, so that the installation is not whole. "
        "Empty the directory, and the database if it is PostgreSQL, and run samsyn restore again."
    )

SECRET_KEY = read_secret(SAMSYN_HOME, MODE)
TRAIL_KEYS = read_trail_keys(SAMSYN_HOME, MODE)
TRAIL_ANCHOR_FILE = env.TRAIL_ANCHOR_FILE.value()
TRAIL_ANCHOR_MAIL = env.TRAIL_ANCHOR_MAIL.value()


# A role may keep settings of its own (alter role), also the application's: each connection states
# those that would change what a query finds or may do. A blank within a value needs a backslash.
STATED = (
    "jit=off",  # compiling takes longer than the query: row policies look dear to the planner
    "search_path=public,pg_temp",  # temporary tables last: they hide none of ours
    "default_transaction_read_only=off",
    "default_transaction_deferrable=off",
    r"default_transaction_isolation=read\ committed",
    "row_security=on",
    "statement_timeout=0",
    "lock_timeout=0",
    "idle_in_transaction_session_timeout=0",
    "standard_conforming_strings=on",
    "transform_null_equals=off",
)


def database(url: str) -> dict[str, Any]:
    """Return Django's description of the database that ``url`` names.

    Raises:
        ImproperlyConfigured: the address is not one of PostgreSQL.

    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SAMSYN_HOME / "samsyn.sqlite3",
            "CONN_MAX_AGE": None,  # to open it anew, its tables read anew, cost a page 6 ms
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                    "PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("SAMSYN_DATABASE_URL must begin with postgresql://")
    asked = dict(parse_qsl(parts.query))  # sslmode, sslrootcert and the like
    stated = [*(f"-c {name}" for name in STATED), asked.get("options", "")]
    return {
        "ENGINE": "samsyn.access.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A cursor that an unfinished reading leaves would end another test's transaction.
        "DISABLE_SERVER_SIDE_CURSORS": MODE == "test",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            **asked,
            "options": " ".join(stated).strip(),
            **({} if MODE == "test" else {"pool": {"min_size": 2, "max_size": 8}}),
        },
    }


DATABASES = {"default": database(env.DATABASE_URL.value())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOWED_HOSTS = env.HOSTS.value()
COOKIE_PREFIX = PATH_COOKIE_PREFIX = ""
if BASE_URL.startswith("https://"):
    COOKIE_PREFIX = "__Host-"  # browsers then take the cookie from this host over TLS only
    PATH_COOKIE_PREFIX = "__Secure-"  # for a cookie of some pages only: __Host- needs all
    CSRF_TRUSTED_ORIGINS = [BASE_URL]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
TRUSTED_PROXIES = env.trusted_proxies()
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_ENGINE = "samsyn.access.signed_in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "samsyn.access.sessions.MessageStorage"
SESSION_COOKIE_AGE = env.SESSION_HOURS.value() * 3600
SECOND_FACTOR_REQUIRED = env.SECOND_FACTOR.value() == "required" and not DEMONSTRATION
SESSION_IDLE_SECONDS = env.SESSION_IDLE_MINUTES.value() * 60
SESSION_SAVE_EVERY_REQUEST = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["models.W042"]

ROOMS = [f"samsyn.{name}" for name in packages() if name not in {"kernel", "settings"}]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # allauth's page of passkeys uses it
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "samsyn.access.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "samsyn.site.bodies.BodyLimitMiddleware",  # before the next, which reads the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "samsyn.access.sessions.SessionLimitMiddleware",
    "samsyn.access.middleware.ActorMiddleware",
    "samsyn.access.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "samsyn.access.middleware.SignInRequiredMiddleware",
    "samsyn.access.sessions.SecondFactorMiddleware",
    "samsyn.access.middleware.IdMiddleware",
]
ROOT_URLCONF = "samsyn.site.urls"
CSRF_FAILURE_VIEW = "samsyn.ui.errors.csrf_failed"
WSGI_APPLICATION = "samsyn.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "samsyn.site.navigation.frame",
            ]
        },
    }
]

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["samsyn.access.signed_in.PersonBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "samsyn.access.passwords.FamiliarWordsValidator"},
    {"NAME": "samsyn.access.password_patterns.PatternValidator"},
]
if env.BREACHED_PASSWORDS.value():
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "samsyn.access.passwords.BreachedPasswordValidator",
            "OPTIONS": {"path": env.BREACHED_PASSWORDS.value()},
        }
    )
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "site:choose-person" if DEMONSTRATION else "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited; nobody signs up by themselves
ACCOUNT_ADAPTER = "samsyn.access.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "reset_password": "samsyn.site.forms.PasswordRequestForm",
    "reset_password_from_key": "samsyn.access.password_forms.PasswordChoiceForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # nobody is asked; a session ends with the browser or its time
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # its mail would invite to sign up, which nobody may
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # a way in that no stranger can close; see access/attempts
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",  # codes of the second factor; access/attempts has passwords
    "login": "60/m/ip",
    "reset_password": "20/m/ip,5/h/key",
}
SOCIALACCOUNT_ADAPTER = "samsyn.access.adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# allauth's check is for open sign-up, where a stranger could lock out the owner of an address.
# Here nobody comes in but by a link mailed to the address, a link from the console or a provider
# that vouches for it, and allauth's own page for verifying an address is closed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "samsyn.access.factor_forms.CodeSecond",
    "login_webauthn": "samsyn.access.factor_forms.PasskeySignIn",
    "authenticate_webauthn": "samsyn.access.factor_forms.PasskeySecond",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://127.0.0.1")
SOCIALACCOUNT_PROVIDERS = {}
if env.OIDC_SERVER.value():
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": env.OIDC_NAME.value(),
                    "client_id": env.OIDC_CLIENT.value(),
                    "secret": env.OIDC_SECRET.value(),
                    "settings": {"server_url": env.OIDC_SERVER.value()},
                }
            ],
        }
    }

LANGUAGE_CODE = "en"
LANGUAGES = [("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")]
DEFAULT_LANGUAGE = env.LANGUAGE.value()
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DISPLAY_TIME_ZONE = env.TIME_ZONE.value()
FORMAT_MODULE_PATH = ["samsyn.ui.formats"]

STATIC_URL = "static/"
STATIC_ROOT = SAMSYN_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if MODE == "test"
            else "samsyn.site.static_files.PagesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
MEDIA_ROOT = SAMSYN_HOME / "files"
FILE_MB = env.FILE_MB.value()
API_CALLS = env.API_CALLS.value()
LIMITS = env.LIMITS.value()
REPORT_MB = env.REPORT_MB.value()
CLAMD = env.CLAMD.value()
FILES_BUCKET = env.FILES_BUCKET.value()
FILES_ENDPOINT = env.FILES_ENDPOINT.value()
FILES_REGION = env.FILES_REGION.value()
FILES_KEY = env.FILES_KEY.value()
FILES_SECRET = env.FILES_SECRET.value()
OUTGOING = OutgoingRules(
    networks=env.OUTGOING_NETWORKS.value(),
    ca_file=env.OUTGOING_CA_FILE.value(),
    is_open=not DEMONSTRATION,
)
FILE_UPLOAD_HANDLERS = [
    "samsyn.access.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if MODE == "test"
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": SAMSYN_HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # with 300, strangers soon push out what is counted
    }
}

EMAIL_HOST = env.MAIL_HOST.value()
EMAIL_PORT = env.MAIL_PORT.value()
EMAIL_HOST_USER = env.MAIL_USER.value()
EMAIL_HOST_PASSWORD = env.MAIL_PASSWORD.value()
EMAIL_USE_TLS = env.MAIL_TLS.value() == "starttls"
EMAIL_USE_SSL = env.MAIL_TLS.value() == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.MAIL_FROM.value()
SENDS_MAIL = bool(EMAIL_HOST) and not DEMONSTRATION
if MODE != "test":
    EMAIL_BACKEND = "samsyn.messages.backends.OutboxBackend"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # access.bodies.FORM_MOST
DATA_UPLOAD_MAX_NUMBER_FILES = 5
BACKUP_DAYS = env.BACKUP_DAYS.value()
STORE_MEMORY_MB = env.STORE_MEMORY_MB.value()
IS_IMPORT_SERIAL = env.IMPORT.value() == "serial"
CLAIM_PREFIX4 = env.CLAIM_PREFIX4.value()
CLAIM_PREFIX6 = env.CLAIM_PREFIX6.value()
CLAIM_PRIVATE = env.CLAIM_PRIVATE.value() == "allowed"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "secrets": {"()": "samsyn.access.logs.HideSecretLinks"},
        "refusals": {"()": "samsyn.access.logs.RefusalsInALine"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["refusals", "secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"samsyn": {"level": "INFO"}},
}
PART_NAMES = {
    "home": _("Home"),
    "know": _("Know"),
    "plan": _("Plan"),
    "do": _("Do"),
    "improve": _("Improve"),
    "sector": _("Sector"),
    "guide": _("Guide"),
}
