from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Governance: whether services and suppliers are ready to begin."""

    name = "governance"

    def ready(self) -> None:
        from catalogue.public import Panel, guard_services, show_on_services
        from governance.services.evidence_files import scan_evidence
        from governance.services.gate import keep_unready_back
        from outbox.public import subscribe
        from tenancy.engine.words import word

        subscribe("evidence-scan", frozenset({"evidence.added"}), scan_evidence)
        guard_services(keep_unready_back)
        show_on_services(Panel(word("Readiness"), "/admin/services/{code}/readiness/"))
