"""The least that a Django + DRF service does for a POST: one serializer, one row."""

import os
from typing import Any
from urllib.parse import urlsplit

from a2wsgi import WSGIMiddleware
from django.conf import settings

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
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
    ROOT_URLCONF="bench.bare.urls",
    SECRET_KEY=os.urandom(32).hex(),
    USE_TZ=True,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402  the settings come first

_django: Any = get_wsgi_application()
application = WSGIMiddleware(_django, workers=int(os.environ.get("ITSM_WEB_THREADS", "8")))
