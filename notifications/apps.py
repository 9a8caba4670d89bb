from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Messages to people: mail, and the live channel of open pages."""

    name = "notifications"
