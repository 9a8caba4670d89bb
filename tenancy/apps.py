from django.apps import AppConfig
from django.core.checks import register


class TenancyConfig(AppConfig):
    """Tenants, their isolation by the database, and the machine audit of every row change."""

    name = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext

        from tenancy.engine.checks import database_isolates, driver_is_psycopg2
        from tenancy.engine.words import speak_with

        speak_with(gettext)
        register(driver_is_psycopg2)
        register(database_isolates, "database")
