from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Service levels: targets, clocks, custody, replay."""

    name = "sla"

    def ready(self) -> None:
        from outbox.public import subscribe
        from records.public import follow_steps
        from sla.engine.rule_actions import ESCALATES
        from sla.services.project import project_steps
        from sla.tasks import escalate_point

        follow_steps(project_steps)
        subscribe(ESCALATES, frozenset({"clock.warned", "clock.breached"}), escalate_point)
