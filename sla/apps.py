from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Service levels: targets, clocks, custody, replay, composition."""

    name = "sla"

    def ready(self) -> None:
        from catalogue.public import guard_services
        from records.public import follow_steps
        from sla.services.impact import judge_contract_terms
        from sla.services.project import project_steps
        from sla.services.promises import keep_promises
        from suppliers.public import judge_terms

        follow_steps(project_steps)
        guard_services(keep_promises)
        judge_terms(judge_contract_terms)
