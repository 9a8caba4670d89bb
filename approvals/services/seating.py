"""Who has a say at a level changes: it is handed on, or somebody else is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from approvals.engine.voting import hand_on as handed_on
from approvals.engine.voting import lacks_approvers
from approvals.models import Approval, Approver
from approvals.policy import ASSIGN, require_own_hand
from approvals.queries.levels import ballot_of, seats_in
from approvals.queries.people import barred_of, is_decider
from approvals.services.asking import Opened, admit, facts_of_asking, holder, seat_members, told
from approvals.services.deciding import Locked, lock
from lifecycle.public import ForbiddenError, MissingFieldError, RuleError
from people.models import Membership
from people.public import Actor, find_member
from records.public import Step, fact, require, take_step


def hand_on(
    *,
    approval_id: UUID,
    to: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Approval:
    """Let somebody else (by e-mail) decide this one instead, from `at` (UTC) on; to themselves takes it back.

    Raises RuleError for somebody who may not decide it, ForbiddenError for whom it was handed to or who stands in.
    """
    me = require_own_hand(actor)
    with transaction.atomic():
        here = lock(approval_id, actor=actor, at=at, seen_version=seen_version)
        own = [
            place
            for place, each in enumerate(here.seats)
            if each.member_id == me and not each.decision and not each.has_left
        ]
        if not own:
            raise ForbiddenError(gettext("Only whoever was asked hands it on."))
        member = _chosen(to, here)
        after = handed_on(ballot_of(here.approval, here.seats), own, to=str(member.pk))
        for place in own:
            to_other = after.seats[place].handed_to
            here.seats[place].handed_to = member if to_other else None
            here.seats[place].save(update_fields=["handed_to"])
        facts = {"approval_handed_to": fact(None, member.pk)}
        reseat(here, [member.pk], "hand_on", facts, actor, at, held_by=holder(here.approval))
    return here.approval


def assign_approver(
    *,
    approval_id: UUID,
    email: str,
    reason: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Approval:
    """Ask somebody more at a level, and say why: nobody else can decide it, or not in time.

    Raises ForbiddenError without the permission, RuleError for somebody who may not decide it or is asked already.
    """
    require(actor, ASSIGN)
    if not reason.strip():
        words = gettext("Say why somebody else is asked.")
        raise MissingFieldError(words, fields={"reason": words})
    with transaction.atomic():
        here = lock(approval_id, actor=actor, at=at, seen_version=seen_version)
        member = _chosen(email, here)
        held_by = holder(here.approval)
        seat(here, [(member.pk, Approver.Why.ASSIGNED)], at)
        facts = {"reason": fact(None, reason.strip())}
        reseat(here, [member.pk], "assign_approver", facts, actor, at, held_by=held_by)
    return here.approval


def _chosen(email: str, here: Locked) -> Membership:
    member = find_member(email)
    words = ""
    if member is None:
        words = gettext("Nobody here has the e-mail address %(email)s.") % {"email": repr(email)}
    elif member.pk in barred_of(here.record):
        words = gettext("Nobody decides about what is for themselves.")
    elif not is_decider(member.pk):
        words = gettext("%(name)s acts for a supplier and does not decide.") % {"name": member.name}
    if member is None or words:
        raise RuleError(words, fields={"email": words})
    return member


def seat(here: Locked, wanted: Sequence[tuple[UUID, str]], at: datetime) -> list[UUID]:
    """Seat those who have no say yet; who left and is asked again has theirs back. Returns who is new."""
    known = {each.member_id: each for each in here.seats}
    new = [(member, why) for member, why in wanted if member not in known]
    back = [known[member] for member, _ in wanted if member in known and known[member].has_left]
    for each in back:
        each.has_left = False
        each.save(update_fields=["has_left"])
    if new:
        seat_members(here.approval, new, at, start=len(here.seats))
        here.seats[:] = seats_in(here.approval)
    here.approval.lacks_approvers = lacks_approvers(ballot_of(here.approval, here.seats))
    if here.approval.party is None and wanted:
        here.approval.party = wanted[0][0]
    return [member for member, _ in new] + [each.member_id for each in back]


def reseat(
    here: Locked,
    members: Sequence[UUID],
    name: str,
    facts: dict[str, Any],
    actor: Actor,
    at: datetime,
    *,
    held_by: UUID | None,
) -> None:
    """Save the level, admit who was seated, and take the step that tells of it; `held_by` had custody before."""
    approval = here.approval
    approval.version += 1
    approval.save()
    opened = Opened(approval, admit(here.record, members, at, actor))
    step = Step(
        verb=f"{here.record.kind}:{name}",
        facts=facts_of_asking(held_by, opened) | facts,
        message="asked" if members else "changed",
        payload=told(opened) if members else {},
    )
    take_step(record=here.record, step=step, actor=actor, at=at)


def withdraw(*, record_id: UUID, at: datetime) -> int:
    """Nobody is asked about a record any more; how many levels that ended. Harmless to do twice."""
    rows = Approval.objects.filter(record=record_id, state__in=[Approval.State.ASKED, Approval.State.WAITING])
    return rows.update(state=Approval.State.WITHDRAWN, ended_at=at, next_at=None)
