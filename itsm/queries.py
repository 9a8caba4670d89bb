"""Whether the platform is fit to serve."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from itsm.celery import app
from outbox.public import dead_count, lag_seconds
from records.public import scanner_name
from sla.public import sweep_lag_seconds

MAX_LAG_SECONDS = 60.0
BEAT_KEY = "worker-heartbeat"


def readiness() -> dict[str, Any]:
    """What the platform stands on, each part with "ok" or what is wrong, and `ready` for all that must be there.

    Redis and the worker are reported but not required: writes succeed without them and messages wait.
    """
    required = {
        "database": _try(_database),
        "migrations": _try(_migrations),
        "sweep": _try(lambda: _lag(sweep_lag_seconds())),
        "outbox": _try(lambda: _lag(lag_seconds())),
    }
    reported = {"broker": _try(_broker), "worker": _try(_worker)}
    return {
        "ready": all(part["status"] == "ok" for part in required.values()),
        **required,
        **reported,
        "dead_deliveries": _number(dead_count),
        "scanner": scanner_name(),
    }


def _try(check: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"status": "ok"} | check()
    except Exception as error:  # noqa: BLE001  whatever is wrong, the report must come
        return {"status": "failed", "reason": type(error).__name__}


def _number(read: Callable[[], int]) -> int | None:
    try:
        return read()
    except Exception:  # noqa: BLE001  the database part says what is wrong
        return None


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _migrations() -> dict[str, Any]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {"status": "pending", "count": len(pending)} if pending else {}


def _lag(seconds: float) -> dict[str, Any]:
    status = {} if seconds <= MAX_LAG_SECONDS else {"status": "late"}
    return {"lag_seconds": round(seconds, 3)} | status


def _broker() -> dict[str, Any]:
    with app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=1)
    return {}


def _worker() -> dict[str, Any]:
    return {} if cache.get(BEAT_KEY) else {"status": "silent"}
