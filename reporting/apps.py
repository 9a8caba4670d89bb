from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Who met which commitment: figures kept up by the outbox, dashboards, and reports for people without a seat."""

    name = "reporting"

    def ready(self) -> None:
        from outbox.public import subscribe
        from reporting.services.follow import FOLLOWED_KINDS, follow, follow_all

        subscribe("figures", FOLLOWED_KINDS, follow, handle_all=follow_all)
