"""The door of `outbox` for other apps."""

from outbox.engine.registry import Delivered, subscribe, subscribers_of, subscriptions
from outbox.queries import dead_count, lag_seconds, oldest_waiting
from outbox.services.dispatch import dispatch_batch, release_expired_leases, replay
from outbox.services.publish import publish

__all__ = [
    "Delivered",
    "dead_count",
    "dispatch_batch",
    "lag_seconds",
    "oldest_waiting",
    "publish",
    "release_expired_leases",
    "replay",
    "subscribe",
    "subscribers_of",
    "subscriptions",
]
