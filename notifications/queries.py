"""Reads of mail, and of what a message of the outbox tells of. The tenant of the message is in scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from lifecycle.public import NotFoundError
from notifications.models import Enclosure, Mail
from notifications.policy import Reader, may_read_mailbox
from outbox.public import Delivered
from people.models import Membership, MembershipRole
from people.public import Actor, actor_of_person
from records.models import AuditEntry, Comment, Record, RecordPerson
from records.public import Viewpoint, viewer_of, visible_to
from sla.public import ClockView
from tenancy.public import compiled

_PART_OF = {
    RecordPerson.Reason.REQUESTER: Reader.REQUESTER,
    RecordPerson.Reason.AFFECTED: Reader.AFFECTED,
    RecordPerson.Reason.WATCHER: Reader.WATCHER,
}


class Audience(NamedTuple):
    """Of a record, what decides which open pages hear of it."""

    id: UUID
    is_restricted: bool
    support_group_id: UUID | None


def audiences_of(messages: Iterable[Delivered]) -> dict[UUID, Audience]:
    """The audiences of the messages' records, by record; none of a record that is gone."""
    return {row.id: Audience(*row) for row in _audiences(keys=_records_in(messages))}


@compiled
def _audiences(*, keys: Collection[UUID]) -> QuerySet[Record, Any]:
    return Record.objects.filter(pk__among=keys).values_list(*Audience._fields, named=True)


def records_of(messages: Iterable[Delivered]) -> dict[UUID, Record]:
    """The messages' records, by key, with what a letter says of them."""
    return {record.pk: record for record in _records(keys=_records_in(messages))}


@compiled
def _records(*, keys: Collection[UUID]) -> QuerySet[Record]:
    return Record.objects.select_related("service", "support_group", "assignee__person").filter(
        pk__among=keys
    )


def _records_in(messages: Iterable[Delivered]) -> list[UUID]:
    return [message.record_id for message in messages if message.record_id is not None]


def steps_of_messages(messages: Iterable[Delivered]) -> dict[int, AuditEntry]:
    """The step that each message tells of, by message; a message about a clock tells of none."""
    entries = {
        message.message_id: UUID(message.payload["entry"]) for message in messages if _entry_of(message)
    }
    if not entries:
        return {}
    found = {entry.pk: entry for entry in _entries(keys=list(entries.values()))}
    return {message_id: found[key] for message_id, key in entries.items() if key in found}


def _entry_of(message: Delivered) -> Any:
    return message.payload.get("entry")


@compiled
def _entries(*, keys: Collection[UUID]) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(pk__among=keys)


def former_group_of(step: AuditEntry | None) -> str | None:
    """The group that the record left in this step, if it left one."""
    pair = step.facts.get("support_group") if step else None
    return pair[0] if pair else None


def comments_of_steps(steps: Iterable[AuditEntry]) -> dict[str, Comment]:
    """What steps said to the requester, by key. Work notes are of another type, which nothing here reads."""
    said = [step.facts.get("comment") for step in steps]
    keys = [UUID(key) for key in said if isinstance(key, str)]
    return {str(comment.pk): comment for comment in _comments(keys=keys)} if keys else {}


@compiled
def _comments(*, keys: Collection[UUID]) -> QuerySet[Comment]:
    return Comment.objects.filter(pk__among=keys)


def customers_of(records: Iterable[UUID]) -> dict[UUID, list[tuple[Reader, Membership]]]:
    """Whose records they are: requester, then affected user, then watchers by name; inactive members left out."""
    order = list(_PART_OF.values())
    found: dict[UUID, list[tuple[Reader, Membership]]] = defaultdict(list)
    for person in _persons(records=list(records)):
        part = _PART_OF.get(RecordPerson.Reason(person.reason))
        if part is not None and person.membership.is_active:
            found[person.record_id].append((part, person.membership))
    for parts in found.values():
        parts.sort(key=lambda pair: (order.index(pair[0]), pair[1].name))
    return found


@compiled
def _persons(*, records: Collection[UUID]) -> QuerySet[RecordPerson]:
    return RecordPerson.objects.select_related("membership__person").filter(record_id__among=records)


def members_with_role(code: str) -> list[Membership]:
    """The active members who have the role with this code, by name."""
    return [row.membership for row in _roles_held(code=code)] if code else []


def members_with(keys: Iterable[str]) -> list[Membership]:
    """The active members with these keys, by name."""
    wanted = [UUID(key) for key in keys]
    return list(_members(keys=wanted)) if wanted else []


@compiled
def _members(*, keys: Collection[UUID]) -> QuerySet[Membership]:
    active = Membership.objects.select_related("person").filter(pk__among=keys, is_active=True)
    return active.order_by("name", "id")


def members_who_rule() -> list[Membership]:
    """The active members who rule on disputes, by name: never a supplier's, whoever gave them the permission."""
    return _holding(role__permissions__contains=["sla:rule"], role__reach="all")


def members_who_contest(provider: str) -> list[Membership]:
    """The active members who may contest for the provider with this key, by name; none for ""."""
    if not provider:
        return []
    return _holding(role__permissions__contains=["sla:contest"], membership__provider=provider)


def _holding(**conditions: Any) -> list[Membership]:
    held = MembershipRole.objects.filter(membership__is_active=True, **conditions)
    rows = held.select_related("membership__person").order_by("membership__name", "membership_id")
    return list({row.membership_id: row.membership for row in rows}.values())


@compiled
def _roles_held(*, code: str) -> QuerySet[MembershipRole]:
    held = MembershipRole.objects.filter(role__code=code, membership__is_active=True)
    return held.select_related("membership__person").order_by("membership__name", "membership_id")


def who_see(pairs: Iterable[tuple[Membership, UUID]], *, tenant_id: int) -> set[tuple[UUID, UUID]]:
    """Of pairs of a member and a record, those (by their keys) where the member may see the record now.

    Who may not see a record never hears of it either.
    """
    wanted: dict[UUID, tuple[Membership, list[UUID]]] = {}
    for member, record in pairs:
        wanted.setdefault(member.pk, (member, []))[1].append(record)
    seen: set[tuple[UUID, UUID]] = set()
    for member, records in wanted.values():
        actor = actor_of_person(member.person_id, tenant_id=tenant_id, door="mail")
        if actor is not None:
            keys = _visible(actor.reach, keys=records, **viewer_of(actor))
            seen |= {(member.pk, key) for key in keys}
    return seen


@compiled
def _visible(reach: str, *, keys: Collection[UUID], **viewer: Any) -> QuerySet[Record, UUID]:
    records = visible_to(Viewpoint(reach, **viewer), Record.objects.filter(pk__among=keys))
    return records.values_list("pk", flat=True)


def promised_at(clocks: Iterable[ClockView]) -> datetime | None:
    """When the requester was promised a solution, or what they asked for (UTC): the due instant of that SLA."""
    due = [
        clock.due_at
        for clock in clocks
        if clock.kind == "sla"
        and clock.metric in ("resolution", "fulfilment")
        and clock.state == "running"
        and clock.due_at
    ]
    return min(due, default=None)


def clock_told(clocks: Iterable[ClockView], message: Delivered) -> ClockView | None:
    """The clock that a warning or breach tells of, among its record's as of the message.

    None when it ended or no longer applies.
    """
    told = message.payload
    for clock in clocks:
        if (clock.code, clock.kind, clock.metric) == (told["code"], told["kind"], told["metric"]):
            if told.get("matched_at", clock.matched_at.timestamp()) != clock.matched_at.timestamp():
                # Another cycle, or another time that the target came to apply.
                continue
            if message.kind == "clock.escalated":
                return clock
            still = ("running",) if message.kind == "clock.warned" else ("running", "paused", "stopped")
            if clock.state in still and (message.kind == "clock.warned" or clock.is_breached):
                return clock
    return None


def mails_of(messages: Collection[int]) -> dict[int, list[Mail]]:
    """The mails written about messages of the outbox, by message, in the order they were written."""
    found: dict[int, list[Mail]] = defaultdict(list)
    for mail in _mails(messages=list(messages)) if messages else ():
        found[mail.outbox_message].append(mail)
    return found


@compiled
def _mails(*, messages: Collection[int]) -> QuerySet[Mail]:
    return Mail.objects.filter(outbox_message__among=messages).order_by("id")


def enclosures_of(message: int) -> list[Enclosure]:
    """The files that go with the mails about a message of the outbox, by name."""
    return list(Enclosure.objects.filter(outbox_message=message).order_by("name"))


def mailbox(actor: Actor) -> QuerySet[Mail]:
    """The tenant's mails about no record, or one that the actor may see. Raises ForbiddenError without mail:read."""
    may_read_mailbox(actor)
    seen = visible_to(actor, Record.objects.all()).values("pk")
    return Mail.objects.filter(Q(record__in=seen) | Q(record=None)).select_related("record")


def get_mail(actor: Actor, mail_id: UUID) -> Mail:
    """One mail. Raises ForbiddenError without mail:read, NotFoundError when there is none the actor may see."""
    mail = mailbox(actor).filter(pk=mail_id).first()
    if mail is None:
        raise NotFoundError(gettext("There is no such mail."))
    return mail
