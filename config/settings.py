"""Reprise settings: one module, driven by the environment.

`docs/configuration.md` explains every variable and `.env.example` lists them. A secret can also be given as a
file: `SECRET_KEY_FILE=/run/secrets/key` instead of `SECRET_KEY=...`. Numbers that belong to one feature live
by that feature; here are only those that the person who runs the server may want to change.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config import brokers, csp, logs, valkey

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))


def secret(name: str, default: str = "") -> str:
    """The variable `name`, or the content of the file that `name`_FILE points to.

    Raises ImproperlyConfigured if both are given, or if that file cannot be read.
    """
    path = env.str(f"{name}_FILE", default="")
    if not path:
        return env.str(name, default=default)
    if env.str(name, default=""):
        raise ImproperlyConfigured(f"both {name} and {name}_FILE are set: which one is meant?")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error.strerror}") from error


def kept_secret(path: Path) -> str:
    """A random secret that is made once and kept in `path` (mode 0600), for demo and development only."""
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


# --- What kind of run this is ---------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
# Plain http on one's own machine: no secure cookies, no HSTS, a secret of our own making.
TRUSTING = DEBUG or DEMO

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = secret("SECRET_KEY")
if not SECRET_KEY:
    if not TRUSTING:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Give the server a random one (SECRET_KEY or SECRET_KEY_FILE); "
            "to try Reprise or to work on it, run `make demo` or set DEMO=1 or DEBUG=1."
        )
    SECRET_KEY = kept_secret(VAR_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Where people reach the site, for links in mail; a request is not at hand there.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Apps -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "feeds",
    "orders",
    "reposts",
    "clips",
    "accounts",
    "config.admin_app.DeskConfig",  # Django's admin, see config.admin_site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "config.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.csp.PolicyMiddleware",
    "config.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.DepartureMiddleware",
    "accounts.middleware.PresenceMiddleware",
    "accounts.middleware.MovedMiddleware",
    "accounts.entrances.EntranceMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "feeds.notifications.context.badge",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not TRUSTING

# --- Database -------------------------------------------------------------------------------------
# Measured with 4 writing threads for 20 s: Django's defaults gave 2,144 "database is locked", these none.
# IMMEDIATE takes the write lock at BEGIN, so ATOMIC_REQUESTS must stay off: every GET would queue behind
# every writer.
SQLITE_OPTIONS = {
    "timeout": 20,  # seconds
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
    "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;",
}
DATABASE_URL = secret("DATABASE_URL", f"sqlite:///{VAR_DIR / 'reprise.sqlite3'}")
DATABASE: dict[str, Any] = env.db_url_config(DATABASE_URL)
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = SQLITE_OPTIONS | DATABASE.get("OPTIONS", {})
elif DATABASE["ENGINE"].endswith("postgresql") and env.bool("DATABASE_POOL", default=True):
    # psycopg's pool keeps the connections, so Django itself must not: CONN_MAX_AGE=0. Off behind pgbouncer.
    pool = {"min_size": 2, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 5}
    DATABASE["OPTIONS"] = {"pool": pool} | DATABASE.get("OPTIONS", {})
    DATABASE["CONN_MAX_AGE"] = 0
DATABASES = {"default": DATABASE}

# --- Cache ----------------------------------------------------------------------------------------
# Built by hand: django-environ sends redis URLs to django-redis. The demo shares the broker's embedded server
# (database 1).
EMBEDDED_VALKEY = valkey.socket_path(VAR_DIR)
CACHE_URL = secret("CACHE_URL", valkey.cache_url(EMBEDDED_VALKEY) if DEMO else "")
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if CACHE_URL:
    CACHES["default"] = {
        "BACKEND": "config.caching.ForgivingRedisCache",
        "LOCATION": CACHE_URL.replace("valkey://", "redis://", 1).replace("valkeys://", "rediss://", 1),
        "KEY_PREFIX": "reprise",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},  # seconds
    }
# Throttles are counted there too; without it (and while it does not answer) in the database.
THROTTLE_REDIS_URL = CACHES["default"].get("LOCATION", "")

# --- Celery ---------------------------------------------------------------------------------------
# Acknowledged after the work and redelivered when a worker dies, so every task may run twice: they are all
# idempotent.
CELERY_BROKER_URL = secret("CELERY_BROKER_URL", valkey.broker_url(EMBEDDED_VALKEY))
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Seconds; must stay below the visibility timeout.
CELERY_TASK_TIME_LIMIT = env.int("CELERY_TASK_TIME_LIMIT", default=1500)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_TIMEZONE = "UTC"
# A web request publishes after its commit and must not hang when the broker is away: the row is the outbox
# and the sweeper finds it. Two seconds to connect, one quick retry.
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
# A task that runs longer than this (seconds) is started a second time, on Redis and Valkey.
CELERY_VISIBILITY_TIMEOUT = env.int("CELERY_VISIBILITY_TIMEOUT", default=1800)
CELERY_BROKER_TRANSPORT_OPTIONS = brokers.transport_options(CELERY_BROKER_URL, CELERY_VISIBILITY_TIMEOUT)
CELERY_TASK_QUEUES = brokers.queues(CELERY_BROKER_URL)
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a misspelt queue name is an error, not a queue nobody reads
CELERY_TASK_DEFAULT_QUEUE = CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
CELERY_TASK_DEFAULT_EXCHANGE, CELERY_TASK_DEFAULT_EXCHANGE_TYPE = brokers.exchange(CELERY_BROKER_URL)
CELERY_TASK_ROUTES = {
    "feeds.tasks.*": {"queue": "feeds"},
    # A clip whose time has come does not wait behind the preparation of others. (An exact name goes before a pattern.)
    "clips.tasks.publish_due": {"queue": "default"},
    "clips.tasks.*": {"queue": "media"},
    "accounts.tasks.deliver_mail": {"queue": "mail"},
    "accounts.tasks.sweep_mail": {"queue": "mail"},
    # Long work on files, which must not stand in the way of fan-out.
    "accounts.tasks.make_exports": {"queue": "media"},
    "accounts.tasks.erase_due": {"queue": "media"},
}
CELERY_BEAT_SCHEDULE = {
    # A tick that could not run before the next one is dropped: ticks never pile up behind a stopped worker.
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "feeds.tasks.sweep_fanout": 5.0,
        "feeds.tasks.refresh_trending": 300.0,
        "clips.tasks.sweep_media": 15.0,
        "clips.tasks.publish_due": 10.0,
        "clips.tasks.tidy_media": 3600.0,
        "clips.tasks.purge_comments": 3600.0,
        "clips.tasks.recount_talk": 86400.0,
        "feeds.tasks.retire_inactive_feeds": 3600.0,
        "feeds.notifications.tasks.sweep_digests": 300.0,
        "feeds.notifications.tasks.forget_old_notifications": 24 * 3600.0,
        "accounts.tasks.sweep_mail": 30.0,
        "accounts.tasks.tidy_accounts": 3600.0,
        "feeds.tasks.sweep_search": 3600.0,
        "accounts.tasks.sweep_exports": 20.0,
        "accounts.tasks.erase_due": 300.0,
        "accounts.tasks.tidy_departures": 3600.0,
    }.items()
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- Feeds and uploads ----------------------------------------------------------------------------
# Marks in the cache tell whether anything changed for a viewer (feeds.live): only in one that all processes share.
LIVE_MARKS = bool(CACHE_URL)

FEED_LENGTH = env.int("FEED_LENGTH", default=800)  # activities kept per viewer
FANOUT_LIMIT = env.int("FANOUT_LIMIT", default=5000)  # followers; accounts above it are merged at read
# People away for longer get no fan-out; their feed is rebuilt when they return.
ACTIVE_DAYS = env.int("ACTIVE_DAYS", default=14)
FANOUT_CHUNK = env.int("FANOUT_CHUNK", default=100_000)  # feed entries a delivery task: some 0.15 s on SQLite

UPLOADS_IN_PROCESSING = env.int("UPLOADS_IN_PROCESSING", default=10)  # of one person at the same time
# Uploads go to disk at once, beside where they will be kept: moving them there is a rename.
FILE_UPLOAD_HANDLERS = ["clips.upload_handler.BoundedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Files ----------------------------------------------------------------------------------------
# Media is private: there is no MEDIA_URL, a view authorises every request. Behind nginx, X_ACCEL_PREFIX names
# the `internal` location that maps to MEDIA_ROOT, and the proxy sends the bytes.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))).absolute()
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", default="")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))).absolute()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# One backend, so that one password is hashed a try, whether or not the handle is known.
AUTHENTICATION_BACKENDS = ["accounts.backends.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
HANDLE_CHANGES = env.int("HANDLE_CHANGES", default=2)  # of one person in HANDLE_CHANGE_DAYS
HANDLE_CHANGE_DAYS = env.int("HANDLE_CHANGE_DAYS", default=14)
HANDLE_RESERVED_DAYS = env.int("HANDLE_RESERVED_DAYS", default=90)  # nobody else may take a former handle
ERASURE_GRACE_DAYS = env.int("ERASURE_GRACE_DAYS", default=14)  # between asking for deletion and erasing
EXPORT_DAYS = env.int("EXPORT_DAYS", default=7)  # an export can be downloaded for so long
EXPORTS_A_DAY = env.int("EXPORTS_A_DAY", default=3)  # of one person
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an address given at sign-up gets a link; nobody waits for it
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one takes its place when it is confirmed
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # ours count at the same doors, see accounts.throttle
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
PASSWORD_RESET_TIMEOUT = 3600  # seconds, from when the mail is sent
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUpForm",
    "login": "accounts.forms.SignInForm",
    "add_email": "accounts.security_forms.EmailForm",
    "change_password": "accounts.security_forms.PasswordChangeForm",
    "reauthenticate": "accounts.security_forms.ConfirmPasswordForm",
    "reset_password": "accounts.security_forms.PasswordForgottenForm",
    "reset_password_from_key": "accounts.security_forms.PasswordSetForm",
}
ACCOUNT_SIGNUP_REDIRECT_URL = "accounts:welcome"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # one step of 30 s before and after: RFC 6238, 5.2
# allauth fears that somebody bars an address's owner from the account; here an unconfirmed address opens nothing
# that a confirmed one would.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "accounts.security_forms.TotpForm",
    "add_webauthn": "accounts.security_forms.PasskeyAddForm",
    "authenticate": "accounts.security_forms.CodeForm",
    "authenticate_webauthn": "accounts.security_forms.PasskeyForm",
    "edit_webauthn": "accounts.security_forms.PasskeyEditForm",
    "login_webauthn": "accounts.security_forms.PasskeyLoginForm",
    "reauthenticate": "accounts.security_forms.ConfirmCodeForm",
    "reauthenticate_webauthn": "accounts.security_forms.ConfirmPasskeyForm",
}
STAFF_NEEDS_MFA = not DEMO  # accounts.mfa.must_set_up
EMAIL_TIMEOUT = 10  # seconds
vars().update(env.email_url_config(secret("EMAIL_URL", "consolemail://")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Reprise <reprise@localhost>")

# --- The API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["config.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.ProblemAutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.api.throttling.AddressThrottle",
        "accounts.api.throttling.PersonThrottle",
        "accounts.api.throttling.ScopeThrottle",
    ],
    # How often, for pages and API alike (accounts.throttle). Views name theirs by `throttle_scope`.
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", default="120/min"),
        "user": env.str("THROTTLE_USER", default="600/min"),
        "sign_in": env.str("THROTTLE_SIGN_IN", default="20/min"),
        "sign_up": env.str("THROTTLE_SIGN_UP", default="20/hour"),
        "reset": env.str("THROTTLE_RESET", default="10/hour"),
        "confirm": env.str("THROTTLE_CONFIRM", default="10/min"),
        # Wrong passwords and codes: the reasons stand in accounts.guards.
        "guess": env.str("THROTTLE_GUESS", default="10/10m"),
        "guess_account": env.str("THROTTLE_GUESS_ACCOUNT", default="100/hour"),
        "code": env.str("THROTTLE_CODE", default="5/15m"),
        "upload": env.str("THROTTLE_UPLOAD", default="60/hour"),
        "send": env.str("THROTTLE_SEND", default="60/min"),
        "comment": env.str("THROTTLE_COMMENT", default="30/min"),
        "like": env.str("THROTTLE_LIKE", default="120/min"),
    },
    "EXCEPTION_HANDLER": "config.api.problems.exception_handler",
    "DATETIME_FORMAT": "iso-8601",
    "UPLOADED_FILES_USE_URL": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 -- the name of a model
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": timedelta(days=env.int("TOKEN_DAYS", default=90)),
    "TOKEN_LIMIT_PER_USER": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Reprise",
    "DESCRIPTION": "Publish short vertical clips, repost the ones you want your people to see, read feeds.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "ENUM_NAME_OVERRIDES": {
        "ClipState": "clips.models.ClipState",
        "ClipVisibility": "clips.models.Audience",
        "RepostPolicy": "clips.models.RepostPolicy",
        "PublicationPlan": "clips.models.Plan",
        "WatchSource": "clips.models.WatchSource",
        "CommentPolicy": "clips.models.CommentPolicy",
        "RepostAudience": "reposts.models.RepostAudience",
        "SendsFrom": "accounts.models.SendsFrom",
        "SendReaction": "clips.models.SendReaction",
        "RepostsTabAudience": "accounts.models.TabAudience",
        "MuteScope": "accounts.models.MuteScope",
        "ReasonKind": "feeds.models.ActivityKind",
        "NotificationKind": "feeds.notifications.models.Kind",
        "DigestPeriod": "feeds.notifications.models.Digest",
    },
    "PATH_CONVERTER_OVERRIDES": {
        "id": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "hashtag": {"type": "string", "minLength": 1, "maxLength": 64},
        "handle": {"type": "string", "pattern": "^[A-Za-z0-9._]{1,30}$"},
        "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2})?$"},
    },
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Security -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {"DIRECTIVES": csp.STRICT}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not TRUSTING
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=not TRUSTING)
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health/"]  # probes speak plain http to the container
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0 if TRUSTING else 30 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# Subdomains and preloading bind other sites of the same domain: the owner of the domain decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Proxies of ours in front: how far to believe what they say about the client.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = REST_FRAMEWORK["NUM_PROXIES"] = TRUSTED_PROXY_COUNT
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs -----------------------------------------------------------------------------------------
LOGGING_CONFIG = "config.logs.configure"
LOGGING = logs.settings(level=env.str("LOG_LEVEL", default="INFO"), json=env.bool("LOG_JSON", default=not TRUSTING))
