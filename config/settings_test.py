"""Settings for tests: the real ones, with known secrets, a cheap password hash and no pool."""

import base64
import os
import tempfile
from pathlib import Path

from config import embedded

os.environ["CIVIC_DATA"] = str(Path(__file__).resolve().parent.parent / "var" / "tests")
os.environ.setdefault("DATABASE_URL", embedded.url())  # started by tests/guards/database.py
os.environ |= {
    "CIVIC_ENV": "development",
    "CIVIC_SECRET_KEY": "for tests only",
    "CIVIC_FIELD_KEYS": "test:" + base64.b64encode(b"t" * 32).decode(),
    "CIVIC_HASH_KEY": "for tests only",
    "CIVIC_CITY": "public",
    "CIVIC_LOG_LEVEL": "WARNING",
    **dict.fromkeys(("CIVIC_POOL", "CIVIC_DEMO", "CIVIC_SECOND_FACTOR"), "no"),
}

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["default"]["BACKEND"] = "django.core.files.storage.InMemoryStorage"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is not there
MEDIA_ROOT = tempfile.mkdtemp(prefix="civic-tests-")  # emptied with the machine's own temporary files
DATABASES["default"]["OPTIONS"]["options"] += " -c civic.allow_truncate=yes"  # the flush between tests
