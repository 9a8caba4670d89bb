"""Deciding: once, by whoever is entitled to, and what follows from it in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from approvals.engine.kinds import Ending, approvable
from approvals.engine.voting import APPROVED, ASKED, REJECTED, decide, lacks_approvers, verdict
from approvals.models import Approval, Approver
from approvals.policy import require_own_hand
from approvals.queries.levels import (
    ballot_of,
    get_approval,
    name_of,
    names_in_stead,
    places_for,
    seats_in,
)
from approvals.queries.people import barred_of
from approvals.services.asking import Opened, admit, facts_of_asking, holder, open_next, told
from lifecycle.public import ForbiddenError, IllegalStepError, MissingFieldError, RuleError, StaleVersionError
from people.public import Actor
from records.models import Record
from records.public import Step, fact, kind_of, take_step

REASON_MAX = 2000


@dataclass(frozen=True, slots=True)
class Locked:
    """A level and its record as they are now, nobody else changing either until the transaction ends."""

    approval: Approval
    record: Record
    seats: list[Approver]


def lock(approval_id: UUID, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Locked:
    """A level that is asked, locked. Call in a transaction.

    Raises NotFoundError, IllegalStepError when it is not asked any more, and StaleVersionError.
    """
    found = get_approval(actor, approval_id, at)
    record = Record.objects.select_for_update(no_key=True).get(pk=found.record_id)
    approval = Approval.objects.get(pk=approval_id)
    approval.record = record
    seats = seats_in(approval)
    if approval.state != ASKED:
        raise IllegalStepError(in_words(approval, seats), state=approval.state, action="decide", allowed=())
    if seen_version not in (None, approval.version):
        raise StaleVersionError(
            gettext("The approval changed after you read it. Nothing was saved."),
            seen=seen_version or 0,
            current=approval.version,
            changes=[],
        )
    return Locked(approval, record, seats)


def in_words(approval: Approval, seats: Sequence[Approver]) -> str:
    """Why a level can no longer be decided, naming who decided it."""
    last = max(
        (seat for seat in seats if seat.decision),
        key=lambda seat: (seat.decided_at, seat.place),
        default=None,
    )
    name = last.decided_by.name if last and last.decided_by else ""
    words = {
        APPROVED: gettext("%(name)s has approved this already."),
        REJECTED: gettext("%(name)s has rejected this already."),
    }
    if name and approval.state in words:
        return words[approval.state] % {"name": name}
    return gettext("Nobody is asked to decide this any more.")


def approve(
    *, approval_id: UUID, reason: str = "", actor: Actor, at: datetime, seen_version: int | None = None
) -> Approval:
    """Say yes at `at` (UTC), with every say that the actor has at this level. See `reject`."""
    return _decide(approval_id, APPROVED, reason, actor, at, seen_version)


def reject(
    *, approval_id: UUID, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Approval:
    """Say no at `at` (UTC), and why.

    Raises NotFoundError for an approval that is no business of the actor's, ForbiddenError for those whom it is for,
    IllegalStepError when it was decided or taken back meanwhile, MissingFieldError without a reason, StaleVersionError.
    """
    if not reason.strip():
        words = gettext("Say why, so that the person who asked knows what to do.")
        raise MissingFieldError(words, fields={"reason": words})
    return _decide(approval_id, REJECTED, reason, actor, at, seen_version)


def _decide(
    approval_id: UUID, decision: str, reason: str, actor: Actor, at: datetime, seen_version: int | None
) -> Approval:
    me = require_own_hand(actor)
    if len(reason) > REASON_MAX:
        words = gettext("Use %(most)s characters at most.") % {"most": REASON_MAX}
        raise RuleError(words, fields={"reason": words})
    with transaction.atomic():
        here = lock(approval_id, actor=actor, at=at, seen_version=seen_version)
        places = places_for(actor, here.approval, here.seats, at)
        if not places:
            raise _not_theirs(here, actor)
        for place in places:
            seat = here.seats[place]
            seat.decision, seat.decided_by_id, seat.decided_at = decision, me, at
            seat.reason = reason.strip()
            seat.save(update_fields=["decision", "decided_by", "decided_at", "reason"])
        after = decide(ballot_of(here.approval, here.seats), places, person=str(me), decision=decision)
        held_by = holder(here.approval)
        here.approval.lacks_approvers = lacks_approvers(after)
        admit(here.record, [me], at, actor)
        facts: dict[str, Any] = {
            "approval": fact(None, here.approval.level["name"]["en"]),
            "decision": fact(None, decision),
        }
        stead = names_in_stead(actor, here.seats, places)
        if stead:
            facts["in_stead_of"] = fact(None, ", ".join(stead))
        if reason.strip():
            facts["reason"] = fact(None, reason.strip())
        verb = f"{here.record.kind}:{'approve' if decision == APPROVED else 'reject'}"
        _follow(here, verdict(after), held_by, Step(verb=verb, facts=facts), actor, at)
    return here.approval


def _follow(here: Locked, outcome: str, held_by: UUID | None, step: Step, actor: Actor, at: datetime) -> None:
    """What comes after a decision: nothing yet, the next level, or the end of it."""
    approval, record = here.approval, here.record
    approval.version += 1
    if outcome != ASKED:
        approval.state, approval.ended_at, approval.next_at = outcome, at, None
    approval.save()
    opened = Opened(approval if outcome == ASKED else None, ())
    changes: dict[str, Any] = {}
    message = "changed"
    if outcome == REJECTED:
        waiting = Approval.objects.filter(record=record, state=Approval.State.WAITING)
        waiting.update(state=Approval.State.WITHDRAWN, ended_at=at)
        changes, message = _end(record, approvable(record.kind).rejected)
    elif outcome == APPROVED:
        opened = open_next(
            record, list(Approval.objects.filter(record=record).order_by("position")), at, actor
        )
        if opened.level is not None:
            message = "asked"
        else:
            changes, message = _end(record, approvable(record.kind).approved)
    facts = dict(step.facts) | facts_of_asking(held_by, opened)
    payload = told(opened) if opened.members else {}
    whole = replace(step, changes=changes, facts=facts, message=message, payload=payload)
    take_step(record=record, step=whole, actor=actor, at=at)


def _end(record: Record, ending: Ending) -> tuple[dict[str, Any], str]:
    step = kind_of(record.kind).lifecycle.transitions[ending.step]
    if record.state not in step.sources:
        raise IllegalStepError(
            gettext("Nobody is asked to decide this any more."),
            state=record.state,
            action=ending.step,
            allowed=(),
        )
    return {"state": step.target}, ending.message


def _not_theirs(here: Locked, actor: Actor) -> Exception:
    if actor.membership_id in barred_of(here.record):
        return ForbiddenError(gettext("Nobody decides about what is for themselves."))
    if any(seat.decided_by_id == actor.membership_id for seat in here.seats):
        return IllegalStepError(
            gettext("You have decided this already."), state=here.approval.state, action="decide", allowed=()
        )
    return ForbiddenError(
        gettext("You are not asked at the level %(name)s.") % {"name": repr(name_of(here.approval))}
    )
