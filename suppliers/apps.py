from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Contracts with those who supply components of services."""

    name = "suppliers"
