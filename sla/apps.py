from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Service levels: targets, clocks, custody, replay, promises."""

    name = "sla"

    def ready(self) -> None:
        from catalogue.public import Panel, guard_services, show_on_services
        from outbox.public import subscribe
        from records.public import follow_steps
        from sla.engine.rule_actions import ESCALATES
        from sla.services.impact import judge_contract_terms
        from sla.services.project import project_steps
        from sla.services.promises import keep_promises
        from sla.tasks import escalate_point, start_on_message
        from suppliers.public import judge_terms
        from tenancy.engine.words import word

        follow_steps(project_steps)
        subscribe(ESCALATES, frozenset({"clock.warned", "clock.breached"}), escalate_point)
        subscribe("what-if", frozenset({"what_if.requested"}), start_on_message)
        guard_services(keep_promises)
        judge_terms(judge_contract_terms)
        show_on_services(Panel(word("Promises"), "/admin/services/{code}/promises/"))
