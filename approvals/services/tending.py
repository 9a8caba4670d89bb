"""What time and departures do to a level that is asked: reminders, escalation, others in the place of who left."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from approvals.engine.voting import lacks_approvers
from approvals.models import Approval, Approver
from approvals.queries.levels import ballot_of, seats_in
from approvals.queries.people import people_asked
from approvals.services.asking import holder
from approvals.services.deciding import Locked
from approvals.services.seating import reseat, seat
from calendars.public import due_after
from catalogue.public import read_level
from outbox.public import publish
from people.public import Actor
from records.models import Record
from records.public import fact


def look_at_due(*, approval_id: UUID, actor: Actor, at: datetime) -> str:
    """Do what is due of a level at `at` (UTC): remind, or escalate; says which. Harmless to do twice."""
    with transaction.atomic():
        here = _asked(approval_id)
        if here is None or here.approval.next_at is None or here.approval.next_at > at:
            return ""
        approval = here.approval
        if approval.escalate_at is not None and approval.escalate_at <= at:
            return _escalate(here, actor, at)
        return _remind(here, at)


def _escalate(here: Locked, actor: Actor, at: datetime) -> str:
    approval = here.approval
    held_by = holder(approval)
    level = read_level(approval.level)
    asked = people_asked(level.escalate_to, here.record)
    new = seat(here, [(member, Approver.Why.ESCALATED.value) for member, _ in asked.seats], at)
    approval.escalate_at = None
    approval.next_at = approval.remind_at
    facts = {"approval_escalated": fact(None, level.name["en"])}
    reseat(here, new, "escalate_approval", facts, actor, at, held_by=held_by)
    return "escalated"


def _remind(here: Locked, at: datetime) -> str:
    approval = here.approval
    level = read_level(approval.level)
    hours = here.record.service.hours_id if here.record.service else None
    # Counted from now: after an outage nobody is reminded of each time that was missed.
    approval.remind_at = due_after(hours, at, level.remind_after) if level.remind_after else None
    approval.next_at = min(filter(None, (approval.remind_at, approval.escalate_at)), default=None)
    approval.save(update_fields=["remind_at", "next_at"])
    waiting = [each for each in here.seats if not each.decision and not each.has_left]
    members = [str(each.handed_to_id or each.member_id) for each in waiting]
    publish(
        kind="approval.reminded",
        record_id=here.record.pk,
        at=at,
        payload={"approval": str(approval.pk), "members": members},
    )
    return "reminded"


def replace_who_left(*, approval_id: UUID, actor: Actor, at: datetime) -> bool:
    """Take the say of those who left, and ask whom the plan's words come to now if too few are there. False: none left.

    Harmless to do twice.
    """
    with transaction.atomic():
        here = _asked(approval_id)
        if here is None:
            return False
        approval = here.approval
        open_seats = [each for each in here.seats if not each.decision and not each.has_left]
        gone = [each for each in open_seats if not each.member.is_active]
        back = [each for each in open_seats if each.handed_to is not None and not each.handed_to.is_active]
        if not gone and not back:
            return False
        held_by = holder(approval)
        for each in gone:
            each.has_left = True
        for each in back:
            each.handed_to = None
        for each in {each.pk: each for each in (*gone, *back)}.values():
            each.save(update_fields=["has_left", "handed_to"])
        approval.lacks_approvers = lacks_approvers(ballot_of(approval, here.seats))
        new: list[UUID] = []
        if approval.lacks_approvers:
            level = read_level(approval.level)
            for names in (level.by, level.escalate_to):
                if approval.lacks_approvers:
                    new += seat(here, people_asked(names, here.record).seats, at)
        facts = {"approver_left": fact(None, ", ".join(each.member.name for each in gone))} if gone else {}
        reseat(here, new, "replace_approver", facts, actor, at, held_by=held_by)
    return True


def _asked(approval_id: UUID) -> Locked | None:
    """The level with its record locked, while it is asked."""
    key = Approval.objects.filter(pk=approval_id).values_list("record_id", flat=True).first()
    record = Record.objects.select_for_update(no_key=True).filter(pk=key).first() if key else None
    approval = Approval.objects.filter(pk=approval_id, state=Approval.State.ASKED).first()
    if record is None or approval is None:
        return None
    approval.record = record
    return Locked(approval, record, seats_in(approval))
