"""Asking before deciding: the question stands in the record's thread, and whoever answers there answers it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from approvals.models import Approval, Question
from approvals.policy import require_own_hand
from approvals.queries.levels import places_for
from approvals.services.asking import admit
from approvals.services.deciding import lock
from lifecycle.public import ForbiddenError
from outbox.public import publish
from people.public import Actor
from records.models import AuditEntry
from records.public import Step, checked_body, fact, take_step


def ask(
    *, approval_id: UUID, body: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Approval:
    """Ask the requester something before deciding, at `at` (UTC).

    Raises RuleError for empty or over-long words, ForbiddenError for those who are not asked to decide.
    """
    me = require_own_hand(actor)
    text = checked_body(body)
    with transaction.atomic():
        here = lock(approval_id, actor=actor, at=at, seen_version=seen_version)
        if not places_for(actor, here.approval, here.seats, at):
            raise ForbiddenError(gettext("Only who is asked to decide asks."))
        admit(here.record, [me], at, actor)
        Question.objects.create(approval=here.approval, asked_by_id=me, asked_at=at)
        step = Step(
            verb=f"{here.record.kind}:ask",
            comment=text,
            facts={"approval": fact(None, here.approval.level["name"]["en"])},
            message="questioned",
        )
        take_step(record=here.record, step=step, actor=actor, at=at)
    return here.approval


def answered(*, record_id: UUID, entry: str) -> int:
    """Somebody said something about a record, in the step with this audit entry: questions of others are answered.

    Who asked them hears of it. Says how many. Harmless to do twice.
    """
    said = AuditEntry.objects.get(pk=entry)
    at = said.at
    with transaction.atomic():
        rows = list(
            Question.objects.select_for_update(of=("self",))
            .filter(
                approval__record=record_id,
                approval__state=Approval.State.ASKED,
                answered_at__isnull=True,
                asked_at__lt=at,
            )
            .exclude(asked_by=said.actor_id)
        )
        for row in rows:
            row.answered_at = at
            row.save(update_fields=["answered_at"])
            publish(
                kind="approval.answered",
                record_id=record_id,
                at=at,
                payload={"approval": str(row.approval_id), "members": [str(row.asked_by_id)]},
            )
    return len(rows)
