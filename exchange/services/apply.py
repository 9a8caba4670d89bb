"""What a supplier's system says of an incident, as steps of ours."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from incidents import public as incidents
from incidents.public import INCIDENT
from lifecycle.public import RuleError
from people.models import SupportGroup
from people.public import Actor
from records.models import AuditEntry, Record
from records.public import Step, take_step
from suppliers.public import Said

_TITLE_MAX = 200
_WAITS = {"pending_requester": "requester", "pending_provider": "provider", "pending_change": "change"}
_BEGINS = ("new", "assigned")


def apply(*, record: Record, said: Said, heard: Any, actor: Actor, at: datetime) -> Record:
    """Bring an incident to what was said: fields, then state, then words, each by the step that people take.

    Raises RuleError naming both states where no step leads there, and what the steps raise.
    """
    if heard.reject:
        return _hand_back(record, heard.reject, actor, at)
    record = _fields(record, said, actor, at)
    comment = heard.comment
    if said.state != record.state:
        record, comment = _to_state(record, said, comment, actor, at)
    if comment.strip():
        record = incidents.comment(record=record, body=comment, actor=actor, at=at)
    if heard.work_note.strip():
        record = incidents.note(record=record, body=heard.work_note, actor=actor, at=at)
    return record


def _fields(record: Record, said: Said, actor: Actor, at: datetime) -> Record:
    changes = {
        name: said.fields[name].strip()
        for name in ("title", "description")
        if name in said.fields and said.fields[name].strip() != getattr(record, name)
    }
    if not changes:
        return record
    if not 1 <= len(changes.get("title", "-")) <= _TITLE_MAX:
        words = gettext("Use 1 to %(most)s characters.") % {"most": _TITLE_MAX}
        raise RuleError(words, fields={"title": words})
    return take_step(record=record, step=Step(verb="incident:update", changes=changes), actor=actor, at=at)


def _to_state(  # noqa: PLR0911  one for each step
    record: Record, said: Said, comment: str, actor: Actor, at: datetime
) -> tuple[Record, str]:
    """The step to a state; returns the words that are left to say."""
    state = said.state
    about: dict[str, Any] = {"record": record, "actor": actor, "at": at}
    if state == "in_progress":
        if record.state in _BEGINS:
            return incidents.start(**about), comment
        if record.phase == "pending":
            return incidents.resume(**about, comment=comment), ""
    if state in _WAITS and record.phase == "open":
        waits = _WAITS[state]
        given: dict[str, Any] = {"comment": comment} if waits == "requester" else {"reason": comment}
        return incidents.pend(**about, **given, waiting_for=waits), "" if waits == "requester" else comment
    if state == "resolved" and record.phase in ("open", "pending"):
        resolution = said.fields.get("resolution", "").strip() or comment
        code = said.fields.get("resolution_code", "").strip() or "other"
        done = incidents.resolve(**about, resolution_code=code, resolution=resolution)
        return done, "" if resolution == comment else comment
    if state in ("assigned", "in_progress") and record.state == "resolved":
        return incidents.reopen(**about, comment=comment), ""
    if state == "closed" and record.state == "resolved":
        return incidents.close(**about), comment
    if state == "cancelled" and record.phase in ("open", "pending"):
        return incidents.cancel(**about, reason=comment), ""
    words = gettext("From %(old)s there is no step to %(new)s.") % {
        "old": INCIDENT.states[record.state].label,
        "new": INCIDENT.states[state].label,
    }
    raise RuleError(words, fields={"state": words})


def _hand_back(record: Record, reason: str, actor: Actor, at: datetime) -> Record:
    """Back to the group that handed it over, with why."""
    entries = AuditEntry.objects.filter(record_id=record.pk).order_by("-version")
    for facts in entries.values_list("facts", flat=True):
        old, new = facts.get("support_group", (None, None))
        if old and new == str(record.support_group_id):
            group = SupportGroup.objects.filter(pk=old).first()
            if group is not None and group.provider_id != actor.provider_id:
                return incidents.assign(
                    record=record, support_group=group.code, work_note=reason, actor=actor, at=at
                )
    words = gettext("Nobody handed it over to you: hand it on to a group instead.")
    raise RuleError(words, fields={"reject": words})
