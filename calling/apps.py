from django.apps import AppConfig


class CallingConfig(AppConfig):
    """Calling other systems: which addresses, signed how, within what time. No tables."""

    name = "calling"
