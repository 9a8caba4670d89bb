from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, memberships, organisations, providers, support groups, roles and API clients."""

    name = "people"
