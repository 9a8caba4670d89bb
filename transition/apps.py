from django.apps import AppConfig


class TransitionConfig(AppConfig):
    """Moving in from another tool: its history read by a mapping file."""

    name = "transition"
