"""Watchers and links."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import RuleError
from people.public import Actor
from records.models import Link, Record, RecordPerson
from records.services.step import Step, take_step


def watch(*, record: Record, membership_id: UUID, actor: Actor, at: datetime) -> Record:
    """Let a member follow a record: they see it and hear of it. Already watching changes nothing."""
    if RecordPerson.objects.filter(record=record, membership=membership_id, reason="watcher").exists():
        return record
    with transaction.atomic():
        record = take_step(
            record=record,
            step=Step(verb=f"{record.kind}:watch", facts={"watcher": [None, str(membership_id)]}),
            actor=actor,
            at=at,
        )
        RecordPerson.objects.create(record=record, membership_id=membership_id, reason="watcher")
    return record


def stop_watching(*, record: Record, membership_id: UUID, actor: Actor, at: datetime) -> Record:
    """End a member's watching. Not watching changes nothing."""
    with transaction.atomic():
        gone, _ = RecordPerson.objects.filter(
            record=record, membership=membership_id, reason="watcher"
        ).delete()
        if gone:
            step = Step(verb=f"{record.kind}:unwatch", facts={"watcher": [str(membership_id), None]})
            record = take_step(record=record, step=step, actor=actor, at=at)
    return record


def link(
    *,
    record: Record,
    target: Record,
    type: str,  # noqa: A002  the domain's word
    actor: Actor,
    at: datetime,
) -> Link:
    """Link two records that the actor may see. Raises RuleError for a link to itself, a twin, or an unknown type."""
    if type not in Link.Type.values:
        raise RuleError(
            gettext("No such link."),
            fields={"type": gettext("Use one of %(choices)s.") % {"choices": ", ".join(Link.Type.values)}},
        )
    if record.pk == target.pk:
        raise RuleError(
            gettext("A record cannot be linked to itself."),
            fields={"target": gettext("Choose another record.")},
        )
    if Link.objects.filter(source=record, target=target, type=type).exists():
        raise RuleError(
            gettext("The records are linked so already."),
            fields={"target": gettext("Choose another record or link.")},
        )
    with transaction.atomic():
        made = Link.objects.create(source=record, target=target, type=type, linked_at=at)
        take_step(
            record=record,
            step=Step(verb=f"{record.kind}:link", facts={f"link:{type}": [None, target.number]}),
            actor=actor,
            at=at,
        )
    return made
