from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created


class TenancyConfig(AppConfig):
    """Tenants, their isolation by the database, and the machine audit of every row change."""

    name = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenancy.engine.checks import database_isolates, driver_is_psycopg2
        from tenancy.engine.wrapper import install

        # The one place where a Django signal is right: a connection has no other birth certificate.
        connection_created.connect(install, dispatch_uid="tenancy.scope")
        register(driver_is_psycopg2)
        register(database_isolates, "database")
