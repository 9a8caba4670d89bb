from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Service levels: targets, clocks, custody, replay."""

    name = "sla"

    def ready(self) -> None:
        from records.public import follow_steps
        from sla.services.project import project_steps

        follow_steps(project_steps)
