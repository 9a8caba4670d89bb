from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incident management: unplanned interruptions, from report to closure."""

    name = "incidents"

    def ready(self) -> None:
        from incidents.lifecycle import INCIDENT
        from records.public import Kind, register_kind

        register_kind(
            Kind(code="incident", prefix="INC", feed="incidents", label="Incident", lifecycle=INCIDENT)
        )
