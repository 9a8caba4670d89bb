from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Service levels: targets, clocks, custody, replay."""

    name = "sla"

    def ready(self) -> None:
        from outbox.public import subscribe
        from records.public import follow_steps
        from sla.services.project import project_steps
        from sla.tasks import start_on_message

        follow_steps(project_steps)
        subscribe("what-if", frozenset({"what_if.requested"}), start_on_message)
