from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Messages written in the transaction of the change they tell of, and delivered after it."""

    name = "outbox"
