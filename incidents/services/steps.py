"""The steps of an incident's life, one function each. All raise what `Lifecycle.check` and `take_step` raise."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.lifecycle import INCIDENT, RESOLUTION_CODES
from incidents.models import Incident
from lifecycle.public import ForbiddenError, RuleError
from people.models import SupportGroup
from people.public import Actor, find_group, find_member, get_group, is_in_group
from records.models import Record
from records.public import Step, fact, take_step

LONGEST_WAIT = timedelta(days=731)


def assign(
    *,
    record: Record,
    support_group: str,
    assignee: str = "",
    work_note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """Hand the incident to a support group (by code) and, if named by e-mail, to one of its members.

    Raises RuleError for an unknown group, an unknown member, or one who is not in the group.
    """
    INCIDENT.check(record, actor, "assign", {"support_group": support_group})
    group = find_group(support_group)
    if group is None:
        raise RuleError(
            gettext("There is no such group."),
            fields={
                "support_group": gettext("No active group has the code %(code)s.")
                % {"code": repr(support_group)}
            },
        )
    member_id = None
    if assignee:
        member = find_member(assignee)
        if member is None or not is_in_group(membership_id=member.pk, group_id=group.pk):
            raise RuleError(
                gettext("The assignee is not in the group."),
                fields={
                    "assignee": gettext("No member of %(name)s has the e-mail address %(assignee)s.")
                    % {"name": group.name, "assignee": repr(assignee)}
                },
            )
        member_id = member.pk
    changes = _to_group(group) | {"state": "assigned", "assignee": member_id}
    return _step(record, "assign", changes, actor, at, seen_version, work_note=work_note, message="assigned")


def take(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Make the incident one's own and start work.

    The group that holds it stays when the actor is in it, else the incident comes to a group of the actor's.
    """
    INCIDENT.check(record, actor, "take", {})
    if actor.membership_id is None:
        raise ForbiddenError(gettext("Only a person can take an incident."), permission="incident:work")
    changes: dict[str, Any] = {"state": "in_progress", "assignee": actor.membership_id}
    if record.support_group_id not in actor.group_ids and actor.group_ids:
        group = get_group(min(actor.group_ids))
        if group is not None:
            changes |= _to_group(group)
    return _step(record, "take", changes, actor, at, seen_version, message="assigned")


def start(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Note that work began."""
    INCIDENT.check(record, actor, "start", {})
    return _step(record, "start", {"state": "in_progress"}, actor, at, seen_version)


def pend(
    *,
    record: Record,
    waiting_for: str,
    comment: str = "",
    reason: str = "",
    until: datetime | None = None,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """Wait for the `requester` (with a question, as a comment), a `provider` or a `change` (with a reason).

    `until` is the instant (UTC) for which what is waited for was promised: targets that say so count on from then.
    """
    name = f"pend_{waiting_for}"
    if name not in INCIDENT.transitions:
        raise RuleError(
            gettext("An incident waits for somebody."),
            fields={"waiting_for": gettext("Use requester, provider or change.")},
        )
    step = INCIDENT.check(record, actor, name, {"comment": comment, "reason": reason})
    if until is not None and not at < until <= at + LONGEST_WAIT:
        raise RuleError(
            gettext("Nothing is waited for like this."),
            fields={"until": gettext("Use an instant still to come, within the next two years.")},
        )
    facts = {"reason": fact(None, reason)} if reason else {}
    if until is not None:
        facts["pending_until"] = fact(None, until)
    return _step(
        record,
        name,
        {"state": step.target},
        actor,
        at,
        seen_version,
        comment=comment,
        facts=facts,
        message="pended",
    )


def resume(
    *,
    record: Record,
    comment: str = "",
    work_note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """End the waiting: what was waited for has come."""
    INCIDENT.check(record, actor, "resume", {})
    return _step(
        record,
        "resume",
        {"state": "in_progress"},
        actor,
        at,
        seen_version,
        comment=comment,
        work_note=work_note,
        message="resumed",
    )


def resolve(
    *,
    record: Record,
    resolution_code: str,
    resolution: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """The service works again. `resolution` is told to the requester as a comment."""
    INCIDENT.check(record, actor, "resolve", {"resolution_code": resolution_code, "resolution": resolution})
    if resolution_code not in RESOLUTION_CODES:
        raise RuleError(
            gettext("There is no such resolution code."),
            fields={
                "resolution_code": gettext("Use one of %(choices)s.")
                % {"choices": ", ".join(RESOLUTION_CODES)}
            },
        )
    facts = {"resolution_code": fact(None, resolution_code)}
    with transaction.atomic():
        record = _step(
            record,
            "resolve",
            {"state": "resolved"},
            actor,
            at,
            seen_version,
            comment=resolution,
            facts=facts,
            message="resolved",
        )
        Incident.objects.filter(pk=record.pk).update(resolution_code=resolution_code, resolution=resolution)
    return record


def reopen(
    *, record: Record, comment: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """It is not fixed: back to the group that resolved it, and its resolution clock runs on."""
    INCIDENT.check(record, actor, "reopen", {"comment": comment})
    return _step(
        record, "reopen", {"state": "assigned"}, actor, at, seen_version, comment=comment, message="reopened"
    )


def confirm(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """The requester says that it is fixed: closed."""
    INCIDENT.check(record, actor, "confirm", {})
    if actor.membership_id != record.requester_id:
        raise ForbiddenError(
            gettext("Only the requester can confirm the fix."), permission="incident:confirm"
        )
    return _step(record, "confirm", {"state": "closed"}, actor, at, seen_version, message="closed")


def close(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Close a resolved incident, by hand or by the timer."""
    INCIDENT.check(record, actor, "close", {})
    return _step(record, "close", {"state": "closed"}, actor, at, seen_version, message="closed")


def cancel(
    *, record: Record, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """End an incident that is none, or no longer wanted."""
    INCIDENT.check(record, actor, "cancel", {"reason": reason})
    facts = {"reason": fact(None, reason)}
    return _step(
        record, "cancel", {"state": "cancelled"}, actor, at, seen_version, facts=facts, message="cancelled"
    )


def _to_group(group: SupportGroup) -> dict[str, Any]:
    return {"support_group": group.pk, "provider": group.provider_id}


def _step(
    record: Record,
    name: str,
    changes: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    seen_version: int | None,
    *,
    comment: str = "",
    work_note: str = "",
    facts: Mapping[str, Any] | None = None,
    message: str = "changed",
) -> Record:
    step = Step(
        verb=f"incident:{name}",
        changes=changes,
        comment=comment,
        work_note=work_note,
        facts=facts or {},
        message=message,
    )
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)
