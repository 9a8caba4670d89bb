"""Reads of mail, and of what a message of the outbox tells of. The tenant of the message is in scope."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from lifecycle.public import NotFoundError
from notifications.models import Mail
from notifications.policy import Reader, may_read_mailbox
from outbox.public import Delivered
from people.models import Membership
from people.public import Actor, actor_of_person
from records.models import AuditEntry, Comment, Record, RecordPerson
from records.public import get_record_by_id, persons_of, visible_to
from sla.public import ClockView, clocks_of

_PART_OF = {
    RecordPerson.Reason.REQUESTER: Reader.REQUESTER,
    RecordPerson.Reason.AFFECTED: Reader.AFFECTED,
    RecordPerson.Reason.WATCHER: Reader.WATCHER,
}


def record_of(message: Delivered) -> Record | None:
    """The record that a message tells of, with what a letter says of it."""
    if message.record_id is None:
        return None
    records = Record.objects.select_related("service", "support_group", "assignee__person")
    return records.filter(pk=message.record_id).first()


def step_of(message: Delivered) -> AuditEntry | None:
    """The step that a message tells of; None when it tells of a clock."""
    entry = message.payload.get("entry")
    return AuditEntry.objects.filter(pk=entry).first() if entry else None


def former_groups_of(message: Delivered) -> list[str]:
    """The group that the record left in this step, if it left one."""
    step = step_of(message)
    old = step.facts.get("support_group", [None, None])[0] if step else None
    return [old] if old else []


def comment_of(step: AuditEntry | None) -> Comment | None:
    """What a step said to the requester. Work notes are of another type, which nothing here reads."""
    said = step.facts.get("comment") if step else None
    return Comment.objects.filter(pk=said).first() if isinstance(said, str) else None


def customers_of(record_id: UUID) -> list[tuple[Reader, Membership]]:
    """Whose record it is: requester, then affected user, then watchers by name; inactive members left out."""
    order = list(_PART_OF.values())
    found = [
        (_PART_OF[RecordPerson.Reason(person.reason)], person.membership)
        for person in persons_of(record_id)
        if person.membership.is_active
    ]
    return sorted(found, key=lambda pair: (order.index(pair[0]), pair[1].name))


def may_see(member: Membership, record: Record, *, tenant_id: int) -> bool:
    """Whether a member may see a record now: who may not never hears of it either."""
    actor = actor_of_person(member.person_id, tenant_id=tenant_id, door="mail")
    return actor is not None and get_record_by_id(actor, record.pk) is not None


def promised_at(record: Record, at: datetime) -> datetime | None:
    """When the requester was promised a solution, as of `at` (UTC): the resolution SLA's due instant."""
    due = [
        clock.due_at
        for clock in clocks_of(record, at)
        if (clock.kind, clock.metric) == ("sla", "resolution") and clock.state == "running" and clock.due_at
    ]
    return min(due, default=None)


def clock_told(record: Record, message: Delivered) -> ClockView | None:
    """The clock that a warning or breach tells of, as it stands; None when it ended or no longer applies."""
    told = message.payload
    for clock in clocks_of(record, message.at):
        if (clock.code, clock.kind, clock.metric) == (told["code"], told["kind"], told["metric"]):
            still = ("running",) if message.kind == "clock.warned" else ("running", "paused", "stopped")
            if clock.state in still and (message.kind == "clock.warned" or clock.is_breached):
                return clock
    return None


def mails_of(message_id: int) -> list[Mail]:
    """The mails written about a message of the outbox, in the order they were written."""
    return list(Mail.objects.filter(outbox_message=message_id).order_by("id"))


def mailbox(actor: Actor) -> QuerySet[Mail]:
    """The tenant's mails about records that the actor may see. Raises ForbiddenError without mail:read."""
    may_read_mailbox(actor)
    seen = visible_to(actor, Record.objects.all()).values("pk")
    return Mail.objects.filter(record__in=seen).select_related("record")


def get_mail(actor: Actor, mail_id: UUID) -> Mail:
    """One mail. Raises ForbiddenError without mail:read, NotFoundError when there is none the actor may see."""
    mail = mailbox(actor).filter(pk=mail_id).first()
    if mail is None:
        raise NotFoundError("There is no such mail.")
    return mail
