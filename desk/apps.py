from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The agents' workspace over all processes."""

    name = "desk"
