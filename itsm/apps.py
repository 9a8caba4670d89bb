from django.apps import AppConfig


class ItsmConfig(AppConfig):
    """Composition root: settings, addresses, commands of the whole."""

    name = "itsm"
