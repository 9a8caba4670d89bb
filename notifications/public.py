"""The door of `notifications` for other apps."""

from notifications.services.enclose import Consignment, EnclosedFile, mail_files
from notifications.services.listen import live_record_topic, live_token, live_topics

__all__ = [
    "Consignment",
    "EnclosedFile",
    "live_record_topic",
    "live_token",
    "live_topics",
    "mail_files",
]
