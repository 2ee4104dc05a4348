"""What is installed and how it is configured: environment variables in, Django settings out.

`YIFU_SECRET_KEY` and `YIFU_DATA_KEY` must be set where `YIFU_SIMULATION` is off; a demonstration
uses keys that everybody can read here.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from yifu import postgres

BASE_DIR = Path(__file__).resolve().parent

YIFU_SIMULATION = os.environ.get("YIFU_SIMULATION", "") == "1"
"""True where the world outside is simulated: requests may say what time it is (`Yifu-Now`)."""

DEBUG = False
_DEMO_KEY = "a key for demonstrations and tests that everybody knows"


def _secret(name: str) -> str:
    value = os.environ.get(name, "")
    if value:
        return value
    if os.environ.get("YIFU_ENV") == "production":
        raise ImproperlyConfigured(f"{name} must be set in production")
    return _DEMO_KEY


SECRET_KEY = _secret("YIFU_SECRET_KEY")
YIFU_DATA_KEY = _secret("YIFU_DATA_KEY")
YIFU_TRUSTED_TOKEN_SECONDS = 30
"""How long a checked access token is trusted without asking the database again."""
YIFU_MAX_BODY_BYTES = 1024 * 1024
YIFU_RETENTION = os.environ.get("YIFU_RETENTION", "")
"""A TOML file with the installation's own days of retention (`insurance/kinds.toml`), if any."""
if YIFU_SIMULATION and os.environ.get("YIFU_ENV") == "production":
    raise ImproperlyConfigured("YIFU_SIMULATION lets callers set the clock: never in production")

ALLOWED_HOSTS = os.environ.get("YIFU_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("YIFU_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "ninja",
    "allauth",
    "allauth.account",
    "oauth2_provider",
    "procrastinate.contrib.django",
    "yifu.ledger",
    "yifu.institutions",
    "yifu.patients",
    "yifu.catalogue",
    "yifu.credit",
    "yifu.visits",
    "yifu.insurance",
    "yifu.payments",
    "yifu.receipts",
    "yifu.collection",
    "yifu.settlement",
    "yifu.reconciliation",
    "yifu.uploads",
    "yifu.insight",
    "yifu.web",
]

MIDDLEWARE = [
    "yifu.middleware.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yifu.middleware.ApiAlone",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yifu.web.middleware.SwitchedLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yifu.web.middleware.ContentPolicy",
]

ROOT_URLCONF = "yifu.urls"
WSGI_APPLICATION = "yifu.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **postgres.django_database(postgres.default_url()),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {
                "min_size": 2,
                "max_size": int(os.environ.get("YIFU_POOL", "10")),
                "timeout": 30,
            },
            # Statements are planned once per connection; parameters travel apart from the text.
            "server_side_binding": True,
            "prepare_threshold": 2,
            # A prepared statement is planned once, not again for every set of parameters.
            "options": "-c plan_cache_mode=force_generic_plan",
        },
        "TEST": {"NAME": os.environ.get("YIFU_TEST_DB", "test_yifu")},
    }
}
postgres.bind_integers_alike()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "yifu.web.accounts.NoSelfSignup"

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 12 * 3600,
    "SCOPES": {
        "persons": "登记与查询患者 / register and read persons",
        "contracts": "签约与授信 / contracts and credit lines",
        "visits": "就诊与费用 / visits and charges",
        "settlements": "结算、撤销、退费 / settle, reverse, refund",
        "bills": "账单与还款 / bills and payments",
        "receipts": "电子票据 / receipts",
        "reconciliation": "对账 / reconciliation",
        "filings": "医保备案 / filings with the insurer",
        "catalogue": "目录与对照 / catalogues and mappings",
        "standing": "失信认定、异议与坏账 / the default list, disputes, bad debt",
    },
    "PKCE_REQUIRED": True,
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
# Files are served from the packages they come in; a front server may be given a folder of its own.
STATIC_ROOT = os.environ.get("YIFU_STATIC") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YIFU_LOG", "WARNING")},
}
