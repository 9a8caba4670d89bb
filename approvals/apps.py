from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Who approves what, in which order, in whose stead, and what they decided."""

    name = "approvals"

    def ready(self) -> None:
        from approvals.tasks import answer_on_message
        from outbox.public import subscribe

        subscribe("approvals-answered", frozenset({"request.commented"}), answer_on_message)
