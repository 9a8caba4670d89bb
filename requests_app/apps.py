from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Request fulfilment: orders, requests, approvals, tasks, automation."""

    name = "requests_app"

    def ready(self) -> None:
        from approvals.public import Approvable, Ending, register_approvable
        from catalogue.public import guard_offerings, offer_automations, promise_plans
        from outbox.public import subscribe
        from records.public import Kind, register_kind
        from requests_app.lifecycle import REQUEST, TASK
        from requests_app.queries.automations import offered_automations
        from requests_app.queries.promises import promised_for_tasks
        from requests_app.services.exchanged import EXCHANGED
        from requests_app.services.plan_gate import check_plan
        from requests_app.tasks import (
            advance_on_message,
            begin_on_message,
            cancel_on_message,
            put_right_on_message,
            run_on_message,
            test_on_message,
        )
        from suppliers.public import exchange_process
        from tenancy.engine.words import word

        exchange_process(EXCHANGED)
        register_kind(
            Kind(code="request", prefix="REQ", feed="requests", label=word("Request"), lifecycle=REQUEST)
        )
        register_kind(
            Kind(code="task", prefix="TSK", feed="tasks", label=word("Fulfilment task"), lifecycle=TASK)
        )
        register_approvable(
            Approvable(
                kind="request",
                asks="ask_approval",
                approved=Ending(step="begin", message="begun"),
                rejected=Ending(step="reject", message="rejected"),
            )
        )
        guard_offerings(check_plan)
        offer_automations(offered_automations)
        promise_plans(promised_for_tasks)
        subscribe("requests-advance", frozenset({"request.opened"}), advance_on_message)
        subscribe("tasks-begin", frozenset({"request.begun"}), begin_on_message)
        subscribe("tasks-cancel", frozenset({"request.cancelled"}), cancel_on_message)
        subscribe("tasks-put-right", frozenset({"request.reopened"}), put_right_on_message)
        subscribe("tasks-run", frozenset({"task.run_due"}), run_on_message)
        subscribe("hooks-test", frozenset({"hook.test_asked"}), test_on_message)
