from django.apps import AppConfig


class ItsmConfig(AppConfig):
    """The composition root: what joins apps that do not know each other."""

    name = "itsm"

    def ready(self) -> None:
        from itsm.celery import app
        from itsm.services.mail_reports import mail_report
        from outbox.public import subscribe
        from reporting.public import ISSUED

        # Whichever process sends a task must know the broker, and who carries the tenant.
        app.set_default()
        subscribe("reports", frozenset({ISSUED}), mail_report)
