from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incident management: unplanned interruptions, from report to closure."""

    name = "incidents"

    def ready(self) -> None:
        from incidents.lifecycle import INCIDENT
        from incidents.services.escalate import escalate_priority, escalate_to_group
        from incidents.services.exchanged import EXCHANGED
        from records.public import Kind, register_kind
        from sla.public import RuleActions, register_rule_actions
        from suppliers.public import exchange_process
        from tenancy.engine.words import word

        exchange_process(EXCHANGED)
        register_kind(
            Kind(code="incident", prefix="INC", feed="incidents", label=word("Incident"), lifecycle=INCIDENT)
        )
        register_rule_actions(
            "incident", RuleActions(raise_priority=escalate_priority, reassign=escalate_to_group)
        )
