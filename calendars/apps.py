from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Working time: dated calendars."""

    name = "calendars"
