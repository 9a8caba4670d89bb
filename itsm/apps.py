from django.apps import AppConfig


class ItsmConfig(AppConfig):
    """Composition root: settings, addresses, commands of the whole."""

    name = "itsm"

    def ready(self) -> None:
        from itsm.celery import app

        # Whichever process sends a task must know the broker, and who carries the tenant.
        app.set_default()
