"""Settings of the test suite: the real ones, made fast and cut off from the machine's own environment.

`DATABASE_URL` chooses the database server; without it the suite runs on SQLite, in a file, because
transactions of several threads cannot be tested on an in-memory database.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

OWN_DIR = tempfile.mkdtemp(prefix="reprise-test-")
atexit.register(shutil.rmtree, OWN_DIR, ignore_errors=True)
KEPT = {"DATABASE_URL", "LOG_LEVEL"}  # of our variables, all that a test run takes over from outside
for line in (Path(__file__).resolve().parent.parent / ".env.example").read_text().splitlines():
    variable = line.removeprefix("#").partition("=")[0].strip()
    if variable.isupper() and variable not in KEPT:
        os.environ.pop(variable, None)
os.environ |= {
    "ENV_FILE": os.devnull,
    "VAR_DIR": OWN_DIR,
    "SECRET_KEY": "a key for tests only, long enough and of no use anywhere else",
    "DEMO": "1",  # plain http, so that the live server can be used by a browser
    "CELERY_BROKER_URL": "memory://",
}
os.environ.setdefault("LOG_LEVEL", "ERROR")

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASE, REST_FRAMEWORK, STORAGES, VAR_DIR  # noqa: E402

# Celery reads this variable by itself, ahead of any setting: tests that use another broker could not.
os.environ.pop("CELERY_BROKER_URL")

DEMO = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
LIVE_MARKS = False  # tests of the live channel switch them on
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # Nobody's data is lost when a test machine loses power.
    DATABASE["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASE["OPTIONS"].pop("pool", None)  # a pool would hold the test database open while it is dropped

THROTTLE_REDIS_URL = ""
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])  # type: ignore[call-overload]
