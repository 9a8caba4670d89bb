from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The end users' journeys."""

    name = "portal"
