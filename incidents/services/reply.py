"""Words on an incident, and what a requester's words set off."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from lifecycle.public import RuleError
from people.public import Actor
from records.models import Record
from records.public import Step, add_work_note, checked_body, require, require_seen, take_step


def comment(
    *, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Say something that the requester sees.

    The requester's own comment ends the waiting for them, and reopens a resolved incident within its window.
    Raises RuleError for an empty or over-long text, and on a closed or cancelled incident; StaleVersionError when the
    actor saw another version.
    """
    require(actor, "incident:comment")
    text = checked_body(body)
    if record.phase == "closed":
        # Who saw it open is told first that it changed, and what changed.
        require_seen(record=record, seen_version=seen_version)
        raise RuleError(gettext("The incident is closed. Report a new one and refer to this number."))
    changes: dict[str, Any] = {}
    verb, message = "incident:comment", "commented"
    if actor.membership_id is not None and actor.membership_id in (
        record.requester_id,
        record.affected_user_id,
    ):
        back = "in_progress" if record.assignee_id else "assigned"
        if record.state == "pending_requester":
            changes = {"state": back}
        elif record.state == "resolved":
            changes, verb, message = {"state": "assigned"}, "incident:reopen", "reopened"
    step = Step(verb=verb, changes=changes, comment=text, message=message)
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)


def note(*, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Tell those who work the incident something."""
    require(actor, "incident:note")
    return add_work_note(record=record, body=body, actor=actor, at=at, seen_version=seen_version)
