from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Who met which commitment: figures kept up by the outbox, dashboards, and reports for people without a seat."""

    name = "reporting"

    def ready(self) -> None:
        from catalogue.public import Panel, show_on_services
        from outbox.public import subscribe
        from reporting.services.follow import FOLLOWED_KINDS, follow, follow_all
        from tenancy.engine.words import word

        show_on_services(Panel(word("Demand"), "/reports/demand/?by=organisation&service={code}"))
        subscribe("figures", FOLLOWED_KINDS, follow, handle_all=follow_all)
