from django.apps import AppConfig


class DoorsConfig(AppConfig):
    """What both doors share: keyset pages, versions, idempotency, problem documents, headers."""

    name = "doors"
