"""Background work on approvals."""

from celery import shared_task
from django.utils import timezone

from approvals.queries.levels import due_approvals, tenants_with_due, who_lost_approvers
from approvals.services.delegations import show_what_begins
from approvals.services.questions import answered
from approvals.services.tending import look_at_due, replace_who_left
from outbox.public import Delivered
from people.public import all_tenants, system_actor, today_in_tenant
from tenancy.engine.words import word
from tenancy.public import tenant_scope

DUE_MOST = 200
_BY = word("Approvals")


@shared_task(name="approvals.look_at_due")
def look_at_due_approvals() -> int:
    """Remind and escalate what is due, tenant by tenant. Harmless to run twice."""
    done = 0
    for tenant_id in tenants_with_due(timezone.now()):
        with tenant_scope(tenant_id, actor="system:approvals"):
            actor = system_actor(tenant_id, name=_BY, door="rule")
            for approval_id in due_approvals(timezone.now(), most=DUE_MOST):
                done += bool(look_at_due(approval_id=approval_id, actor=actor, at=timezone.now()))
    return done


@shared_task(name="approvals.mend")
def mend_approvals() -> int:
    """Ask others in the place of who left, and show delegates what waits, tenant by tenant. Harmless to run twice."""
    done = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:approvals"):
            actor = system_actor(tenant.pk, name=_BY, door="rule")
            for approval_id in who_lost_approvers(most=DUE_MOST):
                done += replace_who_left(approval_id=approval_id, actor=actor, at=timezone.now())
            show_what_begins(day=today_in_tenant(actor, timezone.now()))
    return done


def answer_on_message(message: Delivered) -> None:
    """Outbox handler: something was said about a record, which may answer an approver's question."""
    if message.record_id is not None:
        answered(record_id=message.record_id, entry=str(message.payload["entry"]))
