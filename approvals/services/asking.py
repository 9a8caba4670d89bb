"""Asking for approval: a record's levels are opened one after another, each with whom its words come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from approvals.engine.kinds import approvable
from approvals.models import Approval, Approver
from approvals.queries.people import Asked, delegates_of, people_asked
from calendars.public import due_after
from catalogue.public import Level, read_level
from people.public import Actor, today_in_tenant
from records.models import Record, RecordPerson
from records.public import Step, fact, kind_of, take_step


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening levels came to: the level that is asked now, if any, and who was asked to decide at it."""

    level: Approval | None
    members: tuple[UUID, ...]

    @property
    def party(self) -> UUID | None:
        """Who has custody of the record now."""
        return holder(self.level) if self.level else None


def holder(level: Approval) -> UUID | None:
    """Who has custody of the record while this level is asked: while it lacks approvers nobody of them has."""
    return None if level.lacks_approvers else level.party


def ask_approval(*, record: Record, levels: Sequence[Level], actor: Actor, at: datetime) -> bool:
    """Ask for approval of a record by these levels at `at` (UTC); False when nobody need be asked, and nothing changed.

    A level that the requester could approve is passed over if its words say so. The record is held by whom it waits
    for. Call with the record locked.
    """
    if not levels:
        return False
    with transaction.atomic():
        rows = [
            Approval(
                record=record, position=place, level=level.notation, rule=level.rule, needed=level.quorum or 1
            )
            for place, level in enumerate(levels, start=1)
        ]
        Approval.objects.bulk_create(rows)
        opened = open_next(record, rows, at, actor)
        if opened.level is None:
            return False
        asks = kind_of(record.kind).lifecycle.check(record, actor, approvable(record.kind).asks, {})
        step = Step(
            verb=f"{record.kind}:{asks.name}",
            changes={"state": asks.target},
            facts=facts_of_asking(None, opened),
            message="asked",
            payload=told(opened),
        )
        take_step(record=record, step=step, actor=actor, at=at)
    return True


def open_next(record: Record, rows: Sequence[Approval], at: datetime, actor: Actor) -> Opened:
    """Open the first of the levels that wait, passing over those that need not be asked."""
    for row in rows:
        if row.state != Approval.State.WAITING:
            continue
        level = read_level(row.level)
        asked = people_asked(level.by, record)
        row.version += 1
        if level.skips_qualified and record.requester_id in asked.named:
            row.state, row.ended_at = Approval.State.SKIPPED, at
            row.save(update_fields=["state", "ended_at", "version"])
            continue
        members = _open(row, level, asked, record, at)
        return Opened(row, admit(record, members, at, actor))
    return Opened(None, ())


def _open(row: Approval, level: Level, asked: Asked, record: Record, at: datetime) -> tuple[UUID, ...]:
    seats = asked.seats
    if level.rule == "all":
        row.needed = max(1, len(seats))
    row.party = asked.party
    if len(seats) < row.needed and level.escalate_to:
        # Nobody waits for the time of escalation where there is nobody who could decide before it.
        instead = people_asked(level.escalate_to, record)
        known = dict(seats)
        seats += tuple((member, "escalated") for member, _ in instead.seats if member not in known)
        row.party = row.party or instead.party
    row.lacks_approvers = len(seats) < row.needed
    row.state, row.asked_at = Approval.State.ASKED, at
    hours = record.service.hours_id if record.service else None
    row.remind_at = due_after(hours, at, level.remind_after) if level.remind_after else None
    row.escalate_at = due_after(hours, at, level.escalate_after) if level.escalate_after else None
    row.next_at = min(filter(None, (row.remind_at, row.escalate_at)), default=None)
    row.save()
    seat_members(row, seats, at, start=0)
    return tuple(member for member, _ in seats)


def seat_members(row: Approval, seats: Sequence[tuple[UUID, str]], at: datetime, *, start: int) -> None:
    """Give each of these members a say at a level, after `start` others."""
    Approver.objects.bulk_create(
        [
            Approver(approval=row, member_id=member, why=why, place=place, seated_at=at)
            for place, (member, why) in enumerate(seats, start=start)
        ]
    )


def admit(record: Record, members: Sequence[UUID], at: datetime, actor: Actor) -> tuple[UUID, ...]:
    """Let approvers, and who decides in their stead today, see the record from now on; returns all of them."""
    stead = delegates_of(members, today_in_tenant(actor, at))
    wanted = set(members).union(*stead.values())
    RecordPerson.objects.bulk_create(
        [
            RecordPerson(record=record, membership_id=member, reason=RecordPerson.Reason.APPROVER)
            for member in sorted(wanted)
        ],
        ignore_conflicts=True,
    )
    return tuple(sorted(wanted))


def facts_of_asking(held_by: UUID | None, opened: Opened) -> dict[str, Any]:
    """What the audit says of a level that is asked: by whom the record is held, after `held_by`, and which level."""
    facts: dict[str, Any] = {}
    if opened.party != held_by:
        facts["approver"] = fact(held_by, opened.party)
    if opened.level is not None and opened.members:
        facts["approval_asked"] = fact(None, opened.level.level["name"]["en"])
    return facts


def told(opened: Opened) -> Mapping[str, Any]:
    """What the message says: at which level, and whom it asks."""
    if opened.level is None:
        return {}
    return {"approval": str(opened.level.pk), "members": [str(member) for member in opened.members]}
