"""Settings: safe in production by default, read from the environment, loud when something is missing."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from civic.core import env
from config import embedded

BASE = Path(__file__).resolve().parent.parent
DATA = env.folder("CIVIC_DATA", BASE / "var")
env.from_file(DATA / "secrets.env")

ENVIRONMENT = env.text("CIVIC_ENV", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise env.BadSetting("CIVIC_ENV must be development or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("CIVIC_DEBUG")
if PRODUCTION and DEBUG:
    raise env.BadSetting("CIVIC_DEBUG must be off in production.")

# --- Secrets: made by `civic` in the data folder for a demo, demanded from the environment in production.
SECRET_KEY = env.text("CIVIC_SECRET_KEY")
CIVIC_FIELD_KEYS = env.keys("CIVIC_FIELD_KEYS")
CIVIC_HASH_KEY = env.text("CIVIC_HASH_KEY").encode()
for _name, _value in (
    ("CIVIC_SECRET_KEY", SECRET_KEY),
    ("CIVIC_FIELD_KEYS", CIVIC_FIELD_KEYS),
    ("CIVIC_HASH_KEY", CIVIC_HASH_KEY),
):
    if not _value:
        raise env.BadSetting(f"{_name} is not set. Run `civic secrets` once, or set it in the environment.")

ALLOWED_HOSTS = env.words("CIVIC_ALLOWED_HOSTS", "" if PRODUCTION else "*")
CSRF_TRUSTED_ORIGINS = env.words("CIVIC_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "civic.core",
    "civic.journal",
    "civic.places",
    "civic.people",
    "civic.access",
    "civic.notices",
    "civic.venues",
    "civic.volunteers",
    "civic.orders",
    "civic.fairs",
    "civic.pooling",
    "civic.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "civic.core.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "civic.core.middleware.PlainTextMiddleware",
    "civic.people.middleware.SessionMiddleware",
    "civic.access.middleware.AudienceMiddleware",
    "civic.journal.middleware.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "civic.core.context.page",
                "civic.access.context.city",
                "civic.portal.context.counts",
            ],
        },
    }
]

# --- Database: PostgreSQL everywhere; a private server in the data folder when none is named.
DATABASE_URL = env.text("DATABASE_URL") or embedded.url(DATA)
CITY_SCHEMA = env.text("CIVIC_CITY", "public")
if not CITY_SCHEMA.isidentifier():
    raise env.BadSetting("CIVIC_CITY must be a plain identifier: it names the schema of the city.")


def database(url: str) -> dict[str, object]:
    """Django's database setting from a `postgresql://` address; a socket folder goes into `?host=`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise env.BadSetting("DATABASE_URL must begin with postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    # Prepared statements look one row up by its key (core/rows.py): they need no plan for each value.
    plans = "-c plan_cache_mode=force_generic_plan"
    options: dict[str, object] = {
        "options": f"-c search_path={CITY_SCHEMA},public {plans}",
        "prepare_threshold": 0,
    }
    if env.flag("CIVIC_POOL", default=True):
        options["pool"] = {"min_size": 1, "max_size": env.number("CIVIC_POOL_SIZE", 12), "timeout": 15}
    if "sslmode" in query:
        options["sslmode"] = query["sslmode"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,  # connections from before a restart of the database are not handed out
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", "")) or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sessions (docs/security.md).
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["civic.people.backends.PersonBackend"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "civic.people.sessions"  # the database: a cache would show stale drafts
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "civic.core.pages.stale"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STAFF_IDLE_MINUTES = 30
ADMIN_IDLE_MINUTES = 15
SECOND_FACTOR = env.flag("CIVIC_SECOND_FACTOR", default=True)  # everyone who works for the city
if PRODUCTION and not SECOND_FACTOR:
    raise env.BadSetting("CIVIC_SECOND_FACTOR must be on in production.")
CODES_PER_ADDRESS = env.number("CIVIC_CODES_PER_ADDRESS", 10)
PRIVACY_NOTICE_VERSION = env.text("CIVIC_PRIVACY_NOTICE_VERSION", "2026-11")

# --- Language and time.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "civic" / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FIRST_DAY_OF_WEEK = 1

# --- Files.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_PICTURE_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_WORKBOOK_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_WORKBOOK_MAX_ROWS = 10_000

# --- Headers.
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("CIVIC_HTTPS", default=True)
    SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT
    if SECURE_SSL_REDIRECT:  # the prefix binds a cookie to this very host, over TLS
        SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
TRUSTED_PROXIES = env.words("CIVIC_TRUSTED_PROXIES")

# --- The city (docs/how-to/city.md). One installation serves one city.
CITY = {
    "name": env.text("CIVIC_CITY_NAME", "长治市"),
    "product": env.text("CIVIC_PRODUCT_NAME", "实践云"),
    "host_unit": env.text("CIVIC_HOST_UNIT"),
    "phone": env.text("CIVIC_PHONE"),
    "icp": env.text("CIVIC_ICP"),
    "police_filing": env.text("CIVIC_POLICE_FILING"),
    "order_steps": env.number("CIVIC_ORDER_STEPS", 5),
}
DEMO = env.flag("CIVIC_DEMO")
if DEMO and PRODUCTION:
    raise env.BadSetting("CIVIC_DEMO must be off in production: demo accounts have published passwords.")

# --- Notices: channel folders of civic/notices/channels/.
NOTICE_CHANNEL = env.text("CIVIC_NOTICE_CHANNEL", "file")
SMS_GATEWAY_URL = env.text("CIVIC_SMS_URL")
SMS_GATEWAY_TOKEN = env.text("CIVIC_SMS_TOKEN")
if PRODUCTION and NOTICE_CHANNEL != "sms_http":
    raise env.BadSetting(
        "CIVIC_NOTICE_CHANNEL must be sms_http in production: one-time codes go nowhere else."
    )

# --- Orders: deadlines in working hours of the Chinese calendar (domain §3.9); a working day has eight.
ORDER_DEADLINES = {
    "screen": 8,
    "screen_urgent": 2,
    "dispatch": 8,
    "accept": 16,
    "provision": 16,
}
ORDER_REVIEW_DAYS = 7
ORDER_CALLBACK_SHARE = 0.08

PROCRASTINATE_ON_APP_READY = None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("CIVIC_LOG_LEVEL", "INFO")},
    "loggers": {"jieba": {"level": "WARNING"}, "procrastinate": {"level": "WARNING"}},
}
