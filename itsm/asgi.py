"""One ASGI server for everything: Django on a pool of threads, live streams beside it on the event loop.

Django's own ASGI handler would give every request a fresh thread and so a fresh database connection, and each live
stream one of both; here a stream costs neither.
"""

import gc
import os
from typing import Any

from a2wsgi import WSGIMiddleware

from itsm.wsgi import application as django
from notifications.live.endpoint import LiveEndpoint

# What was loaded stays for ever: the collector need not walk through it again and again, a tenth of a request's time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)

# Threads of a process take turns at Python: more of them than wait for the database cost each request an eighth more.
_THREADS = int(os.environ.get("ITSM_WEB_THREADS", "4"))
_django = WSGIMiddleware(django, workers=_THREADS)  # type: ignore[arg-type]  # Django is WSGI
_live = LiveEndpoint()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Live streams under /live/, all else to Django."""
    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        await _live(scope, receive, send)
    else:
        await _django(scope, receive, send)  # type: ignore[arg-type]
