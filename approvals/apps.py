from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Who approves what, in which order, in whose stead, and what they decided."""

    name = "approvals"

    def ready(self) -> None:
        from approvals.services.gate import faults_of_approvers
        from approvals.tasks import answer_on_message
        from catalogue.public import guard_offerings
        from outbox.public import subscribe

        guard_offerings(faults_of_approvers)
        subscribe("approvals-answered", frozenset({"request.commented"}), answer_on_message)
