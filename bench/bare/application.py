"""The least that a Django + DRF service does for a POST: one serializer, one row."""

import os
from typing import Any
from urllib.parse import urlsplit

from a2wsgi import WSGIMiddleware
from django.conf import settings

# Nothing that Django or DRF can do without.
_BAREST: dict[str, Any] = {
    "INSTALLED_APPS": ["rest_framework"],
    "MIDDLEWARE": ["django.middleware.common.CommonMiddleware"],
    "REST_FRAMEWORK": {
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
}
# What `startproject` writes, and DRF unconfigured. Only the connection stays open, which Django would make anew.
_AS_CREATED: dict[str, Any] = {
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "rest_framework",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
}
_url = urlsplit(os.environ.get("ITSM_BENCH_BARE_URL", "postgres:///bare"))
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": _url.hostname or "",
            "PORT": str(_url.port or ""),
            "NAME": _url.path.lstrip("/"),
            "USER": _url.username or "",
            "PASSWORD": _url.password or "",
            "CONN_MAX_AGE": None,
        }
    },
    ROOT_URLCONF="bench.bare.urls",
    SECRET_KEY=os.urandom(32).hex(),
    USE_TZ=True,
    **(_AS_CREATED if os.environ.get("ITSM_BENCH_BARE_KIND") == "as_created" else _BAREST),
)

from django.core.wsgi import get_wsgi_application  # noqa: E402  the settings come first

_django: Any = get_wsgi_application()
application = WSGIMiddleware(_django, workers=int(os.environ.get("ITSM_WEB_THREADS", "4")))
