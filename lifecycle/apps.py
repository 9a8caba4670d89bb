from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """The transition engine. No tables."""

    name = "lifecycle"
