"""The door of `notifications` for other apps."""

from notifications.services.listen import live_record_topic, live_token, live_topics

__all__ = ["live_record_topic", "live_token", "live_topics"]
