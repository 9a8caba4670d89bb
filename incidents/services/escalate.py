"""What a rule does to an incident when a target's time runs out. The audit says door `rule`, target and percent."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.lifecycle import INCIDENT
from incidents.models import Incident
from lifecycle.public import RuleError
from people.public import Actor, find_group
from records.models import Record
from records.public import Step, fact, take_step
from sla.public import Cause

HIGHEST_PRIORITY = 1


def escalate_priority(*, record: Record, because: Cause, actor: Actor, at: datetime) -> Record:
    """Raise the priority by one; from now on it is set by hand, or the matrix would take it back.

    Raises RuleError when it is the highest already, or the incident has none; and what `take_step` raises.
    """
    INCIDENT.check(record, actor, "classify", {})
    if record.priority is None or record.priority <= HIGHEST_PRIORITY:
        raise RuleError(
            gettext("The priority is the highest already.")
            if record.priority
            else gettext("There is no priority.")
        )
    with transaction.atomic():
        step = Step(
            verb="incident:escalate",
            changes={"priority": record.priority - 1},
            facts=_cause(because),
            message="classified",
        )
        record = take_step(record=record, step=step, actor=actor, at=at)
        Incident.objects.filter(pk=record.pk).update(is_priority_overridden=True)
    return record


def escalate_to_group(
    *, record: Record, support_group: str, because: Cause, actor: Actor, at: datetime
) -> Record:
    """Hand the incident to a support group (by code), assigned to nobody.

    Raises RuleError when the group has it already or is none; and what `take_step` raises.
    """
    INCIDENT.check(record, actor, "assign", {"support_group": support_group})
    group = find_group(support_group)
    if group is None:
        raise RuleError(gettext("No active group has the code %(code)s.") % {"code": repr(support_group)})
    if group.pk == record.support_group_id:
        raise RuleError(gettext("The group has it already."))
    changes: dict[str, Any] = {
        "support_group": group.pk,
        "provider": group.provider_id,
        "state": "assigned",
        "assignee": None,
    }
    step = Step(verb="incident:escalate", changes=changes, facts=_cause(because), message="assigned")
    return take_step(record=record, step=step, actor=actor, at=at)


def _cause(because: Cause) -> dict[str, Any]:
    return {"target": fact(None, because.target), "percent": fact(None, because.percent)}
