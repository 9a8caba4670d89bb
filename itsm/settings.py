"""Settings of the platform. Values come from the environment, then from the running instance's own file."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
ITSM_HOME = Path(os.environ.get("ITSM_HOME", BASE_DIR / ".local"))

_instance = ITSM_HOME / "instance.json"
if _instance.exists():
    # `manage.py` speaks to the instance that `make run` started, without anything to export.
    for _key, _value in json.loads(_instance.read_text()).items():
        os.environ.setdefault(_key, _value)

env = environ.FileAwareEnv()
DEBUG = env.bool("ITSM_DEBUG", default=False)
EMBEDDED = env.bool("ITSM_EMBEDDED", default="ITSM_BASE_URL" in os.environ)
SECRET_KEY = env.str(
    "ITSM_SECRET_KEY", default="static-checks-only" if "ITSM_STATIC" in os.environ else environ.Env.NOTSET
)
# Whether a fresh demonstration is given a past: real incidents, imported in the background.
DEMO_HISTORY = env.bool("ITSM_DEMO_HISTORY", default=EMBEDDED)
BASE_URL = env.str("ITSM_BASE_URL", default="http://localhost:8000")
# "tenant/host:port": where hooks of that tenant (by code) may call this machine, without TLS too. A demonstration's
# simulator, nothing otherwise.
AUTOMATION_LOCAL: list[str] = env.list("ITSM_AUTOMATION_LOCAL", default=[])
# "host:port" of the simulator that the demonstration's hooks call; empty for none.
SIMULATOR = env.str("ITSM_SIMULATOR", default="")
ALLOWED_HOSTS = env.list("ITSM_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", ".localhost"])
CSRF_TRUSTED_ORIGINS = env.list("ITSM_TRUSTED_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("ITSM_BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
SECURE_HSTS_SECONDS = 31_536_000 if BASE_URL.startswith("https:") else 0

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # Used by the log-in library's page of passkeys.
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "django_htmx",
    "django_structlog",
    "itsm",
    "design",
    "tenancy",
    "doors",
    "calling",
    "lifecycle",
    "calendars",
    "outbox",
    "people",
    "suppliers",
    "catalogue",
    "records",
    "sla",
    "approvals",
    "reporting",
    "incidents",
    "requests_app",
    "exchange",
    "governance",
    "transition",
    "notifications",
    "portal",
    "desk",
    "market",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "doors.web.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "doors.web.middleware.CompressedPageMiddleware",
    "doors.web.middleware.ProbeMiddleware",
    "doors.web.middleware.NullByteMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "people.web.middleware.ActorMiddleware",
    "people.web.middleware.LanguageMiddleware",
    "doors.web.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "itsm.urls"
WSGI_APPLICATION = "itsm.wsgi.application"
ASGI_APPLICATION = "itsm.asgi.application"
FORM_RENDERER = "design.forms.GovukRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "people.web.context.who_and_where",
                "desk.web.context.desk_navigation",
                "portal.web.context.portal_navigation",
            ],
            "builtins": ["design.templatetags.design", "django.templatetags.i18n"],
            "loaders": [
                (
                    "design.loading.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]


def database(role: str) -> dict[str, object]:
    """Connection settings for the `app` role (everything) or the `owner` (migrations only)."""
    url = env.str("DATABASE_URL" if role == "owner" else "ITSM_APP_DATABASE_URL", default="postgres:///itsm")
    parts = urlsplit(url)
    return {
        "ENGINE": "tenancy.engine.postgresql",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A server-side cursor could not carry the tenant, and a pooling proxy could not keep it.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"application_name": f"itsm-{role}", "options": "-c timezone=UTC"},
    }


# How often a connection sends a statement of a fixed shape before PostgreSQL keeps it; 0, never, for a pooling proxy.
PREPARE_AFTER = env.int("ITSM_PREPARE_AFTER", default=3)
DATABASES = {"default": database(env.str("ITSM_DB_ROLE", default="app"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379").rstrip("/")
LIVE_REDIS_URL = f"{REDIS_URL}/2"
CACHES = {"default": {"BACKEND": "doors.engine.cache.FallbackRedisCache", "LOCATION": f"{REDIS_URL}/1"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["people.web.adapter.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    # For secrets of 256 random bits, where stretching adds nothing and a token call would take two seconds.
    "people.engine.secrets.RandomSecretHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "people.web.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "people.web.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Unity Desk"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
SESSION_ENGINE = "people.web.adapter"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Empty: files are served from where they lie. Set in images, where `collectstatic` gathers them.
STATIC_ROOT = env.str("ITSM_STATIC_ROOT", default="") or None
STATICFILES_DIRS = [BASE_DIR / "build" / "static"] if (BASE_DIR / "build" / "static").exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 86_400
MEDIA_ROOT = ITSM_HOME / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
API_BODY_MAX_BYTES = 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if _smtp := env.str("SMTP_URL", default=""):
    _mail = urlsplit(_smtp)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
else:
    # Without a mail server a new password's link is still to be had, by whoever may read the instance's directory.
    EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", ITSM_HOME / "mail"
EMAIL_TIMEOUT = 10
MAIL_IS_SENT = bool(_smtp)
DEFAULT_FROM_EMAIL = env.str("ITSM_MAIL_FROM", default="service-desk@unity-desk.example")

CELERY_BROKER_URL = f"{REDIS_URL}/0"
CELERY_RESULT_BACKEND = f"{REDIS_URL}/3"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    # Without these a killed worker's task comes back only after a hundred seconds.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.api.authentication.ClientTokenAuthentication",
        "people.api.authentication.MemberSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["doors.api.permissions.Declared"],
    "DEFAULT_RENDERER_CLASSES": ["doors.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["doors.api.rendering.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["doors.api.throttle.ClientThrottle"],
    "DEFAULT_SCHEMA_CLASS": "doors.api.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "doors.api.errors.problem_handler",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
API_RATE = env.str("ITSM_API_RATE", default="60000/minute")
TOKEN_RATE = env.str("ITSM_TOKEN_RATE", default="600/minute")
SPECTACULAR_SETTINGS = {
    "TITLE": "Unity Desk API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": (
        "One resource style: numbers identify records, actions are sub-resources, errors are RFC 9457 problems."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ClockStateEnum": ["running", "paused", "stopped", "superseded", "cancelled"],
        "UserClockStateEnum": ["running", "stopped"],
        "TargetKindEnum": ["sla", "ola", "uc"],
        "ReportKindEnum": ["sla", "supplier"],
        "DraftStateEnum": ["draft", "adopted", "discarded"],
        "DisputeStateEnum": ["raised", "withdrawn", "upheld", "rejected"],
        "ComparedVerdictEnum": ["met", "breached", "open", "none"],
        "HolderEnum": ["group", "requester", "approver", "wire", "unassigned"],
        "ClaimedPartyEnum": ["group", "requester", "wire", "unassigned"],
    },
}

LOGGING_CONFIG = "itsm.logging.configure"
# Network addresses are personal data, and finding them behind proxies takes longer than the rest of a log line.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING = {"version": 1}  # Django calls the hook only when there is something to hand it
SILENCED_SYSTEM_CHECKS: list[str] = []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
